"""The signpost finds what the framework would, and leaves the rest to it."""

import re

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.app import _ROUTERS, API
from api.web.signpost import Signpost


async def _nothing(request: Request) -> Response:
    return Response()


def _router(*routes: tuple[str, str]) -> APIRouter:
    router = APIRouter()
    for method, path in routes:
        router.add_api_route(path, _nothing, methods=[method], name=f"{method} {path}")
    return router


def _asked(method: str, path: str, kind: str = "http") -> Scope:
    return {"type": kind, "method": method, "path": path, "root_path": ""}


ROUTES = [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{min(route.methods)} {route.path}")
def test_every_route_is_found_with_its_parameters(route: APIRoute) -> None:
    names = re.findall(r"{(\w+)}", route.path)
    method = min(route.methods or ())
    path = API + route.path.format(**{name: f"the-{name}" for name in names})

    found = Signpost(API, _ROUTERS).find(_asked(method, path))

    assert found is not None
    assert (found.route, found.parameters) == (route, {name: f"the-{name}" for name in names})


def test_of_two_routes_that_fit_the_first_is_found() -> None:
    signpost = Signpost("/v1", [_router(("GET", "/feeds/new")), _router(("GET", "/feeds/{id}"))])

    found = [signpost.find(_asked("GET", path)) for path in ("/v1/feeds/new", "/v1/feeds/old")]

    assert [each and each.route.name for each in found] == ["GET /feeds/new", "GET /feeds/{id}"]


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("DELETE", "/v1/feeds/new", "http"),
        ("GET", "/v1/feeds", "http"),
        ("GET", "/v1/feeds/new/", "http"),
        ("GET", "/v1/feeds//", "http"),
        ("GET", "/v1feeds/new", "http"),
        ("GET", "/v1", "http"),
        ("GET", "/v1/", "http"),
        ("GET", "/v2/feeds/new", "http"),
        ("GET", "/v1/feeds/new", "websocket"),
    ],
)
def test_what_no_route_fits_is_left_to_the_framework(method: str, path: str, kind: str) -> None:
    signpost = Signpost("/v1", [_router(("GET", "/feeds/{id}"))])

    assert signpost.find(_asked(method, path, kind)) is None
