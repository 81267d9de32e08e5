"""The viewer's clock: the same stretch as the venue's, where she is."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Literal

from scheduler.clock.zones import local

Civil = Literal["night", "early", "day", "evening", "late"]

_BY_HOUR: tuple[Civil, ...] = (
    *("night",) * 6,
    *("early",) * 2,
    *("day",) * 10,
    *("evening",) * 4,
    *("late",) * 2,
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A stretch on a viewer's clock: `YYYY-MM-DD` and `HH:MM` texts in `timezone`.

    `day_shift` is days after (+) or before (-) the venue's date of the start. It holds no instant: those of the
    stretch itself do not change with who looks at it.
    """

    timezone: str
    date: str
    start: str
    end: str
    end_date: str
    day_shift: int
    civil: Civil


def view(starts_at: datetime, ends_at: datetime, venue_zone: str, viewer_zone: str) -> Viewer:
    """The stretch from `starts_at` to `ends_at` (instants) at a venue, on the clock of a viewer.

    Raises:
        UnknownTimezone: one of the zones does not exist (field `timezone`).
    """
    # In UTC, because two datetimes of one zone that differ in `fold` alone are equal, and so one key.
    return _view(_in_utc(starts_at), _in_utc(ends_at), venue_zone, viewer_zone)


@lru_cache(maxsize=8192)
def _view(starts_at: datetime, ends_at: datetime, venue_zone: str, viewer_zone: str) -> Viewer:
    start = local(starts_at, viewer_zone)
    shown = start.isoformat()
    ended = local(ends_at, viewer_zone).isoformat()
    return Viewer(
        timezone=viewer_zone,
        date=shown[:10],
        start=shown[11:16],
        end=ended[11:16],
        end_date=ended[:10],
        day_shift=start.toordinal() - local(starts_at, venue_zone).toordinal(),
        civil=civil(start.time()),
    )


def _in_utc(moment: datetime) -> datetime:
    # What the database gives is so already, and pages ask for a hundred.
    return moment if moment.tzinfo is UTC else local(moment, "UTC")


def civil(at: time) -> Civil:
    """What a wall-clock time asks of people: `night` to 06:00, `early` to 08, `day` to 18, `evening` to 22, `late`."""
    return _BY_HOUR[at.hour]
