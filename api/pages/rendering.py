"""From a template to an answer: escaped, in one file, with nothing that a browser would run or fetch from elsewhere."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response

from api.web.service import Service
from scheduler.clock.now import RehearsalClock
from scheduler.clock.zones import rfc3339
from scheduler.demo.mark import is_demonstration
from scheduler.storage.connection import Connection

READ = ["GET", "HEAD"]
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_environment = Environment(
    loader=PackageLoader("api.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(service: Service, conn: Connection, template: str, **values: Any) -> bytes:
    """A page's bytes; every page knows of the rehearsal's clock and of the demonstration's mail."""
    text = _environment.get_template(template).render(
        rehearsal=_rehearsal(service), mails=shows_mail(service, conn), **values
    )
    return text.encode()


def html(body: bytes, status: int = 200) -> Response:
    """A page as an answer."""
    return Response(body, status, _HEADERS, "text/html; charset=utf-8")


def shows_mail(service: Service, conn: Connection) -> bool:
    """Whether mail is shown to everybody: where it goes into a folder, and to nobody but the demonstration's people."""
    return service.settings.smtp_url is None and is_demonstration(conn)


def _rehearsal(service: Service) -> str | None:
    clock = service.clock
    if not isinstance(clock, RehearsalClock):
        return None
    speed = "" if clock.speed == 1 else f" and runs {clock.speed:g} times as fast"
    return f"Rehearsal: the clock began at {rfc3339(clock.origin)}{speed}. Nothing here is the real hour."
