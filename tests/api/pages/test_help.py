"""How to subscribe in each calendar program."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import create_app
from api.web.service import Service


@pytest.fixture
async def browser(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rostrum.test") as client:
        yield client


async def test_each_program_has_steps_and_says_how_often_it_looks(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/help")

    assert answer.status_code == 200
    programs = re.findall(r'<article class="program" id="([^"]*)">(.*?)</article>', answer.text, re.DOTALL)
    assert [name for name, _ in programs] == [
        *("apple-mac", "apple", "google", "outlook", "office", "outlook-classic", "thunderbird", "android", "others"),
    ]
    assert {("<ol><li>" in text, "It looks:" in text) for _, text in programs} == {(True, True)}
    assert [name for name, text in programs if "Where that is too slow:" in text] == ["google", "outlook", "office"]


async def test_the_panel_there_subscribes_to_the_whole_programme(browser: httpx.AsyncClient, service: Service) -> None:
    page = (await browser.get("/help")).text

    host = service.settings.base_url.partition("://")[2]
    assert f'href="webcal://{host}/calendars/programme.ics"' in page


async def test_the_foot_of_a_page_leads_there(browser: httpx.AsyncClient) -> None:
    pages = {path: (await browser.get(path)).text for path in ("/", "/help", "/clock")}

    assert {path: 'href="/help"' in page for path, page in pages.items()} == dict.fromkeys(pages, True)


async def test_help_is_in_the_readers_language(browser: httpx.AsyncClient) -> None:
    assert "Calendarios: cómo suscribirse" in (await browser.get("/help", params={"lang": "es"})).text
