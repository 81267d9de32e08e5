"""Who looks at a page: signed in or not, in which language, on which clock.

What she chose in this browser comes first (a cookie), then her account, then what her browser says of itself.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from urllib.parse import quote, unquote

from starlette.requests import Request

from api.auth.cookie import session_of
from api.auth.door import signed_by_cookie
from api.auth.keys import Signed
from api.web.service import service_of
from api.web.translations import direction, languages
from scheduler.clock.zones import ZONE_NAMES
from scheduler.ids import new_secret
from scheduler.lists.reader import reader_of
from scheduler.people.permission import Actor
from scheduler.people.reader import PUBLIC, Reader
from scheduler.secretariat.desk import runs_something
from scheduler.storage.connection import Connection

LANGUAGE, ZONE, DETECTED, FORM = "rostrum_language", "rostrum_zone", "rostrum_detected", "rostrum_form"
"""Cookies: the language and the zone that were chosen, the zone that the browser found, what unsigned forms carry."""

CHOICE_LASTS = timedelta(days=365)
_LONGEST_HEADER = 500


@dataclass(frozen=True, slots=True)
class Viewer:
    """A page's viewer. `zone` None: her clock is not known, so she sees the venue's.

    `unknown_zone` is a `?tz=` that is no zone; `form` goes into each form that she may send; `here` is the page's
    address, to come back to.
    """

    signed: Signed | None
    language: str
    zone: str | None
    unknown_zone: str | None
    form: str
    here: str

    @property
    def actor(self) -> Actor | None:
        """Who she is, as known when the request came in. Acts load her afresh."""
        return self.signed.actor if self.signed else None

    @property
    def direction(self) -> str:
        """In which direction her language is written."""
        return direction(self.language)

    @property
    def runs_something(self) -> bool:
        """Whether the secretariat's pages are for her."""
        return runs_something(self.actor)

    def reader(self, conn: Connection) -> Reader:
        """The reader that queries cut their views by."""
        return reader_of(conn, self.actor) if self.signed else PUBLIC


async def look(request: Request) -> Viewer:
    """Who sent this request."""
    signed = await signed_by_cookie(request)
    zone, unknown = _zone(request, signed)
    secret = _form_secret(request, signed)
    query = request.url.query
    return Viewer(
        signed=signed,
        language=_language(request, signed),
        zone=zone,
        unknown_zone=unknown,
        form=form_token(service_of(request).settings.secret_key, secret) if secret else "",
        here=request.url.path + (f"?{query}" if query else ""),
    )


def viewer_of(request: Request) -> Viewer:
    """The viewer of a page that came through its door."""
    return cast("Viewer", request.state.viewer)


def form_token(key: str, secret: str) -> str:
    """What a form carries: made of the cookie that comes with it, so that no other site can know it.

    It is another each time: in a compressed answer that echoes what was sent, a secret that stays can be guessed by
    the answer's length (BREACH).
    """
    salt = new_secret()
    return f"{salt}.{_mac(key, secret, salt)}"


def is_form_of(request: Request, token: str) -> bool:
    """Whether a form that came with this request was made for whoever sends it."""
    secret, (salt, _, mac) = _form_secret(request, viewer_of(request).signed), token.partition(".")
    made = _mac(service_of(request).settings.secret_key, secret or "", salt)
    return bool(secret) and hmac.compare_digest(mac.encode(), made.encode())


def _form_secret(request: Request, signed: Signed | None) -> str | None:
    return session_of(request) if signed else request.cookies.get(FORM)


def _mac(key: str, secret: str, salt: str) -> str:
    return hmac.new(key.encode(), f"form/{salt}/{secret}".encode(), hashlib.sha256).hexdigest()


def local_path(text: str | None) -> str:
    """An address to go back to, where it is one of ours; else the programme's."""
    path = text or "/"
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return quote(unquote(path), safe="/?=&#:,+%-._~") if safe else "/"


def _zone(request: Request, signed: Signed | None) -> tuple[str | None, str | None]:
    asked = request.query_params.get("tz", "").strip()
    if asked in ZONE_NAMES:
        return asked, None
    account = signed.actor.timezone if signed else None
    known = (request.cookies.get(ZONE), account, request.cookies.get(DETECTED))
    return next((zone for zone in known if zone in ZONE_NAMES), None), asked or None


def _language(request: Request, signed: Signed | None) -> str:
    account = signed.actor.language if signed else None
    for wanted in (request.query_params.get("lang"), request.cookies.get(LANGUAGE), account):
        if wanted in languages():
            return str(wanted)
    accepted = request.headers.get("accept-language", "")[:_LONGEST_HEADER]
    return next((language for language in _accepted(accepted) if language in languages()), "en")


def _accepted(header: str) -> list[str]:
    """The languages of an Accept-Language, the best first, without their regions."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), tag.strip().partition("-")[0].lower()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda pair: pair[0]) if weight < 0]
