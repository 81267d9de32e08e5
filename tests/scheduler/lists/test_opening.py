from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, NotAllowedNow, NotFound
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.lists import drawing_up, opening
from scheduler.lists.announcing import announce_due
from scheduler.lists.queries import list_view
from scheduler.people.permission import OPERATOR, Grant
from scheduler.programme.tables import Item, Meeting
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, places, speaking
from tests.makers.speaking import Scene

MAY = datetime(2022, 5, 1, 12, tzinfo=UTC)
DEADLINES = {"opens_at": "2022-05-10T00:00:00Z", "closes_at": "2022-05-20T00:00:00Z"}


def told(conn: Connection) -> list[tuple[str, str]]:
    """(kind, role) of what the journal says of opening and closing."""
    found = entries_after(conn, 0, 1_000)
    return [(entry.kind, entry.by.role) for entry in found if entry.kind in {"list.opened", "list.closed"}]


def status(conn: Connection, clock: SettableClock, list_id: str) -> str:
    return list_view(conn, list_id, clock.now()).status


def pending(writer: Writer, **said: Any) -> Scene:
    return writer.act_now(lambda tx: speaking.scene(tx, opened=False, **said))


def test_chair_opens_closes_and_reopens(writer: Writer, conn: Connection) -> None:
    scene = pending(writer)
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),)))

    statuses = [
        writer.act_now(lambda tx: act(tx, chair, scene.list)).status  # noqa: B023  -- it is called at once
        for act in (opening.open_list, opening.close_list, opening.reopen_list)
    ]

    assert statuses == ["open", "closed", "open"]
    assert told(conn) == [("list.opened", "chair"), ("list.closed", "chair"), ("list.opened", "chair")]


@pytest.mark.parametrize(
    ("done", "act", "allowed"),
    [
        ([], opening.reopen_list, ["open", "close"]),
        ([opening.open_list], opening.open_list, ["close"]),
        ([opening.open_list], opening.reopen_list, ["close"]),
        ([opening.close_list], opening.close_list, ["open", "reopen"]),
    ],
)
def test_what_the_status_does_not_allow_is_refused_with_what_it_does(
    writer: Writer, done: list[Any], act: Any, allowed: list[str]
) -> None:
    scene = pending(writer)
    for before in done:
        writer.act_now(lambda tx: before(tx, OPERATOR, scene.list))  # noqa: B023  -- it is called at once

    with pytest.raises(NotAllowedNow) as refused:
        writer.act_now(lambda tx: act(tx, OPERATOR, scene.list))

    assert refused.value.data["allowed"] == allowed


def test_participant_does_not_open_lists(writer: Writer) -> None:
    scene = pending(writer)
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene))

    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: opening.open_list(tx, ada, scene.list))
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: opening.open_list(tx, ada, new_id()))


def test_lists_of_a_cancelled_meeting_do_not_open(writer: Writer) -> None:
    scene = pending(writer, meeting_values={"status": "scheduled"})
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="cancelled"))

    with pytest.raises(NotAllowedNow):
        writer.act_now(lambda tx: opening.open_list(tx, OPERATOR, scene.list))


def test_hand_holds_until_the_next_deadline(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    scene = pending(writer, **DEADLINES)

    writer.act_now(lambda tx: opening.open_list(tx, OPERATOR, scene.list))
    found = [status(conn, clock, scene.list)]
    clock.set(datetime(2022, 5, 20, tzinfo=UTC))
    found.append(status(conn, clock, scene.list))
    writer.act_now(lambda tx: opening.reopen_list(tx, OPERATOR, scene.list))
    clock.set(datetime(2023, 5, 20, tzinfo=UTC))
    found.append(status(conn, clock, scene.list))

    assert found == ["open", "closed", "open"]


def test_list_closes_with_its_item(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    of = writer.act_now(places.session)
    item = writer.act_now(lambda tx: speaking.item(tx, of))
    scene = writer.act_now(lambda tx: speaking.scene_in(tx, of, closes_when={"item": item, "state": "ended"}))
    clock.advance(60)

    writer.act_now(lambda tx: tx.conn.update(Item, item, status="started", started_at=tx.now))
    before = status(conn, clock, scene.list)
    writer.act_now(lambda tx: tx.conn.update(Item, item, status="ended", ended_at=tx.now))

    assert (before, status(conn, clock, scene.list)) == ("open", "closed")


def test_clock_is_told_once_for_each_deadline(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    pending(writer, **DEADLINES)

    assert writer.act_now(announce_due) == 0
    clock.set(datetime(2022, 5, 10, tzinfo=UTC))
    assert [writer.act_now(announce_due) for _ in range(2)] == [1, 0]
    clock.set(datetime(2022, 5, 21, tzinfo=UTC))
    assert [writer.act_now(announce_due) for _ in range(2)] == [1, 0]

    assert told(conn) == [("list.opened", "clock"), ("list.closed", "clock")]


def test_clock_that_was_not_looked_at_for_long_tells_all(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    pending(writer, **DEADLINES)
    clock.set(datetime(2022, 6, 1, tzinfo=UTC))

    writer.act_now(announce_due)

    assert told(conn) == [("list.opened", "clock"), ("list.closed", "clock")]


def test_deadline_that_changes_nothing_is_not_told(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    scene = pending(writer, **DEADLINES)
    writer.act_now(lambda tx: opening.open_list(tx, OPERATOR, scene.list))
    clock.set(datetime(2022, 5, 10, tzinfo=UTC))

    assert writer.act_now(announce_due) == 1
    assert told(conn) == [("list.opened", "secretariat")]


def test_hand_tells_first_what_the_clock_did(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    scene = pending(writer, **DEADLINES)
    clock.set(datetime(2022, 5, 11, tzinfo=UTC))
    writer.act_now(lambda tx: opening.close_list(tx, OPERATOR, scene.list))

    assert writer.act_now(announce_due) == 0
    assert told(conn) == [("list.opened", "clock"), ("list.closed", "secretariat")]


def test_lists_of_a_cancelled_meeting_are_not_told_of(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    scene = pending(writer, **DEADLINES)
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="cancelled"))
    clock.set(datetime(2022, 6, 1, tzinfo=UTC))

    assert writer.act_now(announce_due) == 1
    assert told(conn) == []


def test_list_that_is_open_from_the_start_is_told_of(writer: Writer, conn: Connection) -> None:
    pending(writer, opens_at="2022-04-30T00:00:00Z")
    pending(writer, code="ahc-3", opens_at="2022-04-29T00:00:00Z", closes_at="2022-04-30T00:00:00Z")

    assert told(conn) == [("list.opened", "secretariat")]


def test_deadline_that_is_moved_past_now_opens_or_closes_and_is_told_of(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    scene = pending(writer, **DEADLINES)
    clock.set(datetime(2022, 5, 5, tzinfo=UTC))

    def move(**deadlines: str) -> None:
        writer.act_now(lambda tx: drawing_up.change(tx, OPERATOR, scene.list, deadlines))

    move(opens_at="2022-05-04T00:00:00Z")
    move(closes_at="2022-05-30T00:00:00Z")
    move(closes_at="2022-05-04T12:00:00Z")
    move(opens_at="2022-05-03T00:00:00Z")

    assert writer.act_now(announce_due) == 0
    assert told(conn) == [("list.opened", "secretariat"), ("list.closed", "secretariat")]
