"""What may be sent about the programme, and what is refused by its shape."""

from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from tests.api.conftest import Sign
from tests.makers import places, speaking

SESSION = {
    "code": "ahc-9",
    "body": "body-of-ahc-2",
    "title": "Ninth session",
    "timezone": "Europe/Vienna",
    "starts_on": "2022-05-30",
    "ends_on": "2022-06-10",
}
MOMENT = {"date": "2022-06-01", "time": "25:00", "timezone": "Europe/Vienna"}
MEETING = {"title": "1st meeting", "date": "2022-05-30", "start": "10:00", "end": "12:00"}


@pytest.fixture
def ids(service: Service) -> dict[str, str]:
    """A published session, ahc-2, with a meeting and an agenda item."""

    def make(tx: Tx) -> dict[str, str]:
        of = places.session(tx)
        return {"session": "ahc-2", "meeting": speaking.meeting(tx, of), "item": speaking.item(tx, of)}

    return service.writer.act_now(make)


@pytest.fixture
def sec(secretariat: Actor, sign: Sign) -> dict[str, str]:
    return sign(secretariat)


@pytest.mark.parametrize(
    ("address", "sent", "field"),
    [
        ("/bodies", {"code": "ga"}, "name"),
        ("/bodies", {"code": "G A", "name": "Assembly"}, "code"),
        ("/bodies", {"code": "ga", "name": " \n"}, "name"),
        ("/bodies", {"code": "ga", "name": "Assembly", "id": "x"}, "id"),
        ("/sessions", {**SESSION, "body": 5}, "body"),
        ("/sessions", {**SESSION, "deadlines": [{"title": "End", "at": 5}]}, "deadlines.0.at"),
        ("/sessions", {**SESSION, "deadlines": [{"title": "End", "at": MOMENT}]}, "deadlines.0.at.time"),
        ("/sessions/ahc-2/meetings", {**MEETING, "date": "2022-6-1"}, "date"),
        ("/sessions/ahc-2/meetings", {**MEETING, "remote_budget_seconds": -1}, "remote_budget_seconds"),
        ("/sessions/ahc-2/meetings", [MEETING, {**MEETING, "start": "9:00"}], "1.start"),
        ("/sessions/ahc-2/meetings", None, ""),
        ("/sessions/ahc-2/meetings", [], ""),
        ("/sessions", {**SESSION, "meetings_count": 3}, "meetings_count"),
        ("/sessions", {**SESSION, "kind": "party"}, "kind"),
        ("/sessions", {**SESSION, "starts_on": "2022-6-1"}, "starts_on"),
        ("/sessions", {**SESSION, "reply_seconds": [0]}, "reply_seconds.0"),
        ("/sessions", {**SESSION, "deadlines": [{"at": "2022-06-01T10:00:00Z"}]}, "deadlines.0.title"),
        ("/sessions/ahc-2/items", {"number": "1"}, "title"),
        ("/sessions/ahc-2/items", {"number": "1", "title": "One", "status": "over"}, "status"),
    ],
)
async def test_a_wrong_shape_is_refused_at_its_field(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str], *, address: str, sent: Any, field: str
) -> None:
    answer = await client.post(address, json=sent, headers=sec)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_at": "2022-06-08T08:00:00Z"},
        {"start": "9:00"},
        {"fold": 2},
        {"fold": True},
        {"fold": 0.0},
        {"number": 0},
        {"number": 2**40},
        {"format": None, "status": None},
        {"status": "in_progress"},
        {"languages": ["de"]},
        {"items": ["5"]},
        {"remote_budget_seconds": -1},
        {"join_url": "javascript:alert(1)"},
        {"webcast_url": "https://x.example.org/a b"},
        {"title": None},
        {"title": "x" * 501},
        {"expected_version": "1"},
    ],
)
async def test_a_meeting_is_not_changed_by_a_wrong_shape(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str], changed: dict[str, Any]
) -> None:
    before = (await client.get(f"/meetings/{ids['meeting']}")).json()

    answer = await client.patch(f"/meetings/{ids['meeting']}", json=changed, headers=sec)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (await client.get(f"/meetings/{ids['meeting']}")).json() == before


@pytest.mark.parametrize(
    "address",
    [
        "/bodies/nowhere",
        "/bodies/No%20Code",
        "/sessions/nowhere",
        "/sessions/a%00b",
        "/sessions/nowhere/items",
        "/sessions/nowhere/meetings",
        "/meetings/1",
        "/meetings/a%00b",
        "/meetings/5b0c1a52-0d7c-4d4a-9d1f-6a3f5d1f0a11",
    ],
)
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_session_moves_by_no_word_that_only_sounds_like_yes(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str]
) -> None:
    moved = {"starts_on": "2022-06-06", "dry_run": "yes"}

    answer = await client.post("/sessions/ahc-2/move", json=moved, headers=sec)

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["dry_run"])


@pytest.mark.parametrize("zone", ["", "Mars/Phobos"])
async def test_a_meeting_is_added_in_no_unknown_zone(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str], zone: str
) -> None:
    answer = await client.post("/sessions/ahc-2/meetings", json={**MEETING, "timezone": zone}, headers=sec)

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-timezone")


