from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import NotFound
from scheduler.floor.folding import folded
from scheduler.floor.recording import record
from scheduler.floor.reporting import session_report
from scheduler.floor.tally import SpokenTime
from scheduler.floor.turns import Turn
from scheduler.lists import turns
from scheduler.lists.turns import Interlude
from scheduler.people.permission import OPERATOR, Grant
from scheduler.people.reader import PUBLIC, Reader
from scheduler.people.tables import Person
from scheduler.programme.tables import Session
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people
from tests.scheduler.floor.meeting import Sat, item_in_two, sat

CODE = "ahc-2"


def told(conn: Connection, here: Sat) -> list[Turn]:
    """The turns that wait, people and organisations by id."""
    return list(folded(conn, here.scene.meeting).turns.values())


def sums(rows: Iterable[SpokenTime]) -> tuple[int, int, int, int]:
    """Planned, actual, turns, at night."""
    found = [(each.planned_seconds, each.actual_seconds, each.turns, each.night_turns) for each in rows]
    planned, actual, turns, night = zip(*found, strict=True)
    return sum(planned), sum(actual), sum(turns), sum(night)


def test_sums_are_those_of_the_records_to_the_second(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here = sat(writer, clock, "ABCDE")
    first = {"organisation": told(conn, here)[0].organisation}
    here.play((0, "open"), (1, "call"), (1.2371, "start"), (4.0, "extend", {"seconds": 60}), (4.91, "finish"))
    here.play((5, "call"), (5.1234, "start"), (6, "pause"), (7, "resume"), (7.7777, "finish"))
    here.play((8, "call"), (8.3, "start"), (8.6, "point_of_order", first), (9.3333, "finish"))
    here.play((10.1, "finish"), (11, "call"), (12, "absent"), (20, "close", {"carry": False}))

    found = session_report(conn, PUBLIC, CODE)

    recorded = record(conn, here.scene.meeting, clock.now(), PUBLIC).turns
    assert [each.status for each in recorded] == ["spoken", "spoken", "spoken", "spoken", "absent", "left"]
    exact: dict[str, float] = defaultdict(float)
    for turn in recorded:
        exact[turn.organisation.id if turn.organisation else ""] += turn.spoken_seconds or 0.0
    assert {each.key: abs(each.actual_seconds - exact[str(each.key)]) < 1 for each in found.by_organisation} == (
        dict.fromkeys(exact, True)
    )
    planned, spoken = sum(turn.planned_seconds for turn in recorded), round(sum(exact.values()))
    for rows in (found.by_category, found.by_region, found.by_mode, found.by_organisation):
        assert sums(rows) == (planned, spoken, 4, 0)
    assert len(found.turns) == 4


def test_whoever_is_carried_over_counts_where_she_speaks(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here, later = item_in_two(writer, clock, "AB")
    here.play((0, "open"), (1, "call"), (1, "start"), (3, "finish"), (4, "close"))

    first = session_report(conn, PUBLIC, CODE)
    here.scene = replace(here.scene, meeting=later)
    day = 24 * 60
    here.play((day, "open"), (day + 1, "call"), (day + 1, "start"), (day + 2, "finish"), (day + 3, "close"))
    both = session_report(conn, PUBLIC, CODE)

    assert (first.meetings, sums(first.by_category)) == (1, (180, 120, 1, 0))
    assert (both.meetings, sums(both.by_category)) == (2, (360, 180, 2, 0))


def test_the_night_is_that_of_the_speaker(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here = sat(writer, clock, "AB")
    speaker = told(conn, here)[0].speaker
    writer.act_now(lambda tx: tx.conn.update(Person, speaker, timezone="America/Los_Angeles"))
    here.play((0, "open"), (1, "call"), (1.5, "start"), (3, "call"), (4, "start"), (6, "close"))

    found = session_report(conn, PUBLIC, CODE)

    assert [(each.local_start, each.at_night) for each in found.turns] == [("01:01", True), ("10:04", False)]
    assert sums(found.by_mode)[2:] == (2, 1)


def test_a_point_of_order_of_no_named_person_is_on_the_venues_clock(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock, "A")
    here.play((0, "open"), (1, "point_of_order", {"organisation": told(conn, here)[0].organisation}), (2, "close"))

    assert [each.local_start for each in session_report(conn, PUBLIC, CODE).turns] == ["10:01"]


def test_panels_and_breaks_are_nobodys_time(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here = sat(writer, clock, "A")
    pause = Interlude("break", 600, "Coffee", None)
    writer.act_now(lambda tx: turns.put(tx, OPERATOR, here.scene.list, pause))
    here.play((0, "open"), (1, "call"), (1, "start"), (5, "call"), (5, "start"), (6, "close"))

    assert sums(session_report(conn, PUBLIC, CODE).by_mode) == (180, 60, 1, 0)


def test_a_meeting_that_sits_is_in_its_chairs_report_alone(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock, "AB")
    grants = (Grant("chair", "session", here.scene.session),)
    chair = Reader(writer.act_now(lambda tx: people.person(tx, "Chair", grants=grants)))
    somebody = Reader(writer.act_now(lambda tx: people.person(tx, "Somebody")))
    here.play((0, "open"), (1, "call"), (1, "start"), (3, "finish"))

    seen = {reader: session_report(conn, reader, CODE) for reader in (PUBLIC, somebody, chair)}

    assert {reader: (found.meetings, len(found.turns)) for reader, found in seen.items()} == {
        PUBLIC: (0, 0),
        somebody: (0, 0),
        chair: (1, 1),
    }
    assert sums(seen[chair].by_category) == (180, 120, 1, 0)


def test_a_draft_has_no_report_for_the_public(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here = sat(writer, clock)
    writer.act_now(lambda tx: tx.conn.update(Session, here.scene.session, status="draft"))

    with pytest.raises(NotFound):
        session_report(conn, PUBLIC, CODE)
    assert session_report(conn, Reader(OPERATOR), CODE).meetings == 0
