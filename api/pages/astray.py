"""Where a reader went astray: an address where nothing is, or a page without a door that refuses, shown as a page.

Programs, which do not ask for HTML, are answered with a problem document as everywhere.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import error_page
from api.pages.viewer import look
from api.web.problems import status_of
from scheduler.errors import NotFound, Refusal

_OF_PROGRAMS = ("/api/", "/calendars/", "/static/")
NOTHING = "There is nothing at this address."

Handler = Callable[[Request, Exception], Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Puts pages before the answers that programs get, which are installed already."""
    problem = cast("Handler", app.exception_handlers[HTTPException])
    refused = cast("Handler", app.exception_handlers[Refusal])

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.NOT_FOUND and _reads(request):
            return await _page(request, NotFound(NOTHING))
        return await problem(request, error)

    @app.exception_handler(Refusal)
    async def on_refusal(request: Request, refusal: Refusal) -> Response:
        return await (_page(request, refusal) if _reads(request) else refused(request, refusal))


def _reads(request: Request) -> bool:
    """Whether somebody looks who reads HTML."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(_OF_PROGRAMS)


async def _page(request: Request, refusal: Refusal) -> Response:
    request.state.viewer = await look(request)
    return await error_page(request, status_of(type(refusal)), refusal)
