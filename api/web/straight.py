"""The straight way from a request to its endpoint.

The framework's way is made for every kind of parameter and costs 50 us more. Whatever does not fit at once is left to
it, so that there is one place that says what is wrong with a request.
"""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from inspect import iscoroutinefunction
from typing import Any, get_args, get_origin

import msgspec
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_JSON = "application/json"
_REQUIRED = object()
_STACKS = ("fastapi_middleware_astack", "fastapi_inner_astack", "fastapi_function_astack")


def straight(route: APIRoute, framework: Handler) -> Handler:
    """How this route is answered. `framework` is the framework's handler of it."""
    otherwise = _held(framework)
    takes, body = route.dependant, route.body_field
    query = [(field.name, field.alias, field, _default(field)) for field in takes.query_params]
    name, endpoint = takes.request_param_name, route.endpoint
    if name is None or not _fits(route):
        return otherwise

    async def handler(request: Request) -> Response:
        values: dict[str, Any] = {name: request, **request.path_params}
        sent: Mapping[str, str] = request.query_params if query and request.scope["query_string"] else {}
        for parameter, alias, field, default in query:
            text = sent.get(alias)
            values[parameter], faults = (
                (default, default is _REQUIRED) if text is None else field.validate(text, values, loc=("query", alias))
            )
            if faults:
                return await otherwise(request)
        if body is not None:
            try:
                said = msgspec.json.decode(await request.body())
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return await otherwise(request)
            values[body.name], faults = body.validate(said, values, loc=("body",))
            if faults or request.headers.get("content-type") != _JSON:
                return await otherwise(request)
        response: Response = await endpoint(**values)
        return response

    return handler


def _held(framework: Handler) -> Handler:
    """The framework's handler with what its layers hold for it: what is open is closed at the end."""

    async def handler(request: Request) -> Response:
        async with AsyncExitStack() as stack:
            request.scope.update(dict.fromkeys(_STACKS, stack))
            return await framework(request)

    return handler


def _fits(route: APIRoute) -> bool:
    """Whether it takes nothing but segments of its path as they are, single values in its query, and one JSON body."""
    takes = route.dependant
    return (
        iscoroutinefunction(route.endpoint)
        and not (takes.header_params or takes.cookie_params or takes.dependencies)
        and all(each.field_info.annotation is str and not each.field_info.metadata for each in takes.path_params)
        and not any(_takes_many(each.field_info.annotation) for each in takes.query_params)
        and takes.body_params == ([route.body_field] if route.body_field else [])
    )


def _default(field: Any) -> Any:
    return _REQUIRED if field.field_info.is_required() else field.get_default()


def _takes_many(annotation: Any) -> bool:
    return get_origin(annotation) in {list, tuple, set, frozenset} or any(map(_takes_many, get_args(annotation)))
