"""Refusals as RFC 9457 problem documents: the only place that knows a status code."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from api.web.signpost import Signpost
from scheduler import errors
from scheduler.storage.connection import UniqueTaken
from scheduler.storage.engine import out_of_reach

log = logging.getLogger(__name__)

STATUS: dict[type[errors.Refusal], int] = {
    errors.NotSignedIn: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Untimely: 409,
    errors.TooLarge: 413,
    errors.Meaningless: 422,
    errors.TooManyRequests: 429,
    errors.Busy: 503,
}
_MEDIA = "application/problem+json"
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def status_of(refusal: type[errors.Refusal]) -> int:
    """The status of a kind of refusal: its own or its nearest ancestor's."""
    return next(STATUS[kind] for kind in refusal.__mro__ if kind in STATUS)


def problem(status: int, code: str, detail: str, **members: Any) -> Response:
    """A problem document. `retry_after` among the members also becomes the header."""
    headers = {"Retry-After": str(members["retry_after"])} if "retry_after" in members else {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    title = HTTPStatus(status).phrase
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **members}
    return Response(msgspec.json.encode(document), status, headers, _MEDIA)


def refused(refusal: errors.Refusal) -> Response:
    """The answer to a refusal of the scheduler."""
    members = dict(refusal.data)
    if isinstance(refusal, errors.Meaningless):
        members["errors"] = [{"field": fault.field, "message": fault.message} for fault in refusal.faults]
    return problem(status_of(type(refusal)), refusal.code, refusal.sentence, **members)


def install(app: FastAPI, signpost: Signpost) -> None:
    """Makes every error of the application a problem document."""

    @app.exception_handler(errors.Refusal)
    async def on_refusal(_: Request, refusal: errors.Refusal) -> Response:
        return refused(refusal)

    @app.exception_handler(RequestValidationError)
    async def on_shape(_: Request, error: RequestValidationError) -> Response:
        return refused(shape_refusal(error.errors()))

    @app.exception_handler(UniqueTaken)
    async def on_taken(_: Request, __: UniqueTaken) -> Response:
        return problem(409, "already-exists", "This exists already. Read it again and change that.")

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        return _http_problem(error, lambda: _methods_of(app, signpost, request))

    @app.exception_handler(sqlite3.OperationalError)
    @app.exception_handler(psycopg.OperationalError)
    async def on_database(request: Request, error: Exception) -> Response:
        if not out_of_reach(error):
            return await on_accident(request, error)
        log.error("%s %s failed: %s", request.method, request.url.path, error)
        return refused(errors.Busy("The database does not answer. Try again in a few seconds.", retry_after=5))

    @app.exception_handler(Exception)
    async def on_accident(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(500, "internal", "The service made a mistake. It is logged; try again later.")


def shape_refusal(found: Sequence[Any]) -> errors.Meaningless:
    """Pydantic's findings as one refusal with a field and a sentence for each."""
    faults = tuple(_fault(error) for error in found)
    return errors.Meaningless("What was sent does not have the right shape. See `errors`.", faults=faults)


def _fault(error: Any) -> errors.Fault:
    if error["type"] == "json_invalid":
        sentence = f"The body is not JSON: {error['ctx']['error']}, at character {error['loc'][-1]}."
        return errors.Fault("", sentence)
    if isinstance(error["input"], bytes):
        # Only a body that nobody called JSON comes so far as bytes.
        return errors.Fault("", "Say that the body is JSON, by the header `Content-Type: application/json`.")
    return errors.Fault(_field(error["loc"]), str(error["msg"]).removeprefix("Value error, "))


def _field(place: Sequence[int | str]) -> str:
    # First comes where it was sent, such as `body`, which may be a field's name as well. Of shapes that a body may
    # have, each is known by a tag in parentheses, which nobody sent; nor did anybody send the mark of a member's name.
    parts = [str(part) for part in place[1:]]
    parts = [part for part in parts if not part.startswith("(") and part != "[key]"]
    # A name that was sent may hold a lone surrogate, which no answer can carry.
    return ".".join(parts).encode("utf-8", "replace").decode()


def _methods_of(app: FastAPI, signpost: Signpost, request: Request) -> list[str]:
    """The methods that an address takes, whichever route takes each: a route knows only its own.

    `/people/import` is also the form of `/people/{person_id}`: those with the fewest parameters are meant.
    """
    here = {"type": "http", "path": request.url.path, "root_path": "", "headers": []}
    parameters: dict[str, int] = {}
    for method in _METHODS:
        scope = {**here, "method": method}
        if found := signpost.find(scope):
            parameters[method] = len(found.parameters)
        elif any(route.matches(scope)[0] is Match.FULL for route in app.router.routes):
            parameters[method] = 0
    return [method for method, number in parameters.items() if number == min(parameters.values())]


def _http_problem(error: HTTPException, methods: Callable[[], list[str]]) -> Response:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(404, "not-found", "There is nothing at this address.")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer = problem(405, "method-not-allowed", "This address does not take this method.")
        answer.headers["Allow"] = ", ".join(methods())
        return answer
    # FastAPI says 400 for a body that it cannot read at all; here every wrong shape is 422.
    return refused(errors.Meaningless("The body is not JSON that can be read.", field=""))
