"""Moving, cancelling and bringing back: the preview comes first, and only what was looked at is done."""

import re

import httpx
import pytest

from api.web.service import Service
from scheduler.lists.booking import Booking, book
from scheduler.people.permission import Actor
from scheduler.programme.tables import Session
from scheduler.storage.writer import Tx
from tests.api.pages.secretariat.asking import faults, get, hidden, send, text
from tests.makers import people, places, speaking
from tests.makers.speaking import Scene


@pytest.fixture
def speakers(service: Service, scene: Scene) -> list[Actor]:
    """Somebody in Tokyo with a slot and a colleague in Vienna."""

    def made(tx: Tx) -> list[Actor]:
        organisation = people.organisation(tx, "Japan")
        speaking.accredited(tx, scene.session, organisation)
        both = [
            people.person(tx, zone, organisation=organisation, timezone=zone)
            for zone in ("Asia/Tokyo", "Europe/Vienna")
        ]
        book(tx, both[0], scene.slots[0], Booking("remote"))
        return both

    return service.writer.act_now(made)


def rows(page: str) -> list[str]:
    """The rows of the table of clocks, as far as a phone shows them."""
    return [text(row) for row in re.findall(r'<tr><th scope="row">(.*?)<td class="day-rail', page, re.DOTALL)]


async def test_the_preview_says_whom_it_affects_on_which_clock_and_changes_nothing(
    desk: httpx.AsyncClient, scene: Scene, speakers: list[Actor]
) -> None:
    path = f"/secretariat/meetings/{scene.meeting}/move"

    page = await get(desk, f"{path}?date=2022-06-09&start=1900&end=22:00&note=The+hall+is+needed.")

    assert "2 are told 1 it becomes night 0 night no more" in text(page)
    assert rows(page) == [
        "Tokyo 1 17:00–20:00 02:00–05:00 +1 day Becomes night",
        "Vienna 1 10:00–13:00 19:00–22:00 Was day, now evening",
    ]
    assert "19:00–22:00 Thu 9 June, Vienna" in text(page)
    assert "The meeting has moved: 02:00 on Fri 10 June in Tokyo (19:00 Vienna)" in text(page)
    assert "Before: 17:00 on Wed 8 June in Tokyo (10:00 Vienna) Note: The hall is needed." in text(page)
    assert "1 Speakers with a slot: mail and a new calendar invitation" in text(page)
    assert "Move and tell 2 persons" in text(page)
    assert (await desk.get(f"/meetings/{scene.meeting}")).json()["version"] == 1


async def test_what_was_looked_at_is_done(desk: httpx.AsyncClient, scene: Scene, speakers: list[Actor]) -> None:
    path = f"/secretariat/meetings/{scene.meeting}/move"
    said = {"date": "2022-06-09", "start": "19:00", "end": "22:00", "room": "Boardroom D", "note": "Sorry."}
    looked = (await send(desk, path, **said, do="look")).text

    done = await send(
        desk, path, **said, do="apply", seen=hidden(looked, "seen"),
        expected_version=hidden(looked, "expected_version"),
    )  # fmt: skip
    meeting = (await desk.get(f"/meetings/{scene.meeting}")).json()

    assert (done.status_code, done.headers["location"]) == (303, "/secretariat/sessions/ahc-2?done=moved")
    assert "Moved. Those affected are told." in text(await get(desk, done.headers["location"]))
    assert [meeting[name] for name in ("date", "start", "end", "room")] == [
        "2022-06-09", "19:00", "22:00", "Boardroom D",
    ]  # fmt: skip


