"""The report of a session as people read it."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from api.app import create_app
from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.programme.tables import Session
from tests.scheduler.floor.meeting import Sat, sat

PATH = "/sessions/ahc-2/report"


@pytest.fixture
async def browser(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rostrum.test") as client:
        yield client


@pytest.fixture
def closed(service: Service, clock: SettableClock) -> Sat:
    """A meeting in which two spoke, one of them four minutes of three."""
    here = sat(service.writer, clock, ["A", "<i>B</i>"], "remote")
    here.play((0, "open"), (1, "call"), (2, "start"), (6, "call"), (7, "start"), (8.5, "close"))
    return here


def rows(page: str) -> list[list[str]]:
    found = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    ]
    return [[" ".join(unescape(re.sub("<[^>]*>", "", cell)).split()) for cell in cells] for cells in found]


async def test_everybody_reads_the_tables_of_a_closed_meeting(closed: Sat, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(PATH)

    assert answer.status_code == 200
    assert rows(answer.text) == [
        ["Category", "Planned", "Actual", "Difference", "Share"],
        ["Member States", "0:06:00", "0:05:30", "−30 s", "100%"],
        ["All", "0:06:00", "0:05:30", "−30 s", "100%"],
        ["By mode"],
        ["Remote", "0:06:00", "0:05:30", "−30 s", "100%"],
        ["Region", "Planned", "Actual", "Turns", "At night", "Night share"],
        ["Western Europe and others", "0:06:00", "0:05:30", "2", "0", "0%"],
        ["All", "0:06:00", "0:05:30", "2", "0", "0%"],
        ["Organisation", "Planned", "Actual", "Turns", "At night"],
        ["Organisation of <i>B</i>", "0:03:00", "0:01:30", "1", "0"],
        ["Organisation of A", "0:03:00", "0:04:00", "1", "0"],
        ["All", "0:06:00", "0:05:30", "2", "0"],
    ]
    assert answer.text.count('class="mark-remote"') == 3  # one of them explains the sign


async def test_findings_are_sentences_in_the_readers_language(closed: Sat, browser: httpx.AsyncClient) -> None:
    english = (await browser.get(PATH)).text
    french = (await browser.get(PATH, params={"lang": "fr"})).text

    assert "Member States spoke 30 s less than planned." in english
    assert "No turn was at night on its speaker’s clock." in english
    assert "États Membres : 30 s de parole de moins que prévu." in french


async def test_names_are_escaped_and_the_spreadsheet_is_linked(
    closed: Sat, service: Service, browser: httpx.AsyncClient
) -> None:
    page = (await browser.get(PATH)).text

    assert "<i>B</i>" not in page
    assert 'href="/api/v1/sessions/ahc-2/report.csv"' in page


async def test_before_a_meeting_is_closed_the_page_says_so(
    service: Service, clock: SettableClock, browser: httpx.AsyncClient
) -> None:
    sat(service.writer, clock).play((0, "open"), (1, "call"), (1, "start"), (2, "finish"))

    answer = await browser.get(PATH)

    assert (answer.status_code, rows(answer.text)) == (200, [])
    assert "Nothing is told yet" in answer.text


async def test_a_draft_has_no_page(closed: Sat, service: Service, browser: httpx.AsyncClient) -> None:
    service.writer.act_now(lambda tx: tx.conn.update(Session, closed.scene.session, status="draft"))

    assert (await browser.get(PATH)).status_code == 404


async def test_in_arabic_time_runs_from_right_to_left(
    closed: Sat, service: Service, browser: httpx.AsyncClient
) -> None:
    page = (await browser.get(PATH, params={"lang": "ar"})).text

    bars = re.findall(r'class="(planned|actual)" x="([\d.]+)%" .*?width="([\d.]+)%"', page)
    assert [(name, round(float(x) + float(width), 1)) for name, x, width in bars] == [
        ("planned", 100.0),
        ("actual", 100.0),
    ]
