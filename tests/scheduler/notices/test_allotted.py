"""What people are told, and see in their calendars, when the chair allots, and allots again."""

from datetime import datetime, timedelta

import pytest

from scheduler.allocation import actions
from scheduler.allocation.actions import Wanted
from scheduler.clock.now import SettableClock
from scheduler.lists.calendar import slot_events
from scheduler.lists.events import SlotEvent
from scheduler.lists.reader import reader_of
from scheduler.people.permission import OPERATOR
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import asking, queueing, speaking
from tests.makers.speaking import STARTS_AT
from tests.scheduler.notices.conftest import Stage, known


@pytest.fixture
def queue(writer: Writer, conn: Connection, clock: SettableClock) -> Stage:
    """A queue list in which somebody asks to speak, and Ada after her."""
    scene = writer.act_now(queueing.scene)
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene))
    writer.act_now(lambda tx: asking.asker(tx, scene, 1))
    writer.act_now(lambda tx: asking.inscribed(tx, scene, ada, minute=2))
    made = Stage(writer, conn, clock, scene, ada)
    made.act(lambda tx: known(tx, scene))
    made.look()
    made.send()
    return made


def allot(stage: Stage, budget: int | None = None) -> None:
    """The chair allots, notices look, and what is due is sent after the quiet period."""
    wanted = Wanted("seed", budget_seconds=budget)
    stage.act(lambda tx: actions.allocate(tx, OPERATOR, stage.scene.list, wanted))
    stage.look()
    stage.clock.set(stage.clock.now() + timedelta(minutes=10))
    stage.look()


def sent(stage: Stage) -> list[str]:
    """What Ada is sent now."""
    return [due.rule for due in stage.send() if due.person_id == stage.ada.id]


def event(stage: Stage) -> SlotEvent:
    """Her turn as her calendar shows it."""
    (shown,) = slot_events(stage.conn, reader_of(stage.conn, stage.ada), person=stage.ada.id)
    return shown


def starts(stage: Stage) -> datetime:
    """When it does."""
    return event(stage).starts_at


def test_each_allocation_is_told_to_those_whom_it_concerns(queue: Stage) -> None:
    allot(queue)
    assert (sent(queue), starts(queue)) == (["slot-given"], STARTS_AT + timedelta(seconds=180))

    allot(queue)
    assert sent(queue) == []

    queue.act(lambda tx: asking.asker(tx, queue.scene, 0))
    allot(queue)
    assert (sent(queue), starts(queue)) == (["slot-moved"], STARTS_AT + timedelta(seconds=360))

    allot(queue, 200)
    assert (sent(queue), event(queue).cancelled) == (["slot-cancelled"], True)

    allot(queue)
    assert (sent(queue), event(queue).cancelled) == (["slot-given"], False)


def test_calendar_shows_each_revision_of_one_entry(queue: Stage) -> None:
    allot(queue)
    given = event(queue)
    allot(queue, 200)
    cancelled = event(queue)
    allot(queue)
    again = event(queue)

    assert given.id == cancelled.id == again.id
    assert given.sequence < cancelled.sequence < again.sequence
    assert given.changed_at < cancelled.changed_at < again.changed_at
    assert (cancelled.starts_at, cancelled.withdrawn) == (given.starts_at, True)
