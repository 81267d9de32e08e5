"""The floor over HTTP."""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

import httpx
import pytest

from api.web.said.floor import CommandName
from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.floor.states import COMMANDS
from scheduler.people.permission import Actor, Grant
from scheduler.storage.writer import Tx
from tests.api.conftest import Sign
from tests.makers import people, queueing, speaking
from tests.makers.speaking import STARTS_AT, Scene


@dataclass(slots=True)
class Hall:
    """A meeting with three remote speakers, its chair, and the address of its floor."""

    client: httpx.AsyncClient
    clock: SettableClock
    scene: Scene
    chair: dict[str, str]
    speakers: list[Actor]
    inscriptions: list[str]

    @property
    def address(self) -> str:
        return f"/meetings/{self.scene.meeting}/floor"

    async def do(self, minutes: float, command: str, **said: Any) -> httpx.Response:
        self.clock.set(STARTS_AT + timedelta(minutes=minutes))
        return await self.client.post(self.address, json={"command": command, **said}, headers=self.chair)

    async def see(self, **params: str) -> Any:
        return (await self.client.get(self.address, params=params)).json()


@pytest.fixture
def hall(client: httpx.AsyncClient, service: Service, sign: Sign, clock: SettableClock) -> Hall:
    def make(tx: Tx) -> tuple[Scene, Actor, list[Actor], list[str]]:
        scene = queueing.scene(tx, meeting_values={"remote_budget_seconds": 600, "end_if_exceeded": "12:00"})
        chair = people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),))
        speakers = [speaking.speaker(tx, scene, name) for name in ("Ada", "Bea", "=Cleo()")]
        inscriptions = [queueing.inscribed(tx, scene, who, "remote") for who in speakers]
        for each in inscriptions:
            queueing.allotted(tx, scene, each)
        return scene, chair, speakers, inscriptions

    scene, chair, speakers, inscriptions = service.writer.act_now(make)
    return Hall(client, clock, scene, sign(chair), speakers, inscriptions)


def test_the_document_names_every_command() -> None:
    assert set(get_args(CommandName)) == set(COMMANDS)


async def test_a_command_answers_what_everybody_then_reads(hall: Hall) -> None:
    answer = await hall.do(0, "open")

    assert answer.status_code == 200
    assert answer.json() == await hall.see()
    seen = answer.json()
    assert (seen["status"], seen["now"], seen["scheduled_end"]) == (
        "in_progress",
        "2022-06-08T08:00:00.000Z",
        "2022-06-08T11:00:00.000Z",
    )
    assert [each["speaker"]["name"] for each in seen["queue"]] == ["Ada", "Bea", "=Cleo()"]
    assert seen["remote"] == {
        "budget_seconds": 600, "used_seconds": 0.0, "projected_seconds": 540.0, "end_if_exceeded": "12:00",
        "warning": False, "exceeded": False,
    }  # fmt: skip


async def test_the_remote_meter_warns_at_five_sixths_and_says_when_it_is_passed(hall: Hall) -> None:
    for minutes, command in ((0, "open"), (0, "call"), (0, "start")):
        await hall.do(minutes, command)

    flags = {}
    for seconds in (499, 500, 600, 601):
        hall.clock.set(STARTS_AT + timedelta(seconds=seconds))
        remote = (await hall.see())["remote"]
        flags[seconds] = (remote["warning"], remote["exceeded"])

    assert flags == {499: (False, False), 500: (True, False), 600: (True, False), 601: (True, True)}


