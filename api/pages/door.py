"""The door of the pages: who looks is known before the page is made; forms carry a token; refusals become pages."""

import hmac
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs, quote

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.auth.cookie import from_our_pages, session_of
from api.pages.rendering import READ, error_page
from api.pages.viewer import FORM, Viewer, form_token, look, viewer_of
from api.web.limits import MOST_BYTES, address_of, read_body
from api.web.problems import status_of
from api.web.service import service_of
from scheduler.errors import Forbidden, NotSignedIn, Refusal
from scheduler.people.permission import Actor

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
STALE_FORM = "This form is not of this visit any more. Go back, load the page again and send it once more."
SEE_OTHER = 303
_MOST_FIELDS = 100


class PageDoor(APIRoute):
    """A page's route. What a form said is at `said(request)`."""

    def get_route_handler(self) -> Handler:
        """The route's handler behind the door."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            request.state.viewer = await look(request)
            request.state.signed = viewer_of(request).signed  # where acts look for who acts
            try:
                if request.method not in READ:
                    await _take_form(request)
                return await inner(request)
            except NotSignedIn as refusal:
                return _to_sign_in(request, refusal)
            except Refusal as refusal:
                if "text/html" not in request.headers.get("accept", ""):
                    raise
                return await error_page(request, status_of(type(refusal)), refusal.sentence)

        return handler


def pages() -> APIRouter:
    """A router of pages, which the OpenAPI document does not tell of."""
    return APIRouter(route_class=PageDoor, include_in_schema=False)


def said(request: Request) -> Mapping[str, str]:
    """What a form said, each field once."""
    return cast("Mapping[str, str]", request.state.said)


def signed(request: Request) -> Actor:
    """Who is signed in. Raises NotSignedIn, which leads to the page where one does."""
    actor = viewer_of(request).actor
    if actor is None:
        raise NotSignedIn("Sign in first.")
    return actor


def see(path: str) -> Response:
    """Leads on after a form, so that loading again sends nothing again."""
    return RedirectResponse(path, SEE_OTHER)


async def _take_form(request: Request) -> None:
    service, viewer = service_of(request), viewer_of(request)
    if viewer.signed is None:
        service.limits.unsigned(address_of(request, service.settings.trusted_proxies))
    else:
        service.limits.write(str(viewer.signed.actor.id))
    body = await read_body(request, MOST_BYTES)
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    request.state.said = {name: values[-1] for name, values in fields.items()}
    request.state.chosen = fields
    _check_token(request, viewer)


def _check_token(request: Request, viewer: Viewer) -> None:
    secret = session_of(request) if viewer.signed else request.cookies.get(FORM)
    token = request.state.said.get("form", "")
    key = service_of(request).settings.secret_key
    genuine = bool(secret) and hmac.compare_digest(form_token(key, str(secret)).encode(), token.encode())
    if not genuine or not from_our_pages(request):
        raise Forbidden(STALE_FORM)


def _to_sign_in(request: Request, refusal: NotSignedIn) -> Response:
    if request.method in READ:
        return see(f"/sign-in?back={quote(viewer_of(request).here, safe='/')}")
    raise refusal


def conflict(refusal: Refusal) -> int:
    """The status under which a page tells of a refusal in its midst."""
    return int(HTTPStatus(status_of(type(refusal))))
