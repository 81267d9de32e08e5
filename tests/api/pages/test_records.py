"""A meeting's record on paper."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from api.app import create_app
from api.web.service import Service
from scheduler.clock.now import SettableClock
from tests.scheduler.floor.meeting import sat


@pytest.fixture
async def browser(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rostrum.test") as client:
        yield client


def _rows(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[" ".join(unescape(re.sub("<[^>]*>", "", cell)).split()) for cell in row] for row in cells if row]


async def test_a_closed_meeting_is_told_turn_by_turn_and_second_by_second(
    service: Service, clock: SettableClock, browser: httpx.AsyncClient
) -> None:
    here = sat(service.writer, clock, ["<b>Ada</b>", "Bea"])
    here.play((0.5, "open"), (1, "call"), (1.5, "start"), (3, "finish"), (4, "close"))

    answer = await browser.get(f"/meetings/{here.scene.meeting}/record/print")

    assert answer.status_code == 200
    assert _rows(answer.text) == [
        ["10:00:00", "3:00", "10:01:30", "10:03:00", "1:30", "<b>Ada</b>", "Organisation of <b>Ada</b>", ""],
        ["10:03:00", "3:00", "", "", "", "Bea", "Organisation of Bea", "Not reached"],
        ["10:00:30", "10:01:00", "0:30", "Between turns"],
        ["10:01:00", "10:01:30", "0:30", "Called: <b>Ada</b>"],
        ["10:01:30", "10:03:00", "1:30", "Speaking: <b>Ada</b>"],
        ["10:03:00", "10:04:00", "1:00", "Between turns"],
        ["From the opening on", "3:30", ""],
    ]


async def test_a_record_is_told_in_the_reader_s_language(
    service: Service, clock: SettableClock, browser: httpx.AsyncClient
) -> None:
    here = sat(service.writer, clock, ["Ada"])
    here.play((0.5, "open"), (1, "call"), (1.5, "start"), (3, "finish"), (4, "close"))

    page = (await browser.get(f"/meetings/{here.scene.meeting}/record/print?lang=fr")).text

    assert "mer. 8 juin 2022, de 10:00 à 13:00, Vienne" in page
    assert [row[3] for row in _rows(page)[1:-1]] == [
        "Entre deux interventions",
        "Appel : Ada",
        "Prise de parole : Ada",
        "Entre deux interventions",
    ]


async def test_the_record_of_an_open_meeting_is_not_for_everybody(
    service: Service, clock: SettableClock, browser: httpx.AsyncClient
) -> None:
    here = sat(service.writer, clock)
    here.do(0, "open")

    answer = await browser.get(f"/meetings/{here.scene.meeting}/record/print")

    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")
