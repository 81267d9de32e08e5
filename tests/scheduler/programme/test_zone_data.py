from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.clock.zones import ZONE_DATA
from scheduler.programme.zone_data import Shifted, shifted
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import places, speaking
from tests.makers.speaking import STARTS_AT

NOW = datetime(2022, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _meeting(writer: Writer, **changes: Any) -> None:
    writer.act_now(lambda tx: speaking.meeting(tx, places.session(tx), **{"zone_data": "2019a", **changes}))


def test_a_meeting_that_is_kept_at_another_instant_is_found(writer: Writer, conn: Connection) -> None:
    _meeting(writer, starts_at=STARTS_AT - HOUR)

    assert shifted(conn, NOW) == [Shifted("ahc-2", 1, STARTS_AT - HOUR, "2019a")]


def test_a_meeting_whose_wall_clock_does_not_exist_any_more_is_found(writer: Writer, conn: Connection) -> None:
    at = datetime(2023, 3, 26, 1, 30, tzinfo=UTC)
    _meeting(writer, date="2023-03-26", start="02:30", end="04:30", starts_at=at, ends_at=at + 2 * HOUR)

    assert shifted(conn, NOW) == [Shifted("ahc-2", 1, at, "2019a")]


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        (NOW, {}),
        (NOW, {"starts_at": STARTS_AT - HOUR, "zone_data": ZONE_DATA}),
        (NOW, {"starts_at": STARTS_AT - HOUR, "status": "cancelled"}),
        (NOW + timedelta(days=30), {"starts_at": STARTS_AT - HOUR}),
    ],
    ids=["the same instants", "derived now", "cancelled", "past"],
)
def test_other_meetings_are_not(writer: Writer, conn: Connection, now: datetime, changes: dict[str, Any]) -> None:
    _meeting(writer, **changes)

    assert shifted(conn, now) == []
