"""The way to a route by the shape of its address: the framework tries a hundred patterns one by one, for 150 us."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.types import Scope

from api.web.straight import Handler

_Shape = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A route, its handler, and the parameters in the address."""

    route: APIRoute
    handler: Handler
    parameters: dict[str, str]


class Signpost:
    """Knows the way to the routers' routes; what it does not know (404, 405) is the framework's.

    Args:
        prefix: what the routers are included under.
        routers: in the order in which they are included; their parameters are plain segments of the path.
    """

    def __init__(self, prefix: str, routers: Iterable[APIRouter]) -> None:
        self._prefix = prefix
        self._routes: dict[_Shape, list[tuple[APIRoute, Handler]]] = {}
        for route in (each for router in routers for each in router.routes if isinstance(each, APIRoute)):
            for method in route.methods or ():
                self._routes.setdefault(_shape(method, route.path), []).append((route, route.get_route_handler()))

    def find(self, scope: Scope) -> Found | None:
        """The first route whose pattern fits, as the framework would find it."""
        if scope["type"] == "http" and scope["path"].startswith(self._prefix):
            path = scope["path"][len(self._prefix) :]
            for route, handler in self._routes.get(_shape(scope["method"], path), ()):
                fits = route.path_regex.match(path)
                if fits:
                    return Found(route, handler, fits.groupdict())
        return None


def _shape(method: str, path: str) -> _Shape:
    """Method, number of segments, and the first of them, which is never a parameter."""
    return method, path.count("/"), path[1:].partition("/")[0]
