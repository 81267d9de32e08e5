"""Bodies, sessions, items and meetings over HTTP."""

from typing import Any

import httpx
import pytest

from scheduler.people.permission import Actor
from tests.api.conftest import Sign

SESSION = {
    "code": "ahc-2",
    "body": "ahc",
    "title": "Second session",
    "timezone": "Europe/Vienna",
    "starts_on": "2022-05-30",
    "ends_on": "2022-06-10",
    "status": "published",
}
MEETING = {"title": "1st meeting", "date": "2022-05-30", "start": "10:00", "end": "12:00", "room": "Plenary Hall"}


@pytest.fixture
async def sec(client: httpx.AsyncClient, secretariat: Actor, sign: Sign) -> dict[str, str]:
    headers = sign(secretariat)
    assert (await client.post("/bodies", json={"code": "ahc", "name": "Committee"}, headers=headers)).status_code == 201
    assert (await client.post("/sessions", json=SESSION, headers=headers)).status_code == 201
    return headers


async def _meeting(client: httpx.AsyncClient, headers: dict[str, str], **changed: Any) -> httpx.Response:
    return await client.post("/sessions/ahc-2/meetings", json={**MEETING, **changed}, headers=headers)


async def test_a_meeting_is_shown_on_the_venues_and_the_viewers_clock(
    client: httpx.AsyncClient, sec: dict[str, str]
) -> None:
    made = (await _meeting(client, sec)).json()

    answer = (await client.get(f"/meetings/{made['id']}?tz=Pacific/Apia")).json()

    assert (answer["starts_at"], answer["start"], answer["timezone"]) == (
        "2022-05-30T08:00:00Z",
        "10:00",
        "Europe/Vienna",
    )
    assert answer["viewer"] == {
        "timezone": "Pacific/Apia",
        "date": "2022-05-30",
        "start": "21:00",
        "end": "23:00",
        "end_date": "2022-05-30",
        "day_shift": 0,
        "civil": "evening",
    }


async def test_an_array_of_meetings_is_added_whole_or_not_at_all(
    client: httpx.AsyncClient, sec: dict[str, str]
) -> None:
    wrong = [MEETING, {**MEETING, "date": "2022-07-01"}]

    refused = await client.post("/sessions/ahc-2/meetings", json=wrong, headers=sec)

    assert (refused.status_code, refused.json()["code"]) == (422, "outside-session")
    assert refused.json()["errors"][0]["field"] == "1.date"
    assert (await client.get("/sessions/ahc-2/meetings")).json()["items"] == []


async def test_a_skipped_hour_is_refused_with_what_exists_beside_it(
    client: httpx.AsyncClient, sec: dict[str, str]
) -> None:
    spring = {**SESSION, "code": "spring", "starts_on": "2022-03-27", "ends_on": "2022-10-30"}
    await client.post("/sessions", json=spring, headers=sec)

    answer = await client.post(
        "/sessions/spring/meetings", json={**MEETING, "date": "2022-03-27", "start": "02:30"}, headers=sec
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "local-time-skipped")
    assert [c["time"] for c in answer.json()["candidates"]] == ["01:59", "03:00"]


