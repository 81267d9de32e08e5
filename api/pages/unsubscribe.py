"""`/unsubscribe/…`: from a reminder's foot. A mail program posts at one click (RFC 8058); a browser asks first.

The page speaks the language of the person whose letter it was in.
"""

from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.delivery.unsubscribing import PATH, meant
from api.pages.rendering import READ, html, render
from api.pages.viewer import look
from api.web.limits import address_of
from api.web.service import Service, service_of
from api.web.translations import languages, translations
from scheduler.errors import NotFound, NotSignedIn
from scheduler.notices.unsubscribing import GONE, Kind, unsubscribe
from scheduler.people.queries import actor
from scheduler.storage.connection import Connection

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Said:
    """The page in words; `button` is empty where it is done."""

    title: str
    heading: str
    about: str
    still: str
    button: str
    settings: str


@router.api_route(f"{PATH}/{{signed}}", methods=READ)
async def ask(request: Request, signed: str) -> Response:
    """Asks with a button, since programs that look through mail follow links."""
    service = service_of(request)
    person, kind = _meant(service, signed)
    return await _page(request, person, kind, done=False)


@router.post(f"{PATH}/{{signed}}")
async def stop(request: Request, signed: str) -> Response:
    """Stops these reminders. Nobody signs in for it, so it is counted by address."""
    service = service_of(request)
    service.limits.unsigned(address_of(request, service.settings.trusted_proxies))
    person, kind = _meant(service, signed)
    await service.writer.act(lambda tx: unsubscribe(tx, person, kind))
    return await _page(request, person, kind, done=True)


def _meant(service: Service, signed: str) -> tuple[str, Kind]:
    found = meant(service.settings.secret_key, signed)
    if found is None:
        raise NotFound("This address is not whole. Take it from the letter again, or change your reminders at /me.")
    return found


async def _page(request: Request, person: str, kind: Kind, *, done: bool) -> Response:
    service, viewer = service_of(request), await look(request)

    def body(conn: Connection) -> bytes:
        language = _language(conn, person)
        return render(
            service, conn, replace(viewer, language=language), "unsubscribe.html", said=_said(language, kind, done=done)
        )

    return html(await service.reads.long(body))


def _language(conn: Connection, person: str) -> str:
    try:
        wanted = actor(conn, person).language
    except NotSignedIn as gone:
        raise NotFound(GONE) from gone
    return wanted if wanted in languages() else "en"


def _said(language: str, kind: Kind, *, done: bool) -> Said:
    _ = translations(language).gettext
    about = {
        "soon": _("They are the reminders that a slot of yours or a meeting starts soon."),
        "turns": _("They are the news of how your turn comes nearer, and moves, while a meeting sits."),
        "lists": _("They are the reminders that a list of speakers has opened or closes soon."),
    }
    return Said(
        title=_("Reminders"),
        heading=_("You get no more of these reminders") if done else _("Stop these reminders?"),
        about=about[kind],
        still=_(
            "You are still told when you are given a slot, and when a slot or meeting of yours moves or is cancelled."
        ),
        button="" if done else _("Stop these reminders"),
        settings=_("You can have them again in your settings."),
    )
