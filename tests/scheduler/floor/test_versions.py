from datetime import datetime, timedelta

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import NotFound
from scheduler.floor import folding
from scheduler.floor.reading import floor_now
from scheduler.floor.versions import known_version, present, versions_after
from scheduler.floor.view import FloorView
from scheduler.ids import new_id
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme.tables import Session
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import queueing
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import Sat, sat

STEPS = ((0, "open"), (1, "call"), (2, "start"), (4, "call"), (5, "absent"), (6, "undo"), (7, "start"), (9, "suspend"))


@pytest.fixture
def here(writer: Writer, clock: SettableClock) -> Sat:
    return sat(writer, clock)


def views(conn: Connection, here: Sat, version: int, most: int = 50) -> list[FloorView]:
    return [shown.view for shown in versions_after(conn, here.scene.meeting, version, most)]


def test_versions_are_told_again_as_each_command_was_answered(conn: Connection, here: Sat) -> None:
    answered = [here.do(*step) for step in STEPS]

    assert views(conn, here, 4) == answered
    assert views(conn, here, 7) == answered[3:]
    assert views(conn, here, 6, most=2) == answered[2:4]
    assert views(conn, here, 12) == []


def test_where_clocks_differ_no_event_is_before_the_last_and_all_are_told_as_they_were_answered(
    conn: Connection, here: Sat, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ((0, "open"), (1, "call"), (0.9, "start"), (3, "finish"), (2.99, "call"), (4, "undo"), (2, "suspend"))
    answered = [here.do(*step) for step in steps]
    monkeypatch.setattr(folding, "_kept", folding._Kept())

    minutes = [(datetime.fromisoformat(each.now) - STARTS_AT).total_seconds() / 60 for each in answered]
    assert minutes == [0, 1, 1, 3, 3, 4, 3]
    assert views(conn, here, 4) == answered
    assert floor_now(conn, here.scene.meeting, datetime.fromisoformat(answered[-1].now)) == answered[-1]


def test_versions_that_no_reader_has_folded_yet_are_the_same(
    conn: Connection, here: Sat, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = [here.do(*step) for step in STEPS]
    monkeypatch.setattr(folding, "_kept", folding._Kept())

    assert views(conn, here, 5, most=1) == answered[1:2]
    assert views(conn, here, 6) == answered[2:]


def test_changes_of_one_commit_are_versions_of_their_own(conn: Connection, here: Sat) -> None:
    here.play((0, "open"), (1, "call"))

    def both(tx: Tx) -> None:
        queueing.turn(tx, here.scene, "E")
        queueing.turn(tx, here.scene, "F")

    here.writer.act_now(both)

    assert [(seen.version, seen.total) for seen in views(conn, here, 5)] == [(6, 4), (7, 5), (8, 6)]


def test_versions_before_the_opening_show_the_queue_of_the_lists(conn: Connection, here: Sat) -> None:
    before = views(conn, here, 1)
    here.do(0, "open")

    assert [(seen.version, seen.status, seen.total) for seen in before] == [(2, "scheduled", 4)] + [
        (version, "scheduled", 4) for version in (3, 4)
    ]
    assert [(seen.version, seen.status) for seen in views(conn, here, 3)] == [(4, "scheduled"), (5, "in_progress")]


def test_present_has_the_zone_of_the_venue(conn: Connection, here: Sat) -> None:
    done = here.do(0, "open")

    shown = present(conn, here.scene.meeting, STARTS_AT)

    assert (shown.view, shown.timezone) == (done, "Europe/Vienna")


def test_version_is_known_to_whoever_may_know_of_the_meeting(conn: Connection, here: Sat) -> None:
    assert known_version(conn, PUBLIC, here.scene.meeting) == 4
    here.writer.act_now(lambda tx: tx.conn.update(Session, here.scene.session, status="draft"))
    assert known_version(conn, Reader(OPERATOR), here.scene.meeting) == 4

    for meeting in (here.scene.meeting, new_id()):
        with pytest.raises(NotFound):
            known_version(conn, PUBLIC, meeting)


def test_moments_of_versions_are_those_of_their_events(conn: Connection, here: Sat) -> None:
    here.play((0, "open"), (1.5, "call"))

    moments = [seen.now for seen in views(conn, here, 4)]

    assert moments == [f"{(STARTS_AT + timedelta(minutes=minutes)).isoformat()[:19]}.000Z" for minutes in (0, 1.5)]