async def test_a_repeated_hour_is_refused_with_both_moments(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    autumn = {**SESSION, "code": "autumn", "starts_on": "2022-10-30", "ends_on": "2022-10-30"}
    await client.post("/sessions", json=autumn, headers=sec)

    answer = await client.post(
        "/sessions/autumn/meetings", json={**MEETING, "date": "2022-10-30", "start": "02:30"}, headers=sec
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "local-time-ambiguous")
    assert answer.json()["candidates"] == [
        {"fold": 0, "starts_at": "2022-10-30T00:30:00Z"},
        {"fold": 1, "starts_at": "2022-10-30T01:30:00Z"},
    ]


async def test_a_moved_meeting_keeps_its_room_rule(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    first = (await _meeting(client, sec)).json()
    second = (await _meeting(client, sec, start="15:00", end="17:00")).json()

    clash = await client.patch(f"/meetings/{second['id']}", json={"start": "11:00", "end": "13:00"}, headers=sec)
    moved = await client.patch(f"/meetings/{second['id']}", json={"date": "2022-05-31"}, headers=sec)

    assert (clash.status_code, clash.json()["code"], clash.json()["meetings"]) == (
        409,
        "overlapping-meeting",
        [first["id"]],
    )
    assert (moved.status_code, moved.json()["starts_at"], moved.json()["version"]) == (200, "2022-05-31T13:00:00Z", 2)


async def test_a_stale_write_gets_the_present_state(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    made = (await _meeting(client, sec)).json()
    await client.patch(f"/meetings/{made['id']}", json={"title": "Opening"}, headers=sec)

    stale = await client.patch(f"/meetings/{made['id']}", json={"title": "Closing", "expected_version": 1}, headers=sec)

    assert (stale.status_code, stale.json()["code"]) == (409, "version-conflict")
    assert stale.json()["current"]["title"] == "Opening"


async def test_a_cancelled_meeting_comes_back(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    made = (await _meeting(client, sec)).json()

    cancelled = await client.patch(f"/meetings/{made['id']}", json={"status": "cancelled"}, headers=sec)
    back = await client.patch(f"/meetings/{made['id']}", json={"status": "scheduled"}, headers=sec)

    assert [cancelled.json()["status"], back.json()["status"]] == ["cancelled", "scheduled"]


async def test_a_whole_session_moves_by_days(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    made = (await _meeting(client, sec)).json()

    moved = await client.post("/sessions/ahc-2/move", json={"starts_on": "2022-06-06"}, headers=sec)

    assert (moved.json()["starts_on"], moved.json()["ends_on"]) == ("2022-06-06", "2022-06-17")
    assert (await client.get(f"/meetings/{made['id']}")).json()["date"] == "2022-06-06"


async def test_the_public_knows_nothing_of_a_draft(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    await client.post("/sessions", json={**SESSION, "code": "draft", "status": "draft"}, headers=sec)

    unsigned = await client.get("/sessions/draft")
    listed = [s["code"] for s in (await client.get("/sessions")).json()["items"]]

    assert (unsigned.status_code, listed) == (404, ["ahc-2"])


async def test_a_participant_may_not_write(
    client: httpx.AsyncClient, sec: dict[str, str], participant: Actor, sign: Sign
) -> None:
    answer = await client.post("/sessions/ahc-2/meetings", json=MEETING, headers=sign(participant))

    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_who_is_unsigned_is_told_so_before_a_broken_body(client: httpx.AsyncClient) -> None:
    answer = await client.post("/bodies", content=b"{not json")

    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


async def test_a_body_that_is_no_json_is_a_shape_error(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    broken = [b"{not json", b"\xff\xfe", b"[" * 100_000]

    answers = [
        await client.post("/bodies", content=body, headers={**sec, "Content-Type": "application/json"})
        for body in broken
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(422, "invalid")] * 3


async def test_a_lone_surrogate_becomes_a_replacement_character(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    answer = await client.post(
        "/bodies",
        content=b'{"code": "odd", "name": "a\\ud800b\\u0000\\nc"}',
        headers={**sec, "Content-Type": "application/json"},
    )

    assert (answer.status_code, answer.json()["name"]) == (201, "a\ufffdb c")


async def test_a_repeat_under_one_key_gets_the_first_answer(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    headers = {**sec, "Idempotency-Key": "once"}
    sent = {"code": "twice", "name": "Twice"}

    answers = [await client.post("/bodies", json=sent, headers=headers) for _ in range(2)]
    other = await client.post("/bodies", json={**sent, "name": "Else"}, headers=headers)

    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert (other.status_code, other.json()["code"]) == (422, "invalid")


async def test_pages_follow_each_other(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    days = ("2022-06-01", "2022-05-31", "2022-05-30")
    for day in days:
        await _meeting(client, sec, date=day)

    first = (await client.get("/sessions/ahc-2/meetings?limit=2")).json()
    second = (await client.get(f"/sessions/ahc-2/meetings?limit=2&cursor={first['next']}")).json()

    assert [m["date"] for m in first["items"] + second["items"]] == sorted(days)
    assert second["next"] is None


async def test_a_cursor_of_nobodys_is_a_shape_error(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    answer = await client.get("/sessions/ahc-2/meetings?cursor=nonsense", headers=sec)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")
