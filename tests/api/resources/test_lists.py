from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.ids import new_id
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.makers import places, speaking
from tests.makers.speaking import Scene

NEW = {"title": "Item 5", "allocation": "timed", "slot_seconds": 540}


@pytest.fixture
def meeting(service: Service) -> str:
    return service.writer.act_now(lambda tx: speaking.meeting(tx, places.session(tx)))


async def test_list_is_added_and_read_as_it_was_answered(
    client: httpx.AsyncClient, meeting: str, secretariat: Actor, sign: Sign
) -> None:
    closes = {"date": "2022-06-07", "time": "18:00", "timezone": "America/New_York"}
    sent = NEW | {"closes_at": closes, "window": {"start": "10:00", "end": "11:00"}, "position": 2}

    made = await client.post(f"/meetings/{meeting}/lists", json=sent, headers=sign(secretariat))

    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "meeting": meeting,
        "item": None,
        "position": 2,
        "title": "Item 5",
        "allocation": "timed",
        "status": "pending",
        "opens_at": None,
        "opens_as": None,
        "closes_at": "2022-06-07T22:00:00Z",
        "closes_as": closes,
        "closes_when": None,
        "modes": ["in_person", "remote", "video"],
        "policy": "first_come",
        "policy_options": {"order": [], "steps": []},
        "seconds_default": 180,
        "seconds_by_category": {},
        "window": {"start": "10:00", "end": "11:00", "fold": None},
        "slot_seconds": 540,
        "gap_seconds": 0,
        "capacity": 6,
        "one_per_organisation": False,
        "version": 1,
        "counts": {"slots": 6, "free": 6, "booked": 0, "pending": 0, "allotted": 0, "waiting": 0},
        "seconds_left": 3_240,
        "draw": None,
    }
    assert (await client.get(f"/lists/{made.json()['id']}")).json() == made.json()


async def test_queue_list_is_added(client: httpx.AsyncClient, meeting: str, secretariat: Actor, sign: Sign) -> None:
    sent = {
        "title": "Debate",
        "allocation": "queue",
        "policy_options": {"order": [["member_state"], ["ngo"]], "steps": [{"seconds_default": 120}]},
        "seconds_by_category": {"ngo": 120},
    }

    made = await client.post(f"/meetings/{meeting}/lists", json=sent, headers=sign(secretariat))

    assert (made.status_code, made.json()["capacity"], made.json()["counts"]["slots"]) == (201, None, 0)
    assert made.json()["policy_options"]["order"] == [["member_state"], ["ngo"]]
    assert (made.json()["window"]["start"], made.json()["seconds_left"]) == ("10:00", 10_800)


async def test_repeat_under_one_key_adds_one_list(
    client: httpx.AsyncClient, meeting: str, secretariat: Actor, sign: Sign
) -> None:
    headers = sign(secretariat) | {"Idempotency-Key": "once"}

    first, second = [await client.post(f"/meetings/{meeting}/lists", json=NEW, headers=headers) for _ in range(2)]

    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert len((await client.get(f"/meetings/{meeting}/lists")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "title"),
        (NEW | {"nonsense": 1}, "nonsense"),
        (NEW | {"title": "  "}, "title"),
        (NEW | {"title": None}, "title"),
        (NEW | {"allocation": "lottery"}, "allocation"),
        (NEW | {"modes": []}, "modes"),
        (NEW | {"modes": ["telepathy"]}, "modes.0"),
        (NEW | {"slot_seconds": 0}, "slot_seconds"),
        (NEW | {"slot_seconds": "540"}, "slot_seconds"),
        (NEW | {"capacity": 0}, "capacity"),
        (NEW | {"item": "5"}, "item"),
        (NEW | {"window": {"start": "10:00"}}, "window.end"),
        (NEW | {"slot_seconds": None}, "slot_seconds"),
        (NEW | {"opens_at": "tomorrow"}, "opens_at"),
    ],
)
async def test_list_of_the_wrong_shape_is_refused_by_its_field(
    client: httpx.AsyncClient, meeting: str, secretariat: Actor, sign: Sign, *, sent: dict[str, Any], field: str
) -> None:
    answer = await client.post(f"/meetings/{meeting}/lists", json=sent, headers=sign(secretariat))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("closes_at", "code"),
    [
        ({"date": "2022-03-27", "time": "02:30", "timezone": "Europe/Vienna"}, "local-time-skipped"),
        ({"date": "2022-10-30", "time": "02:30", "timezone": "Europe/Vienna"}, "local-time-ambiguous"),
        ({"date": "2022-10-30", "time": "02:30", "timezone": "Vienna"}, "unknown-timezone"),
    ],
)
async def test_deadline_that_does_not_exist_is_refused_by_its_code(
    client: httpx.AsyncClient, meeting: str, secretariat: Actor, sign: Sign, *, closes_at: dict[str, str], code: str
) -> None:
    sent = NEW | {"closes_at": closes_at}

    answer = await client.post(f"/meetings/{meeting}/lists", json=sent, headers=sign(secretariat))

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_lists_come_page_by_page(client: httpx.AsyncClient, scene: Scene, secretariat: Actor, sign: Sign) -> None:
    window = {"window": {"start": "10:00", "end": "11:00"}}
    for _ in range(2):
        await client.post(f"/meetings/{scene.meeting}/lists", json=NEW | window, headers=sign(secretariat))

    found, cursor = [], None
    for _ in range(3):
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        answer = (await client.get(f"/meetings/{scene.meeting}/lists", params=params)).json()
        found += [(item["position"], len(answer["items"])) for item in answer["items"]]
        cursor = answer["next"]

    assert (found, cursor) == ([(1, 1), (2, 1), (3, 1)], None)


