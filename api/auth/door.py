"""The doors of the API: who comes in is asked before anything that was sent is looked at."""

import contextlib
from collections.abc import Callable
from typing import Any, ClassVar, cast

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.auth.cookie import COOKIE, from_our_pages, session_of
from api.auth.keys import Keys, Signed
from api.web.limits import MOST_BYTES, MOST_BYTES_OF_A_FILE, address_of, read_body
from api.web.service import service_of
from api.web.straight import Handler, straight
from scheduler.errors import NotSignedIn
from scheduler.people.permission import Actor

SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer TOKEN`, for programs."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The session of a browser, from `/sign-in`.",
    },
}
"""How the OpenAPI document says that one signs in."""

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class OpenDoor(APIRoute):
    """Everyone may come in; who shows a token must show a valid one."""

    signed_only: ClassVar[bool] = False
    most_bytes: ClassVar[int] = MOST_BYTES

    def __init__(self, path: str, endpoint: Callable[..., Any], **said: Any) -> None:
        super().__init__(path, endpoint, **said)
        ways: list[dict[str, list[str]]] = [{scheme: []} for scheme in SCHEMES]
        security = ways if self.signed_only else [{}, *ways]
        self.openapi_extra = {"security": security} | (self.openapi_extra or {})

    def get_route_handler(self) -> Handler:
        """The route's handler behind the door."""
        inner = straight(self, super().get_route_handler())
        signed_only, most_bytes = self.signed_only, self.most_bytes

        async def handler(request: Request) -> Response:
            await _enter(request, signed_only=signed_only)
            if request.method not in _READS:
                await read_body(request, most_bytes)
            return await inner(request)

        return handler


class SignedDoor(OpenDoor):
    """Only who is signed in comes in."""

    signed_only: ClassVar[bool] = True


class FileDoor(SignedDoor):
    """The same, with a file."""

    most_bytes: ClassVar[int] = MOST_BYTES_OF_A_FILE


async def _enter(request: Request, *, signed_only: bool) -> None:
    service = service_of(request)
    try:
        request.state.signed = await _signed(request, signed_only=signed_only)
    except NotSignedIn:
        if "authorization" in request.headers or request.method not in _READS:
            service.limits.unsigned(address_of(request, service.settings.trusted_proxies))
        raise
    if request.state.signed is not None and request.method not in _READS:
        service.limits.write(str(request.state.signed.actor.id))


async def _signed(request: Request, *, signed_only: bool) -> Signed | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return await keys_of(request).signed_in(service_of(request), token.strip())
    if not scheme and (signed := await signed_by_cookie(request)):
        return signed
    if scheme or signed_only:
        raise NotSignedIn("Sign in first: send `Authorization: Bearer TOKEN`, or a browser's cookie from /sign-in.")
    return None


async def signed_by_cookie(request: Request) -> Signed | None:
    """Whose browser it is; None also for a session that has ended, and for a write that another site's page sends."""
    secret = session_of(request)
    if not secret or (request.method not in _READS and not from_our_pages(request)):
        return None
    with contextlib.suppress(NotSignedIn):
        return await keys_of(request).signed_in(service_of(request), secret)
    return None


def keys_of(request: Request) -> Keys:
    """The tokens in use."""
    return cast("Keys", request.app.state.keys)


def actor_of(request: Request) -> Actor | None:
    """Who sent this request, as known when it came in; None for the public. Acts load her afresh."""
    signed = cast("Signed | None", request.state.signed)
    return signed.actor if signed else None


def signed_of(request: Request) -> Signed:
    """The sign-in of a request that came through a SignedDoor."""
    return cast("Signed", request.state.signed)
