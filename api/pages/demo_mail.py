"""`/demo/mail`: what the demonstration would have sent. Anywhere else there is no such page."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.delivery.mail_folder import MailFolder
from api.delivery.mime import Sender
from api.pages import clocks
from api.pages.door import pages
from api.pages.rendering import READ, html, render, shows_mail
from api.pages.times import Times
from api.pages.viewer import Viewer, viewer_of
from api.web.service import Service, service_of
from scheduler.errors import NotFound
from scheduler.storage.connection import Connection

router = pages()
_MOST = 100


@router.api_route("/demo/mail", methods=READ)
async def mails(request: Request) -> Response:
    """The newest letters."""
    return await _page(request, lambda folder: {"mails_found": folder.newest(_MOST), "mail": None})


@router.api_route("/demo/mail/{name}", methods=READ)
async def one_mail(request: Request, name: str) -> Response:
    """One letter as its text."""

    def found(folder: MailFolder) -> dict[str, Any]:
        mail = folder.read(name)
        if mail is None:
            raise NotFound("There is no such mail.")
        return {"mails_found": [], "mail": mail}

    return await _page(request, found)


async def _page(request: Request, find: Callable[[MailFolder], dict[str, Any]]) -> Response:
    service = service_of(request)
    return html(await service.reads.long(lambda conn: _body(service, conn, viewer_of(request), find)))


def _body(service: Service, conn: Connection, viewer: Viewer, find: Callable[[MailFolder], dict[str, Any]]) -> bytes:
    if not shows_mail(service, conn):
        raise NotFound("There is nothing at this address.")
    settings = service.settings
    folder = MailFolder(settings.mail_folder, Sender.parse(settings.mail_from))
    times, zone = Times(viewer.language, service.clock.now(), viewer.zone), viewer.zone or "UTC"
    return render(
        service,
        conn,
        viewer,
        "demo_mail.html",
        here="mail",
        moment=lambda mail: clocks.moment(times, mail.at, zone),
        **find(folder),
    )
