"""The programme's page: on two clocks, with nothing in it that anybody could have planted."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.people.permission import OPERATOR
from scheduler.programme import sessions
from scheduler.secretariat import moving
from tests.makers import speaking

ROOT = "http://rostrum.test"
HOSTILE = [
    '<script>alert("title")</script>',
    "\"><img src=x onerror=alert('room')>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "javascript:alert(1)//",
]


class Read(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


@pytest.fixture
def shown(service: Service, clock: SettableClock) -> speaking.Scene:
    """The scene two days before its meeting, 10:00 to 13:00 in Vienna on 8 June 2022."""
    clock.set(datetime(2022, 6, 6, 12, tzinfo=UTC))
    return service.writer.act_now(speaking.scene)


async def page(client: httpx.AsyncClient, path: str = "/", method: str = "GET") -> httpx.Response:
    return await client.request(method, f"{ROOT}{path}")


async def test_page_shows_when_meetings_are_and_what_of_their_lists_is_free(
    client: httpx.AsyncClient, shown: speaking.Scene
) -> None:
    answer = await page(client)
    text = " ".join(Read(answer.text).text.split())

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Meeting 1 Wed 8 June 2022, 10:00 to 13:00 Vienna" in text
    assert "Item 5 : open , 20 of 20 slots free" in text
    assert "webcal://127.0.0.1:8000/calendars/sessions/ahc-2.ics?include=deadlines" in answer.text


@pytest.mark.parametrize(
    ("zone", "hers"),
    [
        ("America/Bogota", "Wed 8 June 2022, 03:00 to 06:00 Bogota"),
        ("Pacific/Apia", "Wed 8 June 2022, 21:00 to 00:00 on Thu 9 June 2022 Apia"),
    ],
)
async def test_page_shows_the_viewers_clock_beside_the_venues(
    client: httpx.AsyncClient, shown: speaking.Scene, zone: str, hers: str
) -> None:
    answer = await page(client, f"/?tz={zone}")
    text = " ".join(Read(answer.text).text.split())

    assert hers in text
    assert "Wed 8 June 2022, 10:00 to 13:00 Vienna" in text


@pytest.mark.parametrize("zone", ["Europe/Wien", "UTC+2", "<b>bold</b>", "%00", "../../etc/passwd"])
async def test_unknown_zone_is_told_and_the_page_shown_on_the_venues_clock(
    client: httpx.AsyncClient, shown: speaking.Scene, zone: str
) -> None:
    answer = await client.get(f"{ROOT}/", params={"tz": zone} if zone != "%00" else {"tz": "\0"})

    assert answer.status_code == 422
    assert "There is no time zone" in answer.text
    assert "<b>bold" not in answer.text
    assert "10:00 to 13:00" in answer.text


async def test_an_endless_zone_is_refused(client: httpx.AsyncClient) -> None:
    assert (await page(client, "/?tz=" + "x" * 65)).status_code == 422


async def test_texts_from_outside_stay_texts(
    client: httpx.AsyncClient, service: Service, shown: speaking.Scene
) -> None:
    meeting, session = dict(zip(("title", "room"), HOSTILE, strict=False)), {"title": HOSTILE[2], "venue": HOSTILE[3]}
    plain = Read((await page(client)).text)
    service.writer.act_now(lambda tx: moving.change_meeting(tx, OPERATOR, shown.meeting, meeting))
    service.writer.act_now(lambda tx: sessions.change(tx, OPERATOR, "ahc-2", session | {"description": HOSTILE[0]}))

    found = Read((await page(client, "/?tz=America/Bogota")).text)

    tags: set[str] = {tag for tag, _ in found.tags}
    addresses = [value for _, said in found.tags for name, value in said.items() if name in {"href", "src", "action"}]
    assert tags <= {tag for tag, _ in plain.tags} | {"span", "br"}
    assert {"script", "img"}.isdisjoint(tags)
    assert [name for _, said in found.tags for name in said if name.startswith("on")] == []
    assert [address for address in addresses if str(address).startswith("javascript:")] == []
    assert all(text in found.text for text in HOSTILE)


async def test_nothing_of_a_draft_is_shown(client: httpx.AsyncClient, service: Service) -> None:
    new: dict[str, Any] = {
        "code": "secret", "body": "ahc", "title": "Secret", "timezone": "Europe/Vienna", "starts_on": "2022-06-08",
        "ends_on": "2022-06-09",
    }  # fmt: skip
    service.writer.act_now(speaking.scene)
    body = (await client.get("/sessions/ahc-2")).json()["body"]
    service.writer.act_now(lambda tx: sessions.add(tx, OPERATOR, sessions.NewSession(**new | {"body": body})))

    assert "Secret" not in (await page(client)).text


@pytest.mark.parametrize("path", ["/", "/?tz=America/Bogota", "/?tz=nowhere"])
async def test_head_says_what_get_says_without_the_page(
    client: httpx.AsyncClient, shown: speaking.Scene, path: str
) -> None:
    got, asked = await page(client, path), await page(client, path, "HEAD")

    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert asked.headers == got.headers


@pytest.mark.parametrize("path", ["/", "/?tz=nowhere"])
async def test_browser_is_told_to_run_and_fetch_nothing_from_elsewhere(client: httpx.AsyncClient, path: str) -> None:
    headers = (await page(client, path)).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_style_sheet_is_there(client: httpx.AsyncClient) -> None:
    answer = await page(client, "/static/rostrum.css")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")


@pytest.mark.parametrize("path", ["/demo/mail", "/demo/mail/some", "/static/../settings.py", "/static/nothing.css"])
async def test_what_is_not_there_is_a_problem_document(client: httpx.AsyncClient, path: str) -> None:
    answer = await page(client, path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
