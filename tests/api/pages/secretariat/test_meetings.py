"""Meetings made from a day's pattern and changed; lists of speakers, agenda items and bodies by forms."""

import re
from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.lists.booking import Booking, book
from tests.api.pages.secretariat.asking import faults, get, hidden, send, text
from tests.makers import places, speaking
from tests.makers.speaking import Scene

PATH = "/secretariat/sessions/ahc-2/meetings/new"
PATTERN: dict[str, Any] = {
    "first": "2022-05-30", "last": "2022-06-03", "at__0__start": "10:00", "at__0__end": "13:00",
    "at__1__start": "1500", "at__1__end": "18.00", "but": "2022-06-01", "room": "Boardroom D", "format": "hybrid",
    "links_for": "accredited", "replies": "after_list", "languages": ["en", "fr"],
}  # fmt: skip


@pytest.fixture
def session(service: Service) -> None:
    service.writer.act_now(lambda tx: places.session(tx, "ahc-2"))


async def meetings(client: httpx.AsyncClient, code: str = "ahc-2") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get(f"/sessions/{code}/meetings")).json()["items"]
    return found


@pytest.mark.usefixtures("session")
async def test_a_pattern_is_looked_at_and_then_made_whole(desk: httpx.AsyncClient) -> None:
    looked = await send(desk, PATH, **PATTERN, do="look")
    before = await meetings(desk)
    done = await send(desk, PATH, **PATTERN, do="apply", seen=unquoted(hidden(looked.text, "seen")))
    made = await meetings(desk)

    assert "8 meetings would be made" in text(looked.text)
    assert "1st meeting Mon 30 May 10:00–13:00 Boardroom D 2nd meeting Mon 30 May 15:00–18:00" in text(looked.text)
    assert (before, done.headers["location"]) == ([], "/secretariat/sessions/ahc-2?done=meetings")
    assert [(each["number"], each["title"], each["date"], each["start"]) for each in made[:3]] == [
        (1, "1st meeting", "2022-05-30", "10:00"),
        (2, "2nd meeting", "2022-05-30", "15:00"),
        (3, "3rd meeting", "2022-05-31", "10:00"),
    ]
    assert {each["date"] for each in made} == {"2022-05-30", "2022-05-31", "2022-06-02", "2022-06-03"}
    assert {(each["room"], *each["languages"]) for each in made} == {("Boardroom D", "en", "fr")}


def unquoted(value: str) -> str:
    return value.replace("&#39;", "'").replace("&amp;", "&")


@pytest.mark.usefixtures("session")
async def test_of_a_pattern_with_a_fault_nothing_is_made(desk: httpx.AsyncClient) -> None:
    outside = await send(desk, PATH, **PATTERN | {"last": "2022-06-14"}, do="look")
    overlapping = await send(desk, PATH, **PATTERN | {"at__1__start": "12:00"}, do="look")
    wrong = await send(desk, PATH, **PATTERN | {"at__1__end": "25:00", "last": "2022-05-29"}, do="look")
    days = await send(desk, PATH, **PATTERN | {"but": "2022-06-04"}, do="look")

    assert (outside.status_code, list(faults(outside.text))) == (422, ["first"])
    assert "2022-06-13, 10:00: The session goes from 2022-05-30" in text(outside.text)
    assert (overlapping.status_code, faults(overlapping.text)) == (409, {})
    assert "2022-05-30, 12:00: Boardroom D is taken meanwhile by meeting 1" in text(overlapping.text)
    assert (wrong.status_code, list(faults(wrong.text))) == (422, ["at.1.end"])
    assert (days.status_code, list(faults(days.text))) == (422, ["but"])
    assert await meetings(desk) == []


@pytest.mark.usefixtures("session")
async def test_one_meeting_may_be_on_a_saturday_under_a_title_of_its_own(desk: httpx.AsyncClient) -> None:
    said: dict[str, Any] = {
        **PATTERN,
        "last": "",
        "first": "2022-06-04",
        "at__1__start": "",
        "at__1__end": "",
        "title": "Closing",
        "but": "",
    }
    looked = await send(desk, PATH, **said, do="look")

    await send(desk, PATH, **said, do="apply", seen=unquoted(hidden(looked.text, "seen")))

    assert [(each["title"], each["date"]) for each in await meetings(desk)] == [("Closing", "2022-06-04")]


@pytest.mark.usefixtures("session")
async def test_what_was_not_looked_at_is_not_made(desk: httpx.AsyncClient) -> None:
    answer = await send(desk, PATH, **PATTERN, do="apply", seen="")

    assert answer.status_code == 200
    assert "8 meetings would be made" in text(answer.text)
    assert await meetings(desk) == []


