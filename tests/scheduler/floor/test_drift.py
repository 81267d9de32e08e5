from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.clock.now import SettableClock
from scheduler.floor.drift import NOTICED, drifted
from scheduler.floor.reading import floor_now
from scheduler.floor.view import FloorView
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import Sat, sat


@pytest.fixture
def here(writer: Writer, clock: SettableClock) -> Sat:
    """One speaks since the second minute, for three; three more wait."""
    made = sat(writer, clock)
    made.play((0, "open"), (1, "call"), (2, "start"))
    return made


def at(conn: Connection, here: Sat, minutes: float) -> FloorView:
    return floor_now(conn, here.scene.meeting, STARTS_AT + timedelta(minutes=minutes))


def test_floor_whose_times_stand_has_not_drifted_though_she_speaks_on(conn: Connection, here: Sat) -> None:
    early = at(conn, here, 2)
    later = replace(at(conn, here, 2), now="2022-06-08T08:03:00.000Z", remote=replace(early.remote, used_seconds=9.0))

    assert drifted(early, early) is False
    assert drifted(early, later) is False


def test_floor_drifts_when_she_speaks_longer_than_she_may(conn: Connection, here: Sat) -> None:
    assert drifted(at(conn, here, 6), at(conn, here, 8)) is True


def test_floor_drifts_with_whatever_else_is_another(conn: Connection, here: Sat) -> None:
    seen = at(conn, here, 2)

    assert drifted(seen, replace(seen, remote=replace(seen.remote, warning=True))) is True
    assert drifted(seen, replace(seen, status="cancelled")) is True
    assert drifted(seen, replace(seen, queue=seen.queue[1:])) is True


@pytest.mark.parametrize(("seconds", "is_noticed"), [(4.999, False), (5, True), (-5, True)])
def test_time_must_be_another_by_five_seconds(conn: Connection, here: Sat, seconds: float, is_noticed: bool) -> None:
    seen = at(conn, here, 2)
    end = STARTS_AT + timedelta(hours=2)
    told, now = (replace(seen, projected_end=(end + timedelta(seconds=by)).isoformat()) for by in (0, seconds))

    assert (drifted(told, now), timedelta(seconds=5)) == (is_noticed, NOTICED)