async def test_list_is_shown_on_the_viewers_clock_where_it_has_slots(
    client: httpx.AsyncClient, scene: Scene, secretariat: Actor, sign: Sign
) -> None:
    queue = {"title": "Debate", "allocation": "queue", "window": {"start": "10:00", "end": "11:00"}}
    await client.post(f"/meetings/{scene.meeting}/lists", json=queue, headers=sign(secretariat))

    timed, empty = (await client.get(f"/meetings/{scene.meeting}/lists?tz=Pacific/Apia")).json()["items"]

    assert timed["viewer"] == {
        "timezone": "Pacific/Apia",
        "date": "2022-06-08",
        "start": "21:00",
        "end": "00:00",
        "end_date": "2022-06-09",
        "day_shift": 0,
        "civil": "evening",
    }
    assert empty["viewer"] is None
    assert (await client.get(f"/lists/{scene.list}?tz=Pacific/Apia")).json()["viewer"] == timed["viewer"]
    assert (await client.get(f"/lists/{scene.list}?tz=Mars")).json()["code"] == "unknown-timezone"


async def test_list_is_changed_and_a_stale_change_refused(
    client: httpx.AsyncClient, scene: Scene, secretariat: Actor, sign: Sign
) -> None:
    path, headers = f"/lists/{scene.list}", sign(secretariat)

    changed = await client.patch(path, json={"title": "Item 6", "capacity": 5}, headers=headers)
    stale = await client.patch(path, json={"title": "Item 7", "expected_version": 1}, headers=headers)
    cleared = await client.patch(path, json={"capacity": None, "expected_version": 3}, headers=headers)

    assert (changed.json()["title"], changed.json()["capacity"], changed.json()["version"]) == ("Item 6", 5, 3)
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]) == (
        409,
        "version-conflict",
        changed.json(),
    )
    assert (cleared.json()["capacity"], cleared.json()["version"]) == (20, 4)


async def test_what_cannot_be_null_is_not_cleared(
    client: httpx.AsyncClient, scene: Scene, secretariat: Actor, sign: Sign
) -> None:
    for field in ("title", "seconds_default", "gap_seconds", "one_per_organisation", "policy"):
        answer = await client.patch(f"/lists/{scene.list}", json={field: None}, headers=sign(secretariat))

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_chair_closes_and_reopens_by_hand(client: httpx.AsyncClient, scene: Scene, chair: dict[str, str]) -> None:
    found = [await client.post(f"/lists/{scene.list}/{act}", headers=chair) for act in ("close", "reopen", "open")]

    assert [(answer.status_code, answer.json().get("status")) for answer in found] == [
        (200, "closed"),
        (200, "open"),
        (409, 409),
    ]
    assert (found[2].json()["code"], found[2].json()["allowed"]) == ("not-allowed-now", ["close"])


async def test_asked_in_order_signed_in_shape_existence_permission(
    client: httpx.AsyncClient, scene: Scene, participant: Actor, sign: Sign
) -> None:
    path = f"/meetings/{scene.meeting}/lists"

    unsigned = await client.post(path, content=b"{no json")
    shape = await client.post(f"/meetings/{new_id()}/lists", json={}, headers=sign(participant))
    missing = await client.post(f"/meetings/{new_id()}/lists", json=NEW, headers=sign(participant))
    forbidden = await client.post(path, json=NEW | {"item": new_id()}, headers=sign(participant))

    assert [answer.status_code for answer in (unsigned, shape, missing, forbidden)] == [401, 422, 404, 403]


@pytest.mark.parametrize("id_", ["nonsense", "%00", "c0ffee00-0000-4000-8000-000000000000"])
async def test_list_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign, id_: str
) -> None:
    headers = sign(secretariat)
    found = [
        await client.get(f"/lists/{id_}"),
        await client.get(f"/meetings/{id_}/lists"),
        await client.post(f"/meetings/{id_}/lists", json=NEW, headers=headers),
        await client.patch(f"/lists/{id_}", json={}, headers=headers),
        await client.post(f"/lists/{id_}/open", headers=headers),
        await client.post(f"/lists/{id_}/close", headers=headers),
        await client.post(f"/lists/{id_}/reopen", headers=headers),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in found] == [(404, "not-found")] * 7


async def test_cursor_that_no_database_could_compare_with_is_refused(client: httpx.AsyncClient, scene: Scene) -> None:
    for cursor in ("WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMCwieCJd", "WzEsIlx1MDAwMCJd"):
        answer = await client.get(f"/meetings/{scene.meeting}/lists", params={"cursor": cursor})

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")