async def test_what_was_not_looked_at_is_looked_at_first(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = f"/secretariat/meetings/{scene.meeting}/move"
    said = {"date": "2022-06-09", "start": "19:00", "end": "22:00"}
    looked = (await send(desk, path, **said, do="look")).text

    stale = await send(desk, path, **said | {"start": "18:00"}, do="apply", seen=hidden(looked, "seen"))

    assert stale.status_code == 200
    assert "You wrote something else after you looked." in text(stale.text)
    assert (await desk.get(f"/meetings/{scene.meeting}")).json()["version"] == 1


async def test_reading_an_address_never_applies_it(desk: httpx.AsyncClient, scene: Scene) -> None:
    await get(desk, f"/secretariat/meetings/{scene.meeting}/cancel?do=apply&seen=")

    assert (await desk.get(f"/meetings/{scene.meeting}")).json()["status"] == "scheduled"


async def test_a_day_outside_the_session_and_a_wrong_time_are_told_of_at_their_fields(
    desk: httpx.AsyncClient, scene: Scene
) -> None:
    path = f"/secretariat/meetings/{scene.meeting}/move"

    outside = await send(desk, path, date="2022-07-01", start="19:00", end="22:00", room="Boardroom D", do="look")
    wrong = await send(desk, path, date="2022-06-09", start="7 pm", end="22:00", do="look")

    assert (outside.status_code, list(faults(outside.text))) == (422, ["date"])
    assert 'value="Boardroom D"' in outside.text
    assert (wrong.status_code, list(faults(wrong.text))) == (422, ["start"])


async def test_a_local_time_that_is_skipped_offers_those_before_and_after_it(
    desk: httpx.AsyncClient, service: Service
) -> None:
    of = service.writer.act_now(lambda tx: places.session(tx, "spring"))
    service.writer.act_now(lambda tx: tx.conn.update(Session, str(of.session), starts_on="2022-03-01"))
    meeting = service.writer.act_now(lambda tx: speaking.meeting(tx, of))
    path = f"/secretariat/meetings/{meeting}/move"
    said = {"date": "2022-03-27", "start": "02:30", "end": "05:00", "do": "look"}

    refused = await send(desk, path, **said)
    values = re.findall(r'name="choose" value="([^"]*)"', refused.text)
    chosen = await send(desk, path, **said, choose=values[1].replace("&amp;", "&"))

    assert refused.status_code == 422
    assert "Which time is meant? 01:59 Sun 27 March, UTC+1 03:00 Sun 27 March, UTC+2" in text(refused.text)
    assert chosen.status_code == 200
    assert "03:00–05:00 Sun 27 March, Vienna" in text(chosen.text)


async def test_a_meeting_is_cancelled_and_brought_back(
    desk: httpx.AsyncClient, scene: Scene, speakers: list[Actor]
) -> None:
    path = f"/secretariat/meetings/{scene.meeting}"
    looked = await get(desk, f"{path}/cancel")

    await send(desk, f"{path}/cancel", do="apply", seen="", expected_version=hidden(looked, "expected_version"))
    cancelled = (await desk.get(f"/meetings/{scene.meeting}")).json()["status"]
    back = await get(desk, f"{path}/restore")
    await send(desk, f"{path}/restore", do="apply", seen="", expected_version=hidden(back, "expected_version"))

    assert "Cancel it and tell 2 persons" in text(looked)
    assert cancelled == "cancelled"
    assert "Bring it back and tell 2 persons" in text(back)
    assert (await desk.get(f"/meetings/{scene.meeting}")).json()["status"] == "scheduled"


async def test_a_session_is_moved_cancelled_and_brought_back(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = "/secretariat/sessions/ahc-2"
    looked = await get(desk, f"{path}/move?starts_on=2022-06-07")

    await send(desk, f"{path}/move", starts_on="2022-06-07", do="apply", seen="2022-06-07")
    moved = (await desk.get(f"/meetings/{scene.meeting}")).json()["date"]
    await send(desk, f"{path}/cancel", do="apply", seen="")
    cancelled = (await desk.get("/sessions/ahc-2")).json()["status"]
    await send(desk, f"{path}/restore", do="apply", seen="")

    assert "1 meeting falls on another day of the week. Meeting 1: Wed 8 June – Thu 16 June" in text(looked)
    assert (moved, cancelled) == ("2022-06-16", "cancelled")
    assert (await desk.get("/sessions/ahc-2")).json()["status"] == "published"


async def test_of_two_at_once_the_second_is_told(desk: httpx.AsyncClient, scene: Scene) -> None:
    path = f"/secretariat/meetings/{scene.meeting}/move"
    said = {"date": "2022-06-09", "start": "19:00", "end": "22:00", "do": "apply", "seen": "2022-06-09 19:00 22:00"}

    answers = [(await send(desk, path, **said, expected_version="1")).status_code for _ in range(2)]

    assert answers == [303, 409]


async def test_only_who_runs_the_session_may_move(
    client: httpx.AsyncClient, session_desk: httpx.AsyncClient, service: Service
) -> None:
    other = service.writer.act_now(lambda tx: speaking.scene(tx, code="other"))

    await get(session_desk, f"/secretariat/meetings/{other.meeting}/move", 403)
    await get(session_desk, "/secretariat/meetings/nothing/move", 404)
    refused = await send(
        session_desk,
        f"/secretariat/meetings/{other.meeting}/cancel",
        await get(session_desk, "/secretariat/sessions/ahc-2/move"),
        do="apply",
        seen="",
    )

    assert refused.status_code == 403
