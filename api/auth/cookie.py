"""The session of a browser: a secret in a cookie that no script reads and no other site's form sends along."""

from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from api.web.service import service_of

COOKIE = "rostrum_session"
LASTS = timedelta(days=30)
_SAFE_SITES = frozenset({"same-origin", "none"})


def session_of(request: Request) -> str | None:
    """The secret that the browser sent."""
    return request.cookies.get(COOKIE)


def keep(request: Request, response: Response, name: str, value: str, lasts: timedelta = LASTS) -> None:
    """Lets the browser keep a cookie for us alone: over https only, where we are reached so."""
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=service_of(request).settings.base_url.startswith("https://"),
    )


def forget(response: Response, name: str) -> None:
    """Lets the browser forget a cookie."""
    response.delete_cookie(name, path="/", httponly=True, samesite="lax")


def from_our_pages(request: Request) -> bool:
    """Whether a write can only come from a page of ours or from a program.

    All browsers say by `Sec-Fetch-Site` or `Origin` whose page sends; who says neither is no browser. The cookie is
    SameSite besides, and forms of pages carry a token of their own.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _SAFE_SITES
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {request.headers.get("host"), urlsplit(service_of(request).settings.base_url).netloc}
    return urlsplit(origin).netloc in ours
