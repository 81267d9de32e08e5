"""The programme's page: on two clocks, with nothing in it that anybody could have planted."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from api.pages.static_files import asset
from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.lists import drawing_up
from scheduler.people.permission import OPERATOR, Scopes
from scheduler.programme import sessions
from scheduler.programme.tables import Meeting, Session
from scheduler.secretariat import moving
from scheduler.storage.writer import Tx
from tests.makers import people, speaking

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
    assert "Next, in 1 day 10:00–13:00 Wed 8 June 2022" in text.replace("Wed 8 June", "Wed 8 June 2022", 1)
    assert "Item 5, open , 20 of 20 slots free. Take a slot" in text
    assert "webcal://127.0.0.1:8000/calendars/sessions/ahc-2.ics?include=deadlines" in answer.text


@pytest.mark.parametrize(
    ("zone", "hers"),
    [
        ("America/Bogota", "03:00–06:00 Wed 8 June Your night 10:00–13:00 Vienna, Wed 8 June"),
        ("Pacific/Apia", "21:00–00:00 Wed 8 June 10:00–13:00 Vienna, Wed 8 June"),
        ("Europe/Vienna", "10:00–13:00 Wed 8 June Vienna"),
    ],
)
@pytest.mark.parametrize("told", ["query", "cookie", "browser"])
async def test_page_shows_the_viewers_clock_beside_the_venues(
    client: httpx.AsyncClient, shown: speaking.Scene, zone: str, hers: str, told: str
) -> None:
    cookie = {"cookie": "rostrum_zone", "browser": "rostrum_detected"}.get(told)
    headers = {"Cookie": f"{cookie}={zone}"} if cookie else {}

    answer = await client.get(f"{ROOT}/" + ("" if cookie else f"?tz={zone}"), headers=headers)

    assert hers in " ".join(Read(answer.text).text.split())


@pytest.mark.parametrize("zone", ["Europe/Wien", "UTC+2", "<b>bold</b>", "%00", "../../etc/passwd"])
async def test_unknown_zone_is_told_and_the_page_shown_on_the_venues_clock(
    client: httpx.AsyncClient, shown: speaking.Scene, zone: str
) -> None:
    answer = await client.get(f"{ROOT}/", params={"tz": zone} if zone != "%00" else {"tz": "\0"})

    assert answer.status_code == 422
    assert "There is no time zone" in answer.text
    assert "<b>bold" not in answer.text
    assert "10:00–13:00" in answer.text


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
    assert tags <= {tag for tag, _ in plain.tags} | {"span", "br", "bdi"}
    assert "img" not in tags
    assert [dict(said)["src"] for tag, said in found.tags if tag == "script"] == [asset("rostrum.js")]
    assert [name for _, said in found.tags for name in said if name.startswith("on")] == []
    assert [address for address in addresses if str(address).startswith("javascript:")] == []
    assert all(text in found.text for text in HOSTILE[:3])
    assert HOSTILE[3] in (await page(client, "/sessions/ahc-2")).text.replace("&#39;", "'")


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
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_style_sheet_is_there(client: httpx.AsyncClient) -> None:
    answer = await page(client, "/static/rostrum.css")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")


async def test_page_and_style_come_compressed_to_who_takes_that(client: httpx.AsyncClient) -> None:
    plain, packed = [
        [await client.get(f"{ROOT}{path}", headers={"Accept-Encoding": takes}) for path in ("/", "/static/rostrum.css")]
        for takes in ("identity", "gzip")
    ]

    assert [each.headers.get("content-encoding") for each in (*plain, *packed)] == [None, None, "gzip", "gzip"]
    assert packed[1].text == plain[1].text
    assert [each.headers["vary"] for each in packed] == ["Cookie, Accept-Language, Accept-Encoding", "Accept-Encoding"]


@pytest.mark.parametrize("path", ["/demo/mail", "/demo/mail/some", "/static/../settings.py", "/static/nothing.css"])
async def test_what_is_not_there_is_a_problem_document(client: httpx.AsyncClient, path: str) -> None:
    answer = await page(client, path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_search_finds_sessions_by_title_and_by_agenda_item(
    client: httpx.AsyncClient, service: Service, shown: speaking.Scene
) -> None:
    def with_item(tx: Tx) -> None:
        item = speaking.item(tx, Scopes(body=shown.body, session=shown.session))
        tx.conn.update(Meeting, shown.meeting, items=[item])

    service.writer.act_now(with_item)

    said = [(await client.get(f"{ROOT}/", params={"q": words})).text for words in ("AHC", "criminal", "nothing")]

    assert ["1 session found" in text for text in said] == [True, True, False]
    assert "0 sessions found for “nothing”" in said[2]


@pytest.mark.parametrize(
    ("header", "spoken", "heading"),
    [
        ("fr-CH, en;q=0.5", "fr", "Sessions"),
        ("xx, es;q=0.7, en;q=0.1", "es", "Períodos de sesiones"),
        (";;q=", "en", "Sessions"),
    ],
)
async def test_page_speaks_the_language_that_the_browser_asks_for(
    client: httpx.AsyncClient, shown: speaking.Scene, header: str, spoken: str, heading: str
) -> None:
    text = (await client.get(f"{ROOT}/", headers={"Accept-Language": header})).text

    assert f'<html lang="{spoken}" dir="ltr">' in text
    assert f'<h2 id="sessions">{heading}</h2>' in text


@pytest.mark.parametrize(("zone", "figure"), [("Africa/Cairo", "١٠:٠٠"), ("Pacific/Apia", "21:00")])
async def test_an_arabic_page_has_the_figures_of_the_reader_s_region(
    client: httpx.AsyncClient, shown: speaking.Scene, zone: str, figure: str
) -> None:
    text = (await client.get(f"{ROOT}/sessions/ahc-2?lang=ar&tz={zone}")).text

    assert f'<b class="figure">{figure}' in text
    assert ('data-figures="arab"' in text) is (zone == "Africa/Cairo")
    assert f'<li id="{shown.meeting}">' in text


async def test_no_address_of_a_person_is_on_a_public_page(
    client: httpx.AsyncClient, service: Service, shown: speaking.Scene
) -> None:
    service.writer.act_now(lambda tx: people.person(tx, "Somebody"))

    for path in ("/", "/sessions/ahc-2"):
        assert "@example" not in (await page(client, path)).text


async def test_session_shows_each_meeting_on_the_rail_and_in_the_list(
    client: httpx.AsyncClient, shown: speaking.Scene
) -> None:
    answer = await page(client, "/sessions/ahc-2?tz=Pacific/Apia")

    assert f'<li id="{shown.meeting}">' in answer.text
    # 21:00 of 24 hours, and three hours long.
    assert '<rect class="box" x="87.50%" y="4" width="12.50%" height="22"/>' in answer.text
    assert "style=" not in answer.text


async def test_a_draft_is_a_page_for_nobody_else(
    client: httpx.AsyncClient, service: Service, shown: speaking.Scene
) -> None:
    service.writer.act_now(lambda tx: tx.conn.update(Session, shown.session, status="draft"))

    assert (await page(client, "/sessions/ahc-2")).status_code == 404
    told = await client.get(f"{ROOT}/sessions/ahc-2", headers={"Accept": "text/html"})
    assert (told.status_code, told.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_week_is_shown_on_the_rail_or_as_a_list(client: httpx.AsyncClient, shown: speaking.Scene) -> None:
    rail, listed = (await page(client)).text, (await page(client, "/?view=list")).text

    assert ('class="rail"' in rail, 'class="rows sittings"' in rail) == (True, False)
    assert ('class="rail"' in listed, 'class="rows sittings"' in listed) == (False, True)


async def test_what_is_on_leads_to_its_floor_and_then_to_the_report(
    client: httpx.AsyncClient, shown: speaking.Scene, clock: SettableClock
) -> None:
    before = [(await page(client, path)).text for path in ("/", "/sessions/ahc-2")]
    clock.set(datetime(2022, 6, 8, 9, tzinfo=UTC))
    after = [(await page(client, path)).text for path in ("/", "/sessions/ahc-2")]

    links = (f'href="/meetings/{shown.meeting}">', 'href="/sessions/ahc-2/report"')
    assert [link in text for link, text in zip(links, before, strict=True)] == [False, False]
    assert [link in text for link, text in zip(links, after, strict=True)] == [True, True]


async def test_foot_of_a_phone_says_that_a_list_closes_soon(
    client: httpx.AsyncClient, service: Service, shown: speaking.Scene
) -> None:
    before = Read((await page(client)).text).text
    closes = {"closes_at": "2022-06-07T10:00:00Z"}
    service.writer.act_now(lambda tx: drawing_up.change(tx, OPERATOR, shown.list, closes))
    after = Read((await page(client)).text).text

    assert ("1 closes soon" in before, "Lists, 1 closes soon" in after) == (False, True)
