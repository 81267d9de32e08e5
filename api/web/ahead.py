"""Requests of the API are answered ahead of the framework: its layers are made for whatever may stand between them."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.web.signpost import Signpost

_Refuse = Callable[[Request, Exception], Awaitable[Response]]


class Ahead:
    """What the framework does around a handler of an API route: errors become answers, and answers are counted."""

    def __init__(self, app: FastAPI, signpost: Signpost, answers: Counter[int]) -> None:
        self._app = app
        self._signpost = signpost
        self._answers = answers

    async def answers(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answers where a route fits; whether one does."""
        found = self._signpost.find(scope)
        if found is None:
            return False
        scope["app"], scope["path_params"] = self._app, found.parameters
        request = Request(scope, receive)
        try:
            response = await found.handler(request)
        except Exception as error:  # noqa: BLE001  -- whatever it is, there is an answer to it
            response = await self._refuse(request, error)
        self._answers[response.status_code] += 1
        await response(scope, receive, send)
        return True

    async def _refuse(self, request: Request, error: Exception) -> Response:
        kinds = self._app.exception_handlers
        refuse = cast("_Refuse", next(kinds[kind] for kind in type(error).__mro__ if kind in kinds))
        return await refuse(request, error)
