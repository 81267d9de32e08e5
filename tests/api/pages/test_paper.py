"""A list of speakers on paper."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from api.app import create_app
from api.web.service import Service
from scheduler.storage.writer import Tx
from tests.makers import paper, places, speaking
from tests.makers.speaking import Scene


@pytest.fixture
async def browser(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rostrum.test") as client:
        yield client


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(paper.listed)


def _rows(page: str) -> list[list[str]]:
    """The table's rows as a reader sees them."""
    cells = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    ]
    return [[" ".join(unescape(re.sub("<[^>]*>", "", cell)).split()) for cell in row] for row in cells]


async def test_turns_stand_on_the_venue_s_clock_and_on_a_second_one(browser: httpx.AsyncClient, scene: Scene) -> None:
    answer = await browser.get(f"/lists/{scene.list}/print?tz=Pacific/Honolulu")

    running, header, *rows, last = _rows(answer.text)
    assert running == ["Session ahc-2. Meeting 1. Item 5. As of Sun 1 May 2022, 14:00 Vienna"]
    assert header == ["No.", "Vienna", "Honolulu", "Speaker", "Organisation", "Where", "Language", "Seconds"]
    assert rows[:4] == [
        ["1", "10:00", "22:00 −1 day", paper.FORMULA, f"Organisation of {paper.FORMULA}", "■ Room", "Spanish", "1740"],
        ["2", "10:29", "22:29 −1 day", "<b>Ben</b>", "Organisation of <b>Ben</b>", "○ Remote", "", "1740"],
        ["3", "10:58", "22:58 −1 day", "Coffee", "360"],
        ["4", "11:04", "23:04 −1 day", "Free. Reserved: Intergovernmental organisation and Remote", "1740"],
    ]
    assert last == ["2 speakers, until 13:00 Vienna = 01:00 Honolulu", "10800"]


async def test_paper_is_in_the_reader_s_language(browser: httpx.AsyncClient, scene: Scene) -> None:
    answer = await browser.get(f"/lists/{scene.list}/print?tz=Pacific/Honolulu&lang=ar")

    assert '<html lang="ar" dir="rtl">' in answer.text
    _, header, *rows, last = _rows(answer.text)
    assert header[:4] == ["الرقم", "فيينا", "هونولولو", "المتكلم"]
    assert rows[0][1:3] == ["10:00", "22:00 اليوم السابق"]
    assert rows[3][3] == "شاغر. محجوز: منظمة حكومية دولية وعن بُعد"
    assert last[0] == "متكلمان، حتى 13:00 فيينا = 01:00 هونولولو"


async def test_without_a_zone_the_second_clock_is_utc(browser: httpx.AsyncClient, scene: Scene) -> None:
    page = (await browser.get(f"/lists/{scene.list}/print")).text

    assert _rows(page)[1][:3] == ["No.", "Vienna", "UTC"]
    assert "Wed 8 June 2022, 10:00 to 13:00 Vienna = Wed 8 June 2022, 08:00 to 11:00 UTC" in page
    assert _rows((await browser.get(f"/lists/{scene.list}/print?tz=Europe/Vienna")).text)[1][1:3] == [
        "Vienna", "Speaker"
    ]  # fmt: skip


async def test_nothing_on_the_page_is_run_or_private(browser: httpx.AsyncClient, scene: Scene) -> None:
    answer = await browser.get(f"/lists/{scene.list}/print")

    assert "default-src 'none'; script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
    assert re.findall(r"<script>|<style|style=|<b>Ben|secret|@example", answer.text) == []
    assert (await browser.get("/static/print.css")).status_code == 200


async def test_an_unknown_zone_is_said_so_on_the_page(browser: httpx.AsyncClient, scene: Scene) -> None:
    answer = await browser.get(f"/lists/{scene.list}/print?tz=<Mars>")

    assert answer.status_code == 422
    assert "There is no time zone “&lt;Mars&gt;”." in answer.text


def _hidden(tx: Tx) -> Scene:
    return speaking.scene_in(tx, places.session(tx, "draft", status="draft"))


async def test_what_the_public_may_not_know_of_is_not_printed(browser: httpx.AsyncClient, service: Service) -> None:
    hidden = service.writer.act_now(_hidden)

    answers = [await browser.get(f"/lists/{each}/print") for each in (hidden.list, "nothing", "%00")]

    assert [answer.status_code for answer in answers] == [404] * 3


async def test_a_list_without_turns_says_so(browser: httpx.AsyncClient, service: Service) -> None:
    scene = service.writer.act_now(lambda tx: speaking.scene(tx, allocation="queue", slot_seconds=None))

    page = (await browser.get(f"/lists/{scene.list}/print")).text

    assert "Nobody has been given a turn yet." in page
    assert _rows(page) == []


async def test_the_programme_leads_to_the_paper(browser: httpx.AsyncClient, scene: Scene) -> None:
    page = (await browser.get("/?tz=Pacific/Apia")).text

    assert re.findall(r'href="(/lists/[^"]*/print[^"]*)"', page) == [f"/lists/{scene.list}/print?tz=Pacific/Apia"]
