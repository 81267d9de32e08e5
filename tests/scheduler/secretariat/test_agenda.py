from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden
from scheduler.journal.entries import Audience, Author
from scheduler.journal.following import entries_after
from scheduler.lists import opening
from scheduler.lists.announcing import announce_due
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.programme.tables import Meeting, Session
from scheduler.secretariat import agenda
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, places, speaking
from tests.makers.speaking import Scene


@dataclass(frozen=True, slots=True)
class Agenda:
    """A list that closes when an item ends, and who says so."""

    writer: Writer
    conn: Connection
    scene: Scene
    item: str
    clerk: Actor

    def turn(self, status: str, *, by: Actor | None = None) -> None:
        changes = {"status": status}
        self.writer.act_now(lambda tx: agenda.change_item(tx, by or self.clerk, self.item, changes))

    def told(self) -> list[tuple[str, str]]:
        """(kind, role) of what the journal says of opening and closing, and of the item."""
        wanted = {"list.opened", "list.closed", "item.changed"}
        return [(each.kind, each.by.role) for each in entries_after(self.conn, 0, 100) if each.kind in wanted]


def made(writer: Writer, conn: Connection, *, state: str = "ended", **said: Any) -> Agenda:
    of = writer.act_now(places.session)
    item = writer.act_now(lambda tx: speaking.item(tx, of))
    closes = {"item": item, "state": state}
    scene = writer.act_now(lambda tx: speaking.scene_in(tx, of, opened=not said, closes_when=closes, **said))
    grants = (Grant("secretariat", "session", of.session),)
    return Agenda(writer, conn, scene, item, writer.act_now(lambda tx: people.person(tx, "Clerk", grants=grants)))


@pytest.fixture
def list_(writer: Writer, conn: Connection) -> Agenda:
    return made(writer, conn)


OPENED = ("list.opened", "secretariat")
CLOSED = ("list.closed", "secretariat")
CHANGED = ("item.changed", "secretariat")


def test_list_that_closes_with_its_item_is_told_once(list_: Agenda, clock: SettableClock) -> None:
    clock.advance(60)

    list_.turn("started")
    list_.turn("ended")
    list_.turn("ended")
    clock.advance(60)
    assert list_.writer.act_now(announce_due) == 0

    assert list_.told() == [OPENED, CHANGED, CHANGED, CLOSED]


def test_who_hears_of_it_and_by_whom_it_was(list_: Agenda, clock: SettableClock) -> None:
    clock.advance(60)
    list_.turn("ended")

    entry = entries_after(list_.conn, 0, 100)[-1]
    of = list_.scene
    assert (entry.kind, entry.subject_id, entry.by) == ("list.closed", of.list, Author(list_.clerk.id, "secretariat"))
    assert entry.audience == Audience(public=True, body=of.body, session=of.session, meeting=of.meeting)


def test_list_of_a_draft_closes_without_the_public_hearing_of_it(list_: Agenda, clock: SettableClock) -> None:
    list_.writer.act_now(lambda tx: tx.conn.update(Session, list_.scene.session, status="draft"))
    clock.advance(60)

    list_.turn("ended")

    entry = entries_after(list_.conn, 0, 100)[-1]
    assert (entry.kind, entry.audience.public) == ("list.closed", False)


def test_list_that_closes_at_the_start_stays_closed_to_the_end(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    list_ = made(writer, conn, state="started")
    clock.advance(60)

    list_.turn("started")
    clock.advance(60)
    list_.turn("ended")

    assert list_.told() == [OPENED, CHANGED, CLOSED, CHANGED]


def test_item_that_goes_on_after_all_opens_its_list_again(list_: Agenda, clock: SettableClock) -> None:
    clock.advance(60)
    list_.turn("ended")
    clock.advance(60)

    list_.turn("started")

    assert list_.told() == [OPENED, CHANGED, CLOSED, CHANGED, OPENED]


def test_what_a_hand_closed_already_is_not_told_again(list_: Agenda, clock: SettableClock) -> None:
    list_.writer.act_now(lambda tx: opening.close_list(tx, OPERATOR, list_.scene.list))
    clock.advance(60)

    list_.turn("ended")

    assert list_.told() == [OPENED, CLOSED, CHANGED]


def test_what_the_clock_did_before_is_told_first(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    list_ = made(writer, conn, opens_at="2022-05-10T00:00:00Z", closes_at="2022-05-20T00:00:00Z")
    clock.set(datetime(2022, 5, 11, tzinfo=UTC))

    list_.turn("ended")
    clock.set(datetime(2022, 5, 21, tzinfo=UTC))

    assert writer.act_now(announce_due) == 1
    assert list_.told() == [CHANGED, ("list.opened", "clock"), CLOSED]


def test_lists_of_a_cancelled_meeting_are_not_told_of(list_: Agenda, clock: SettableClock) -> None:
    list_.writer.act_now(lambda tx: tx.conn.update(Meeting, list_.scene.meeting, status="cancelled"))
    clock.advance(60)

    list_.turn("ended")

    assert list_.told() == [OPENED, CHANGED]


def test_who_may_not_change_the_item_closes_nothing(list_: Agenda) -> None:
    with pytest.raises(Forbidden):
        list_.turn("ended", by=list_.writer.act_now(lambda tx: speaking.speaker(tx, list_.scene)))

    assert list_.told() == [OPENED]
