"""A scene to speak in, and notices that look at what happened there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.journal.following import follow
from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.lists.views import InscriptionView
from scheduler.notices import following, planning
from scheduler.notices.stale import Scope, mark
from scheduler.notices.telling import Terms
from scheduler.outbox.actions import claim, settle
from scheduler.outbox.tables import Due
from scheduler.outbox.views import ClaimedDue, Settled
from scheduler.people.permission import OPERATOR, Actor
from scheduler.programme import sessions
from scheduler.secretariat import moving
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import speaking
from tests.makers.speaking import Scene

T = TypeVar("T")
QUIET = timedelta(minutes=2)
TERMS = Terms("rostrum.test", QUIET)
_d = table(Due).c


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the outbox."""

    rule: str
    person: str
    subject: tuple[str, str]
    due_at: datetime
    useless_at: datetime | None
    status: str
    last_error: str | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """An open list on 8 June 2022, 10:00 in Vienna, and Ada, who may book in it. Today is 1 May."""

    writer: Writer
    conn: Connection
    clock: SettableClock
    scene: Scene
    ada: Actor

    def act(self, do: Callable[[Tx], T]) -> T:
        """Does something in a transaction."""
        return self.writer.act_now(do)

    def look(self) -> None:
        """Lets notices catch up with the journal and the clock."""
        while self.act(lambda tx: follow(tx, following.FOLLOWER, following.follow)):
            pass
        while self.act(lambda tx: planning.step(tx, TERMS)):
            pass

    def told(self, *rules: str, status: str | None = "planned", of: Actor | None = None) -> list[Told]:
        """What is in the outbox, by due moment: of these rules, this status, this person."""
        columns = (_d.subject_type, _d.subject_id, _d.due_at, _d.useless_at, _d.status, _d.last_error, _d.data)
        statement = select(_d.rule, _d.person_id, *columns).order_by(_d.due_at, _d.rule, _d.person_id)
        rows = [Told(row[0], row[1], (row[2], row[3]), *row[4:]) for row in self.conn.all(statement)]
        wanted = [row for row in rows if (not rules or row.rule in rules) and status in {None, row.status}]
        return [row for row in wanted if of is None or row.person == of.id]

    def send(self) -> list[ClaimedDue]:
        """Sends what is due."""
        claimed = self.act(claim)
        self.act(lambda tx: settle(tx, [Settled(due, "sent") for due in claimed]))
        return claimed

    def book(self, slot: int = 2, mode: str = "in_person", *, by: Actor | None = None, **more: Any) -> InscriptionView:
        """Ada (or `by`) books the slot of this number, from 0."""
        wanted = Booking(mode, **more)
        return self.act(lambda tx: booking.book(tx, by or self.ada, self.scene.slots[slot], wanted))

    def change_meeting(self, changes: Mapping[str, Any], *, of: str | None = None, note: str | None = None) -> None:
        """Changes the scene's meeting, or another."""
        self.act(lambda tx: moving.change_meeting(tx, OPERATOR, of or self.scene.meeting, changes, note=note))

    def change_session(self, changes: Mapping[str, Any]) -> None:
        """Changes the scene's session."""
        self.act(lambda tx: sessions.change(tx, OPERATOR, self.scene.session, changes))


def known(tx: Tx, of: Scene) -> None:
    """Has notices look at a scene that was made without entries in the journal."""
    mark(tx, [Scope("changed", 0, of.session)])


@pytest.fixture
def stage(writer: Writer, conn: Connection, clock: SettableClock) -> Stage:
    scene = writer.act_now(speaking.scene)
    made = Stage(writer, conn, clock, scene, writer.act_now(lambda tx: speaking.speaker(tx, scene)))
    made.act(lambda tx: known(tx, scene))
    made.look()
    made.send()
    return made
