"""What is answered ahead of the framework fails, is counted and is left to it as within."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import Application, create_app
from api.web.service import Service


@pytest.fixture
def app(service: Service) -> Application:
    return create_app(service)


@pytest.fixture
async def asked(app: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://rostrum.test/api/v1") as unsigned:
        yield unsigned


async def test_every_answer_is_counted_once(app: Application, asked: httpx.AsyncClient) -> None:
    answers = [
        await asked.get("/sessions"),
        await asked.get("/sessions/none"),
        await asked.get("/sessions?limit=0"),
        await asked.get("/nowhere"),
        await asked.delete("/sessions"),
    ]

    assert app.state.answers == Counter(answer.status_code for answer in answers) == Counter([200, 404, 422, 404, 405])


@pytest.mark.parametrize("accident", [RuntimeError("odd"), sqlite3.OperationalError("no such table: meeting")])
async def test_an_accident_is_logged_and_told_without_its_words(
    service: Service, asked: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, accident: Exception
) -> None:
    def fails(_: object) -> None:
        raise accident

    service.reads.short = fails  # type: ignore[method-assign,assignment]  # -- the accident under test
    answer = await asked.get("/sessions/ahc-2")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert [record.getMessage() for record in caplog.records] == ["GET /api/v1/sessions/ahc-2 failed"]
    assert str(accident) not in answer.text