async def test_a_viewer_sees_each_turn_on_her_own_clock(hall: Hall) -> None:
    await hall.do(0, "open")

    seen = await hall.see(tz="Pacific/Auckland")

    assert [each["viewer"]["timezone"] for each in seen["queue"]] == ["Pacific/Auckland"] * 3
    assert seen["queue"][0]["viewer"]["civil"] == "evening"
    unknown = await hall.client.get(hall.address, params={"tz": "Mars/Olympus"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-timezone")


async def test_refusals_come_in_the_contracts_order(hall: Hall, sign: Sign) -> None:
    unsigned = await hall.client.post(hall.address, content=b"no json")
    shape = await hall.client.post(hall.address, json={"command": "dance"}, headers=hall.chair)
    unknown = await hall.client.post("/meetings/none/floor", json={"command": "open"}, headers=hall.chair)
    stranger = await hall.client.post(hall.address, json={"command": "open"}, headers=sign(hall.speakers[0]))
    meaning = await hall.do(0, "announce")
    moment = await hall.do(0, "call")

    found = [(each.status_code, each.json()["code"]) for each in (unsigned, shape, unknown, stranger, meaning, moment)]
    assert found == [
        (401, "not-signed-in"),
        (422, "invalid"),
        (404, "not-found"),
        (403, "not-allowed"),
        (422, "invalid"),
        (409, "not-allowed-now"),
    ]
    assert moment.json()["allowed"] == ["open", "announce"]


async def test_who_is_late_gets_the_floor_as_it_is(hall: Hall) -> None:
    opened = (await hall.do(0, "open")).json()
    called = (await hall.do(1, "call", expected_version=opened["version"])).json()

    late = await hall.do(1, "call", expected_version=opened["version"])

    assert (late.status_code, late.json()["code"]) == (409, "version-conflict")
    assert late.json()["current"] == called == await hall.see()


async def test_a_remote_speaker_says_that_her_link_works(hall: Hall, sign: Sign) -> None:
    address = f"/inscriptions/{hall.inscriptions[1]}/ready"

    said = await hall.client.post(address, json={"ready": True}, headers=sign(hall.speakers[1]))
    other = await hall.client.post(address, json={"ready": False}, headers=sign(hall.speakers[0]))

    assert (said.status_code, said.json()["ready"], other.status_code) == (200, True, 403)
    assert [each["ready"] for each in (await hall.see())["queue"]] == [False, True, False]


async def test_who_speaks_in_the_room_has_no_link_to_be_ready(hall: Hall, service: Service, sign: Sign) -> None:
    actor = service.writer.act_now(lambda tx: speaking.speaker(tx, hall.scene, "Roo"))
    hers = service.writer.act_now(lambda tx: queueing.inscribed(tx, hall.scene, actor))

    answer = await hall.client.post(f"/inscriptions/{hers}/ready", json={"ready": True}, headers=sign(actor))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "ready")


async def test_a_record_is_for_all_once_the_meeting_is_closed(hall: Hall, sign: Sign) -> None:
    address = f"/meetings/{hall.scene.meeting}/record"
    await hall.do(0, "open")
    before = [
        (await hall.client.get(address, headers=headers)).status_code
        for headers in ({}, sign(hall.speakers[0]), hall.chair)
    ]
    for minutes, command in ((1, "call"), (1.5, "start"), (3, "close")):
        await hall.do(minutes, command)

    answer = await hall.client.get(address)

    assert before == [401, 403, 200]
    found = answer.json()
    assert found["meeting"] == {
        "starts_at": "2022-06-08T08:00:00.000Z",
        "ends_at": "2022-06-08T11:00:00.000Z",
        "remote_budget_seconds": 600,
    }
    assert [each["command"] for each in found["events"]] == ["open", "call", "start", "close"]
    assert sum(each["seconds"] for each in found["account"]) == 180


async def test_a_record_for_a_spreadsheet_has_each_second_and_no_formula(hall: Hall) -> None:
    for minutes, command in ((0, "open"), (1, "call"), (1.5, "start"), (3, "finish"), (4, "close")):
        await hall.do(minutes, command)

    answer = await hall.client.get(f"/meetings/{hall.scene.meeting}/record.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["seconds"], row["what"], row["speaker"], row["status"]) for row in rows] == [
        ("60.0", "between", "", ""),
        ("30.0", "called", "Ada", "spoken"),
        ("90.0", "speaking", "Ada", "spoken"),
        ("60.0", "between", "", ""),
        ("", "", "Bea", "left"),
        ("", "", "'=Cleo()", "left"),
    ]
    assert rows[2]["planned_start"] == "2022-06-08T08:00:00.000Z"
