"""A list's window: written as wall clocks of the meeting's place, kept as seconds from the meeting's start. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scheduler.clock.zones import instant, local, parse_date, parse_time, stretch
from scheduler.errors import LocalTimeAmbiguous, Meaningless
from scheduler.lists.views import Window


@dataclass(frozen=True, slots=True)
class Sitting:
    """When and on whose clock a meeting is held: `date` and `start` as decided, the instants as derived."""

    date: str
    timezone: str
    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> int:
        """Its seconds."""
        return self.since(self.ends_at)

    def at(self, offset: int) -> datetime:
        """The instant so many seconds after the start."""
        return self.starts_at + timedelta(seconds=offset)

    def since(self, moment: datetime) -> int:
        """The seconds from the start to a moment."""
        return int((moment - self.starts_at).total_seconds())


def offsets(window: Mapping[str, Any], sitting: Sitting) -> tuple[int, int]:
    """The window `{start, end, fold?}` as seconds from the meeting's start.

    Where a meeting goes over midnight, a wall clock before that of its start is on the next day.

    Raises:
        Meaningless: it is no wall clock, or not within the meeting (field `window`).
        LocalTimeAmbiguous, LocalTimeSkipped: as `zones.stretch` (field `window.start` or `window.end`).
    """
    start = parse_time(window["start"], field="window.start")
    end = parse_time(window["end"], field="window.end")
    day = parse_date(sitting.date, field="date")
    begun = local(sitting.starts_at, sitting.timezone)
    over_midnight = local(sitting.ends_at, sitting.timezone).date() > day
    if over_midnight and start < begun.time():
        day += timedelta(days=1)
    try:
        starts_at, ends_at = stretch(day, start, end, sitting.timezone, window.get("fold"))
    except Meaningless as refusal:
        raise type(refusal)(refusal.sentence, field=f"window.{refusal.faults[0].field}", **refusal.data) from None
    if starts_at < sitting.starts_at or ends_at > sitting.ends_at:
        raise Meaningless(
            f"The window lies outside the meeting, which is held from {begun:%H:%M} to "
            f"{local(sitting.ends_at, sitting.timezone):%H:%M}. Choose one within it.",
            field="window",
        )
    return sitting.since(starts_at), sitting.since(ends_at)


def shown(first: int, last: int, sitting: Sitting) -> Window:
    """Offsets as the wall clocks of the meeting's place, with the `fold` that would give them back."""
    start, end = (local(sitting.at(offset), sitting.timezone) for offset in (first, last))
    twice = next((at for at in (start, end) if _twice(at, sitting.timezone)), None)
    return Window(f"{start:%H:%M}", f"{end:%H:%M}", None if twice is None else twice.fold)


def _twice(at: datetime, zone_name: str) -> bool:
    try:
        instant(at.date(), at.time().replace(fold=0), zone_name)
    except LocalTimeAmbiguous:
        return True
    return False
