"""The meeting of the drawn pages: 8 June 2022, item 2, a long list, whose ninth has the floor at 11:14 in Vienna."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.accreditation.actions import ask
from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.floor.view import FloorView
from scheduler.lists import drawing_up, inscribing, opening, placing
from scheduler.lists.inscribing import Request
from scheduler.lists.particulars import NewList
from scheduler.lists.place import Rows
from scheduler.lists.placing import NewTurn
from scheduler.lists.queries import slot
from scheduler.people.permission import OPERATOR
from scheduler.people.tables import Person
from scheduler.programme.tables import Item, Meeting
from scheduler.programme.tables import Session as OfSession
from scheduler.secretariat import moving
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx
from tests.browser.world import NOW, SEFINA, World

OPENED_AT = datetime(2022, 6, 8, 8, 9, tzinfo=UTC)
HEARD, MOST = 8, 34
LAST = (SEFINA,)
_MODES = ("remote", "in_person", "in_person", "video", "in_person", "in_person", "in_person", "in_person")
_LINKS = {
    "end_if_exceeded": "12:00",
    "join_url": "https://meet.example.org/plenary",
    "webcast_url": "https://webcast.example.org/ahc",
}
_p, _m, _i, _s = (table(each).c for each in (Person, Meeting, Item, OfSession))
_MEETINGS = Rows(
    select(_m.id)
    .join(table(OfSession), _s.id == _m.session_id)
    .where(_s.code == "ahc-2", _m.date == "2022-06-08")
    .order_by(_m.number)
)
_ITEM = Rows(select(_i.id).join(table(OfSession), _s.id == _i.session_id).where(_s.code == "ahc-2", _i.number == "2"))
_SPEAKERS = Rows(select(_p.id, _p.email, _p.organisation_id).where(_p.organisation_id.is_not(None)).order_by(_p.email))
_SLOTS = Rows(select(slot.c.id).where(slot.c.list_id == bindparam("list")).order_by(slot.c.position))


@dataclass
class Sitting:
    """A meeting with its list and its turns in order, by id; `following` is the afternoon's on the same item."""

    world: World
    meeting: str
    following: str
    list: str
    slots: tuple[str, ...]

    async def do(self, at: datetime, command: str, **said: Any) -> FloorView:
        """A command of the chair's at an hour, which the world's clock then shows."""
        self.world.clock.set(at)
        asked = Command(command, **said)
        return await self.world.do(lambda tx: actions.run(tx, OPERATOR, self.meeting, asked), alone=True)

    async def sits(self) -> None:
        """From its opening to 11:14."""
        at = OPENED_AT + timedelta(minutes=2)
        for number in range(HEARD):
            await self.do(at, "call")
            await self.do(at + timedelta(seconds=25), "start")
            at += timedelta(seconds=25 + 365 + 10 * number)
            await self.do(at, "finish")
            at += timedelta(seconds=20)
        begun = NOW - timedelta(seconds=166)
        await self.do(begun - timedelta(seconds=20), "call")
        await self.do(begun, "start")
        self.world.clock.set(NOW)


async def gathered(world: World) -> Sitting:
    """The meeting before it opens: its list is allotted, the clock shows 10:07 in Vienna."""
    world.clock.set(OPENED_AT - timedelta(minutes=2))
    return Sitting(world, *await world.do(_gather, alone=True))


async def sit(world: World) -> Sitting:
    """The meeting at 11:14: eight were heard, over their time each; the ninth, who is remote, speaks."""
    here = await gathered(world)
    await here.do(OPENED_AT, "open")
    await here.sits()
    return here


def meetings_of_the_day(conn: Connection) -> tuple[str, str]:
    """Those of 8 June, the morning's and the afternoon's, by id."""
    morning, afternoon = (row["id"] for row in _MEETINGS.all(conn))
    return morning, afternoon


def _gather(tx: Tx) -> tuple[str, str, str, tuple[str, ...]]:
    morning, afternoon = meetings_of_the_day(tx.conn)
    item = _ITEM.all(tx.conn)[0]["id"]
    for meeting in (morning, afternoon):
        moving.change_meeting(tx, OPERATOR, meeting, {"items": [item], **_LINKS})
    new = NewList("Item 2: statements", "queue", item=item, seconds_default=300)
    made = drawing_up.add(tx, OPERATOR, morning, new)
    opening.open_list(tx, OPERATOR, made.id)
    people = sorted(_SPEAKERS.all(tx.conn), key=lambda row: row["email"] in LAST)
    people = people[: MOST - len(LAST)] + people[-len(LAST) :]
    for organisation in dict.fromkeys(row["organisation_id"] for row in people):
        ask(tx, OPERATOR, "ahc-2", organisation, status="approved")
    for person, mode in zip(people, cycle(_MODES), strict=False):
        spoken = "remote" if person["email"] in LAST else mode
        asked = inscribing.inscribe(tx, OPERATOR, made.id, Request(spoken, person=person["id"]))
        placing.allot(tx, OPERATOR, made.id, NewTurn(asked.id, last=True))
    return morning, afternoon, made.id, tuple(row["id"] for row in _SLOTS.all(tx.conn, list=made.id))
