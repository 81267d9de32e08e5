"""Dry runs over HTTP: what they answer, and that they change nothing."""

from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from tests.api.conftest import Sign
from tests.makers import speaking
from tests.makers.speaking import Scene

VIEWER = {"timezone", "date", "start", "end", "end_date", "day_shift", "civil"}


@pytest.fixture
def scene(service: Service) -> Scene:
    """A published session, ahc-2, whose meeting is 8 June from 10:00 to 13:00 in Vienna; one person is accredited."""

    def make(tx: Tx) -> Scene:
        made = speaking.scene(tx)
        speaking.speaker(tx, made)
        return made

    return service.writer.act_now(make)


@pytest.fixture
def sec(secretariat: Actor, sign: Sign) -> dict[str, str]:
    return sign(secretariat)


async def _stays(client: httpx.AsyncClient, scene: Scene) -> list[Any]:
    addresses = (f"/meetings/{scene.meeting}", "/sessions/ahc-2", "/changes")
    return [(await client.get(address)).json() for address in addresses]


async def test_a_dry_run_of_a_move_answers_the_meeting_and_whom_it_affects(
    client: httpx.AsyncClient, scene: Scene, sec: dict[str, str]
) -> None:
    before = await _stays(client, scene)

    answer = await client.patch(
        f"/meetings/{scene.meeting}?dry_run=true",
        json={"date": "2022-06-09", "start": "22:00", "end": "01:00", "note": "The room\nwas needed."},
        headers=sec,
    )

    assert answer.status_code == 200
    said = answer.json()
    assert (said["meeting"]["date"], said["meeting"]["starts_at"]) == ("2022-06-09", "2022-06-09T20:00:00Z")
    letters = said["affected"].pop("letters")
    (zone,) = said["affected"].pop("by_timezone")
    assert said["affected"] == {
        "people": 1,
        "booked": 0,
        "accredited": 1,
        "feeds": 0,
        "webhooks": 0,
        "quiet_then": 0,
        "becomes_night": 0,
        "no_longer_night": 0,
    }
    assert letters == [
        {
            "timezone": "Europe/Vienna",
            "language": "en",
            "text": "Meeting 1 (Session ahc-2) is moved "
            "from 2022-06-08 10:00–13:00 to 2022-06-09 22:00–2022-06-10 01:00 (Europe/Vienna). "
            "On your clock (Europe/Vienna): "
            "from 2022-06-08 10:00–13:00 to 2022-06-09 22:00–2022-06-10 01:00.\nThe room was needed.",
        }
    ]
    assert (zone["timezone"], zone["people"]) == ("Europe/Vienna", 1)
    assert [set(zone["before"]), set(zone["after"])] == [VIEWER, VIEWER]
    assert (zone["before"]["civil"], zone["after"]["civil"], zone["after"]["end_date"]) == ("day", "late", "2022-06-10")
    assert await _stays(client, scene) == before


async def test_a_dry_run_of_cancelling_shows_no_after(
    client: httpx.AsyncClient, scene: Scene, sec: dict[str, str]
) -> None:
    before = await _stays(client, scene)
    cancelled = {"status": "cancelled"}

    meeting = (await client.patch(f"/meetings/{scene.meeting}?dry_run=true", json=cancelled, headers=sec)).json()
    session = (await client.patch("/sessions/ahc-2?dry_run=true", json=cancelled, headers=sec)).json()

    assert (meeting["meeting"]["status"], session["session"]["status"]) == ("cancelled", "cancelled")
    for said in (meeting, session):
        assert [zone["after"] for zone in said["affected"]["by_timezone"]] == [None]
        assert said["affected"]["people"] == 1
    assert await _stays(client, scene) == before


@pytest.mark.parametrize(
    ("address", "body"),
    [("/sessions/ahc-2/move", {"dry_run": True}), ("/sessions/ahc-2/move?dry_run=true", {})],
)
async def test_a_dry_run_of_postponing_names_what_falls_on_another_weekday(
    client: httpx.AsyncClient, scene: Scene, sec: dict[str, str], *, address: str, body: dict[str, Any]
) -> None:
    before = await _stays(client, scene)

    said = (await client.post(address, json={"starts_on": "2022-06-02", **body}, headers=sec)).json()

    moved = {
        "meeting": scene.meeting,
        "number": 1,
        "title": "Meeting 1",
        "before": {"date": "2022-06-08", "weekday": "wednesday"},
        "after": {"date": "2022-06-11", "weekday": "saturday"},
    }
    assert (said["session"]["starts_on"], said["other_weekday"], said["meetings"]) == ("2022-06-02", [moved], [moved])
    assert said["affected"]["people"] == 1
    assert await _stays(client, scene) == before


async def test_a_dry_run_is_refused_as_the_change_would_be(
    client: httpx.AsyncClient, scene: Scene, sec: dict[str, str], participant: Actor, sign: Sign
) -> None:
    address = f"/meetings/{scene.meeting}?dry_run=true"

    outside = await client.patch(address, json={"date": "2022-07-01"}, headers=sec)
    stale = await client.patch(address, json={"date": "2022-06-09", "expected_version": 9}, headers=sec)
    forbidden = await client.patch(address, json={"date": "2022-06-09"}, headers=sign(participant))
    unsigned = await client.patch(address, json={"date": "2022-06-09"})

    assert [(each.status_code, each.json()["code"]) for each in (outside, stale, forbidden, unsigned)] == [
        (422, "outside-session"),
        (409, "version-conflict"),
        (403, "not-allowed"),
        (401, "not-signed-in"),
    ]