@pytest.mark.parametrize("address", ["/sessions", "/sessions/ahc-2", "/sessions/ahc-2/meetings"])
async def test_an_unknown_zone_is_refused(client: httpx.AsyncClient, ids: dict[str, str], address: str) -> None:
    answer = await client.get(address, params={"tz": "Mars/Phobos"})

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-timezone")


async def test_a_session_is_shown_on_the_viewers_clock_from_first_start_to_last_end(
    client: httpx.AsyncClient, service: Service, ids: dict[str, str]
) -> None:
    service.writer.act_now(lambda tx: places.session(tx, "ahc-1"))

    listed = (await client.get("/sessions?tz=Pacific/Apia")).json()["items"]
    one = (await client.get("/sessions/ahc-2?tz=Pacific/Apia")).json()

    assert {each["code"]: each["viewer"] for each in listed} == {
        "ahc-1": None,
        "ahc-2": {
            "timezone": "Pacific/Apia",
            "date": "2022-06-08",
            "start": "21:00",
            "end": "00:00",
            "end_date": "2022-06-09",
            "day_shift": 0,
            "civil": "evening",
        },
    }
    assert one in listed


async def test_a_written_deadline_stays_as_it_was_written(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str]
) -> None:
    wall = {"date": "2022-06-10", "time": "18:00", "timezone": "America/New_York"}
    sent = [{"title": "Registration closes", "at": wall}, {"title": "Papers", "at": "2022-06-01T12:00:00+02:00"}]

    made = await client.post("/sessions", json={**SESSION, "deadlines": sent}, headers=sec)
    again = await client.patch("/sessions/ahc-9", json={"deadlines": made.json()["deadlines"]}, headers=sec)

    assert made.status_code == 201
    assert made.json()["deadlines"] == [
        {"title": "Registration closes", "at": "2022-06-10T22:00:00Z", "as": wall},
        {"title": "Papers", "at": "2022-06-01T10:00:00Z", "as": "2022-06-01T12:00:00+02:00"},
    ]
    assert (again.status_code, again.json()) == (200, made.json())


async def test_an_item_is_started_and_ended(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str]
) -> None:
    answers = [
        (await client.patch(f"/items/{ids['item']}", json={"status": status}, headers=sec)).json()
        for status in ("started", "ended")
    ]

    assert [(each["status"], each["started_at"], each["ended_at"]) for each in answers] == [
        ("started", "2022-05-01T12:00:00Z", None),
        ("ended", "2022-05-01T12:00:00Z", "2022-05-01T12:00:00Z"),
    ]
    assert (await client.get("/sessions/ahc-2/items")).json()["items"] == [answers[-1]]


async def test_bodies_and_items_come_page_by_page(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str]
) -> None:
    for number in ("6", "7"):
        await client.post("/sessions/ahc-2/items", json={"number": number, "title": "More"}, headers=sec)
    for code in ("a", "b"):
        await client.post("/bodies", json={"code": code, "name": code}, headers=sec)

    async def walk(address: str) -> list[list[dict[str, Any]]]:
        pages, cursor = [], ""
        while True:
            page = (await client.get(f"{address}?limit=2{cursor}")).json()
            pages.append(page["items"])
            if page["next"] is None:
                return pages
            cursor = f"&cursor={page['next']}"

    assert [[item["number"] for item in page] for page in await walk("/sessions/ahc-2/items")] == [["5", "6"], ["7"]]
    assert [[body["code"] for body in page] for page in await walk("/bodies")] == [["a", "b"], ["body-of-ahc-2"]]


async def test_null_is_as_if_it_were_not_said(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str]
) -> None:
    unsaid = dict.fromkeys(("kind", "format", "city", "venue", "description", "deadlines", "reply_seconds"))

    made = await client.post("/sessions", json={**SESSION, **unsaid}, headers=sec)
    plain = await client.post("/sessions", json={**SESSION, "code": "ahc-10"}, headers=sec)
    meeting = await client.post(
        "/sessions/ahc-2/meetings", json={**MEETING, "number": None, "timezone": None, "items": None}, headers=sec
    )

    assert [answer.status_code for answer in (made, plain, meeting)] == [201, 201, 201]
    assert made.json() | {"id": "", "code": ""} == plain.json() | {"id": "", "code": ""}
    assert (meeting.json()["number"], meeting.json()["timezone"], meeting.json()["items"]) == (2, "Europe/Vienna", [])


async def test_null_clears_what_a_session_said(
    client: httpx.AsyncClient, ids: dict[str, str], sec: dict[str, str]
) -> None:
    said = {
        "kind": "briefing",
        "format": "online",
        "city": "Vienna",
        "deadlines": [{"title": "P", "at": "2022-06-01T10:00:00Z"}],
    }
    made = await client.post("/sessions", json={**SESSION, **said, "reply_seconds": [60]}, headers=sec)

    cleared = await client.patch("/sessions/ahc-9", json=dict.fromkeys((*said, "reply_seconds")), headers=sec)

    assert (made.status_code, cleared.status_code) == (201, 200)
    assert {name: cleared.json()[name] for name in (*said, "reply_seconds")} == {
        "kind": "session",
        "format": "hybrid",
        "city": None,
        "deadlines": [],
        "reply_seconds": [600, 300],
    }
