"""The straight way gives an endpoint what the framework would; what does not fit at once is the framework's."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Header, Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.web.shapes import Id, Line, Shape
from api.web.straight import Handler, straight

FRAMEWORK = "x-framework"


class Wanted(Shape):
    title: Line
    person: Id | None = None


class Direct(APIRoute):
    """Notes whether the framework's handler was asked."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def framework(request: Request) -> Response:
            answer = await inner(request)
            answer.headers[FRAMEWORK] = "asked"
            return answer

        return straight(self, framework)


router = APIRouter(route_class=Direct)


@router.post("/things/{thing}")
async def made(
    request: Request, thing: str, new: Wanted | list[Wanted], limit: Annotated[int, Query(ge=1)] = 7
) -> Response:
    several = new if isinstance(new, list) else [new]
    return JSONResponse([thing, limit, [each.model_dump(exclude_unset=True) for each in several]])


@router.get("/things")
async def read(request: Request, tz: str | None = None, *, free: Annotated[bool, Query()]) -> Response:
    return JSONResponse([tz, free])


@router.get("/many")
async def many(request: Request, tag: Annotated[list[str], Query()]) -> Response:
    return JSONResponse(tag)


@router.get("/agents")
async def agents(request: Request, user_agent: Annotated[str, Header()]) -> Response:
    return JSONResponse(user_agent)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rostrum.test") as unsigned:
        yield unsigned


@pytest.mark.parametrize(
    ("method", "path", "body", "answer"),
    [
        ("POST", "/things/a%20b", {"title": " Ada  "}, ["a b", 7, [{"title": "Ada"}]]),
        (
            "POST",
            "/things/a?limit=3&limit=9",
            [{"title": "Ada", "person": None}],
            ["a", 9, [{"title": "Ada", "person": None}]],
        ),
        ("POST", "/things/a?other=1", {"title": "Ada"}, ["a", 7, [{"title": "Ada"}]]),
        ("GET", "/things?free=true", None, [None, True]),
        ("GET", "/things?tz=&free=0", None, ["", False]),
    ],
)
async def test_what_fits_goes_straight(
    client: httpx.AsyncClient, method: str, path: str, body: Any, answer: list[Any]
) -> None:
    answered = await client.request(method, path, json=body)

    assert (answered.status_code, answered.json()) == (200, answer)
    assert FRAMEWORK not in answered.headers


@pytest.mark.parametrize(
    ("path", "content", "media", "places"),
    [
        ("/things/a", b'{"title": ""}', "application/json", {"body"}),
        ("/things/a?limit=0", b'{"title": "Ada"}', "application/json", {"query"}),
        ("/things/a?limit=x", b"{", "application/json", {"body"}),
        ("/things/a", b"", "application/json", {"body"}),
        ("/things/a", b'{"title": "Ada", "more": 1}', "application/json", {"body"}),
        ("/things/a", b'{"title": "Ada"}', "text/plain", {"body"}),
        ("/things/a", b'{"title": "\xff"}', "application/json", None),
        ("/things/a", b'{"title": ' + b"9" * 5_000 + b"}", "application/json", None),
    ],
)
async def test_what_does_not_fit_is_refused_by_the_framework(
    client: httpx.AsyncClient, path: str, content: bytes, media: str, places: set[str] | None
) -> None:
    answered = await client.post(path, content=content, headers={"Content-Type": media})

    assert answered.status_code == (400 if places is None else 422)
    assert places is None or {fault["loc"][0] for fault in answered.json()["detail"]} == places


async def test_json_of_another_media_type_is_read_by_the_framework(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/merge-patch+json; charset=utf-8"}

    answered = await client.post("/things/a", content=json.dumps({"title": "Ada"}), headers=headers)

    assert (answered.json(), answered.headers[FRAMEWORK]) == (["a", 7, [{"title": "Ada"}]], "asked")


async def test_a_missing_parameter_is_refused_by_the_framework(client: httpx.AsyncClient) -> None:
    answered = await client.get("/things")

    assert [fault["loc"] for fault in answered.json()["detail"]] == [["query", "free"]]


@pytest.mark.parametrize(("path", "answer"), [("/many?tag=a&tag=b", ["a", "b"]), ("/agents", "Ada/1")])
async def test_lists_and_headers_are_read_by_the_framework(client: httpx.AsyncClient, path: str, answer: Any) -> None:
    answered = await client.get(path, headers={"User-Agent": "Ada/1"})

    assert (answered.json(), answered.headers[FRAMEWORK]) == (answer, "asked")
