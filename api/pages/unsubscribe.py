"""`/unsubscribe/…`: from a reminder's foot. A mail program posts at one click (RFC 8058); a browser asks first."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.delivery.unsubscribing import PATH, meant
from api.pages.rendering import READ, html, render
from api.web.limits import address_of
from api.web.service import Service, service_of
from scheduler.errors import NotFound
from scheduler.notices.unsubscribing import Kind, unsubscribe

router = APIRouter(include_in_schema=False)


@router.api_route(f"{PATH}/{{signed}}", methods=READ)
async def ask(request: Request, signed: str) -> Response:
    """Asks with a button, since programs that look through mail follow links."""
    service = service_of(request)
    _, kind = _meant(service, signed)
    return await _page(service, kind, done=False)


@router.post(f"{PATH}/{{signed}}")
async def stop(request: Request, signed: str) -> Response:
    """Stops these reminders. Nobody signs in for it, so it is counted by address."""
    service = service_of(request)
    service.limits.unsigned(address_of(request, service.settings.trusted_proxies))
    person, kind = _meant(service, signed)
    await service.writer.act(lambda tx: unsubscribe(tx, person, kind))
    return await _page(service, kind, done=True)


def _meant(service: Service, signed: str) -> tuple[str, Kind]:
    found = meant(service.settings.secret_key, signed)
    if found is None:
        raise NotFound("This address is not whole. Take it from the letter again, or change your reminders at /me.")
    return found


async def _page(service: Service, kind: Kind, *, done: bool) -> Response:
    return html(await service.reads.long(lambda conn: render(service, conn, "unsubscribe.html", kind=kind, done=done)))