async def test_a_meeting_is_changed_but_for_its_time(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = f"/secretariat/meetings/{scene.meeting}"
    page = await get(desk, path)
    said: dict[str, Any] = {
        "title": "16th <b>meeting", "number": "16", "format": "hybrid", "languages": ["en"], "room": "C",
        "remote_budget_seconds": "30", "end_if_exceeded": "12:00", "links_for": "speakers", "replies": "after_list",
        "join_url": "https://meet.example.org/1", "expected_version": hidden(page, "expected_version"),
    }  # fmt: skip

    done = await send(desk, path, **said)
    late = await send(desk, path, **said | {"room": "D"})
    wrong = await send(desk, path, **said | {"join_url": "javascript:alert(1)", "end_if_exceeded": "noon"})
    found = (await desk.get(f"/meetings/{scene.meeting}")).json()

    assert (done.status_code, done.headers["location"]) == (303, f"{path}?done=saved")
    assert [found[name] for name in ("title", "number", "room", "remote_budget_seconds", "start", "join_url")] == [
        "16th <b>meeting", 16, "C", 1800, "10:00", "https://meet.example.org/1",
    ]  # fmt: skip
    assert "16th <b>" not in await get(desk, path)
    assert (late.status_code, "Room: now “C”, you wrote “D”" in text(late.text)) == (409, True)
    assert (wrong.status_code, list(faults(wrong.text))) == (422, ["end_if_exceeded", "join_url"])


async def test_a_list_is_drawn_up_with_a_deadline_of_another_zone(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = f"/secretariat/meetings/{scene.meeting}/lists/new"
    await get(desk, path)

    made = await send(
        desk, path, title="Item 6", allocation="queue", modes=["remote"], policy="protocol", seconds_default="2.5",
        gap_seconds="0", slot_seconds="", window__start="10:00", window__end="11:00", one_per_organisation="yes",
        closes_at__date="2022-06-07", closes_at__time="18:00", closes_at__timezone="America/New_York",
        seconds_by_category__ngo="1.5",
    )  # fmt: skip
    view = (await desk.get(f"/lists/{made.headers['location'].split('/')[-1].partition('?')[0]}")).json()
    page = await get(desk, made.headers["location"])

    assert made.status_code == 303
    assert (view["closes_at"], view["closes_as"]) == (
        "2022-06-07T22:00:00Z", {"date": "2022-06-07", "time": "18:00", "timezone": "America/New_York"},
    )  # fmt: skip
    assert 'value="America/New_York"' in page
    assert (view["policy"], view["seconds_default"], view["seconds_by_category"]) == ("protocol", 150, {"ngo": 90})
    assert (view["modes"], view["one_per_organisation"]) == (["remote"], True)


async def test_a_list_that_cannot_be_is_told_of_at_its_fields(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = f"/secretariat/meetings/{scene.meeting}/lists/new"
    said: dict[str, Any] = {"title": "Item 6", "allocation": "timed", "policy": "first_come", "slot_seconds": "three"}

    wrong = await send(desk, path, **said, opens_at__date="2022-06-07", opens_at__time="", opens_at__timezone="Nowhere")
    lacking = await send(desk, path, **said | {"slot_seconds": ""}, window__start="10:00", window__end="11:00")

    assert (wrong.status_code, list(faults(wrong.text))) == (
        422,
        ["slot_seconds", "opens_at.time", "opens_at.timezone"],
    )
    assert (lacking.status_code, list(faults(lacking.text))) == (422, ["slot_seconds"])
    assert 'value="Nowhere"' in wrong.text


async def test_a_deadline_that_exists_twice_offers_both(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = f"/secretariat/meetings/{scene.meeting}/lists/new"
    said: dict[str, Any] = {
        "title": "Item 6", "allocation": "queue", "policy": "first_come", "seconds_default": "3", "gap_seconds": "0",
        "window__start": "10:00", "window__end": "11:00", "closes_at__date": "2022-10-30", "closes_at__time": "02:30",
        "closes_at__timezone": "Europe/Vienna",
    }  # fmt: skip

    refused = await send(desk, path, **said)
    values = re.findall(r'name="choose" value="([^"]*)"', refused.text)
    made = await send(desk, path, **said, choose=values[1])
    view = (await desk.get(f"/lists/{made.headers['location'].split('/')[-1].partition('?')[0]}")).json()

    assert (refused.status_code, list(faults(refused.text))) == (422, ["closes_at.time"])
    assert "02:30 Sun 30 October, UTC+2 02:30 Sun 30 October, UTC+1" in text(refused.text)
    assert (made.status_code, view["closes_at"]) == (303, "2022-10-30T01:30:00Z")


async def test_a_list_is_changed_and_keeps_what_was_not_touched(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = f"/secretariat/lists/{scene.list}"
    before = (await desk.get(f"/lists/{scene.list}")).json()
    page = await get(desk, path)
    said: dict[str, Any] = {"title": "Statements", "modes": before["modes"], "policy": "first_come",
            "slot_seconds": "9", "gap_seconds": "0", "seconds_default": "3", "window__start": before["window"]["start"],
            "window__end": before["window"]["end"], "expected_version": hidden(page, "expected_version")}  # fmt: skip

    await send(desk, path, **said)
    after = (await desk.get(f"/lists/{scene.list}")).json()

    assert 'value="9"' in page
    assert after == before | {"title": "Statements", "version": before["version"] + 1}


async def test_a_window_that_would_cut_off_a_turn_is_refused(
    desk: httpx.AsyncClient, service: Service, scene: Scene
) -> None:
    speaker = service.writer.act_now(lambda tx: speaking.speaker(tx, scene))
    service.writer.act_now(lambda tx: book(tx, speaker, scene.slots[-1], Booking("remote")))

    refused = await send(
        desk, f"/secretariat/lists/{scene.list}", title="Item 5", policy="first_come", slot_seconds="9",
        gap_seconds="0", seconds_default="3", window__start="12:00", window__end="12:05",
    )  # fmt: skip

    assert refused.status_code in {409, 422}
    assert (await desk.get(f"/lists/{scene.list}")).json()["counts"]["slots"] == 20


async def test_a_list_is_closed_and_opened_by_hand(desk: httpx.AsyncClient, scene: Scene) -> None:
    path, states = f"/secretariat/lists/{scene.list}", []

    for act in ("close", "reopen"):
        await send(desk, f"{path}/{act}")
        states.append((await desk.get(f"/lists/{scene.list}")).json()["status"])

    assert states == ["closed", "open"]


async def test_items_are_added_changed_and_started(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = "/secretariat/sessions/ahc-2/agenda"
    await send(desk, path, number="5", title="<i>Criminalisation", parent="")
    [item] = (await desk.get("/sessions/ahc-2/items")).json()["items"]

    taken = await send(desk, path, number="5", title="Again", parent="")
    await send(desk, f"/secretariat/items/{item['id']}", status="started")
    page = await get(desk, f"/secretariat/items/{item['id']}")
    await send(
        desk, f"/secretariat/items/{item['id']}", number="5 (a)", title="Criminalisation", status="started", parent="",
        expected_version=hidden(page, "expected_version"),
    )  # fmt: skip
    late = await send(desk, f"/secretariat/items/{item['id']}", title="Other", expected_version="1")
    [after] = (await desk.get("/sessions/ahc-2/items")).json()["items"]

    assert taken.status_code == 409
    assert "The session has an agenda item of this number already." in text(taken.text)
    assert (late.status_code, "now “Criminalisation”, you wrote “Other”" in text(late.text)) == (409, True)
    assert [after[name] for name in ("number", "title", "status")] == ["5 (a)", "Criminalisation", "started"]
    assert "<i>" not in await get(desk, path)


async def test_bodies_are_made_and_changed(desk: httpx.AsyncClient) -> None:
    await send(desk, "/secretariat/bodies", code="ecosoc", name="Economic and Social Council", description="")
    page = await get(desk, "/secretariat/bodies/ecosoc")
    taken = await send(desk, "/secretariat/bodies", code="ecosoc", name="Another")

    await send(
        desk, "/secretariat/bodies/ecosoc", code="ecosoc", name="The Council", description="Since 1945",
        expected_version=hidden(page, "expected_version"),
    )  # fmt: skip
    body = (await desk.get("/bodies/ecosoc")).json()

    assert taken.status_code == 409
    assert (body["name"], body["description"]) == ("The Council", "Since 1945")


async def test_who_runs_one_session_changes_nothing_elsewhere(
    session_desk: httpx.AsyncClient, service: Service
) -> None:
    other = service.writer.act_now(lambda tx: speaking.scene(tx, code="other"))
    page = await get(session_desk, "/secretariat/sessions/ahc-2/move")

    for path in (f"/meetings/{other.meeting}", f"/lists/{other.list}", "/sessions/other/agenda", "/bodies/ecosoc"):
        await get(session_desk, f"/secretariat{path}", 404 if "ecosoc" in path else 403)
    acts: tuple[tuple[str, dict[str, Any]], ...] = (
        (f"/meetings/{other.meeting}", {"title": "Mine", "number": "1"}),
        (f"/lists/{other.list}/close", {}),
        ("/sessions/other/meetings/new", PATTERN),
        ("/sessions/other/agenda", {"number": "1", "title": "Mine"}),
        ("/bodies", {"code": "mine", "name": "Mine"}),
    )
    for path, said in acts:
        assert (await send(session_desk, f"/secretariat{path}", page, **said)).status_code == 403
    assert (await get(session_desk, "/secretariat/new-body", 403)) != ""
