"""From a template to an answer: escaped, in the viewer's language, with nothing that comes from elsewhere."""

from functools import cache, partial
from typing import Any

from jinja2 import Environment, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from api.pages import clocks
from api.pages.punctuation import Templates
from api.pages.refusals import told
from api.pages.static_files import asset
from api.pages.times import Times
from api.pages.viewer import Viewer, viewer_of
from api.web.figures import in_figures, numbering
from api.web.service import Service, service_of
from api.web.translations import languages, translations
from scheduler.clock.now import RehearsalClock
from scheduler.demo.mark import is_demonstration
from scheduler.errors import Refusal
from scheduler.storage.connection import Connection

READ = ["GET", "HEAD"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load: what comes from here."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache, private",
    "Vary": "Cookie, Accept-Language",
}
OWN_NAMES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية", "ru": "Русский", "zh": "中文"}


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=Templates(language),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    said = translations(language)
    # Newstyle marks a translated sentence as safe, so that what is put into it by `format` is escaped.
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # -- the extension adds it
        said.gettext, said.ngettext, newstyle=True, pgettext=said.pgettext
    )
    environment.globals |= {"asset": asset, "told": partial(told, language=language)}
    return environment


def render(service: Service, conn: Connection, viewer: Viewer, template: str, **values: Any) -> bytes:
    """A page's bytes. Every page knows its viewer, her clock, the rehearsal's, and of the demonstration's mail.

    `clocks` (those of the masthead) are the viewer's and UTC unless `values` say otherwise.
    """
    times = Times(viewer.language, service.clock.now(), viewer.zone)
    figures = numbering(viewer.language, viewer.zone)
    known = {
        "figures": figures,
        "viewer": viewer,
        "times": times,
        "clocks": times.pair("UTC", None),
        "here": None,
        "rehearsal": _rehearsal(service, times),
        "speed": service.clock.speed if isinstance(service.clock, RehearsalClock) else 1,
        "demonstration": is_demonstration(conn),
        "mails": shows_mail(service, conn),
        "own_names": [(tag, OWN_NAMES[tag]) for tag in OWN_NAMES if tag in languages()],
    }
    page = _environment(viewer.language).get_template(template).render(known | values)
    return in_figures(page, figures).encode()


def html(body: bytes, status: int = 200) -> Response:
    """A page as an answer."""
    return Response(body, status, _HEADERS, "text/html; charset=utf-8")


async def error_page(request: Request, status: int, refusal: Refusal | str) -> Response:
    """A refusal as a page."""
    service, viewer = service_of(request), viewer_of(request)
    body = await service.reads.short(
        lambda conn: render(service, conn, viewer, "problem.html", status=status, refusal=refusal)
    )
    return html(body, status)


def shows_mail(service: Service, conn: Connection) -> bool:
    """Whether mail is shown to everybody: where it goes into a folder, and to nobody but the demonstration's people."""
    return service.settings.smtp_url is None and is_demonstration(conn)


def _rehearsal(service: Service, times: Times) -> str | None:
    clock = service.clock
    if not isinstance(clock, RehearsalClock):
        return None
    _ = translations(times.language).gettext
    began = clocks.moment(times, clock.origin, "UTC")
    if clock.speed == 1:
        return _("Rehearsal: the clock began at {moment}. Nothing here is the real hour.").format(moment=began)
    return _(
        "Rehearsal: the clock began at {moment} and runs {speed} times as fast. Nothing here is the real hour."
    ).format(moment=began, speed=f"{clock.speed:g}")
