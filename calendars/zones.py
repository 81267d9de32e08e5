"""VTIMEZONE: one STANDARD and at most one DAYLIGHT, each by one yearly rule, and only where that is the whole truth.

Outlook keeps no more of a VTIMEZONE than this, others go by the IANA name or by what stands there. So a zone is
described only where two rules give each change of the years in question, to the second; elsewhere events are in UTC.
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from calendars.identity import basic
from scheduler.clock.zones import local, transitions

_LAST_WEEK = 5
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SECOND = timedelta(seconds=1)
_AROUND = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Shift:
    """How clocks are set: from one offset to another, and what the new time is called."""

    before: timedelta
    after: timedelta
    name: str


@dataclass(frozen=True, slots=True)
class _Yearly:
    """A weekday (0: Monday) of a month, in its `week` (5: the last such day), and the time on it."""

    month: int
    week: int
    weekday: int
    time: timedelta

    def since_1970(self) -> tuple[str, ...]:
        """The first such moment from 1970 on and the rule for the others."""
        first = datetime(1970, self.month, 1)  # noqa: DTZ001  -- a wall clock's reading
        day = 1 + (self.weekday - first.weekday()) % 7 + 7 * (self.week - 1)
        if day > monthrange(1970, self.month)[1]:
            day -= 7
        week = -1 if self.week == _LAST_WEEK else self.week
        rule = f"RRULE:FREQ=YEARLY;BYDAY={week}{_DAYS[self.weekday]};BYMONTH={self.month}"
        return f"DTSTART:{basic(first.replace(day=day) + self.time)}", rule


_Onset = tuple[_Shift, tuple[str, ...]]


@lru_cache(maxsize=4096)
def vtimezone(zone_name: str, first_year: int, last_year: int) -> bytes | None:
    """The VTIMEZONE that is right at every moment of these years, or None where no yearly rule says it.

    What clocks did in one year alone is no rule (Casablanca's follow the moon): it must hold in a year beside it, too.

    Raises:
        UnknownTimezone: no such zone.
    """
    wider = [(first_year - 1, last_year + 1), (first_year - 1, last_year), (first_year, last_year + 1)]
    for first, last in [*wider, (first_year, last_year)]:
        if onsets := _onsets(zone_name, first, last):
            # UTC is written as such: it has no wall clock of its own.
            return None if onsets[0][0].name == "UTC" else _component(zone_name, onsets)
    return None


def years(first_start: datetime, last_start: datetime) -> tuple[int, int]:
    """The years for which a feed with these starts needs its zones: calendars also show the days around."""
    return (first_start - _AROUND).year, (last_start + _AROUND).year


def _onsets(zone_name: str, first_year: int, last_year: int) -> list[_Onset]:
    """The rules, standard time first, that give exactly the changes of these years; none where there are no such."""
    start, stop = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    changes: dict[_Shift, list[datetime]] = defaultdict(list)
    for moment in transitions(zone_name, start, stop):
        before, after = local(moment - _SECOND, zone_name), local(moment, zone_name)
        # On the clock as it was until then, which is how an onset is written (RFC 5545 3.6.5).
        changes[_shift(before, after)].append(before.replace(tzinfo=None) + _SECOND)
    if not changes:
        unchanged = local(start, zone_name)
        return [(_shift(unchanged, unchanged), ("DTSTART:19700101T000000",))]
    span = range(first_year, last_year + 1)
    rules = [(shift, yearly) for shift, walls in changes.items() if (yearly := _yearly(walls, span))]
    if not len(rules) == len(changes) == 2:  # noqa: PLR2004  -- there and back
        return []
    rules.sort(key=lambda rule: rule[0].after)
    return [(shift, yearly.since_1970()) for shift, yearly in rules]


def _yearly(walls: list[datetime], span: range) -> _Yearly | None:
    """The rule that gives these moments, one in each of several years."""
    if [wall.year for wall in walls] != list(span) or len(span) == 1:
        return None
    rules = set.intersection(*map(_rules_for, walls))
    # Of two that fit, the last week is what governments mean.
    return max(rules, key=lambda rule: rule.week, default=None)


def _rules_for(wall: datetime) -> set[_Yearly]:
    time = wall - wall.replace(hour=0, minute=0, second=0)
    weeks = {(wall.day + 6) // 7}
    if wall.day + 7 > monthrange(wall.year, wall.month)[1]:
        weeks.add(_LAST_WEEK)
    return {_Yearly(wall.month, week, wall.weekday(), time) for week in weeks}


def _component(zone_name: str, onsets: list[_Onset]) -> bytes:
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone_name}"]
    for kind, (shift, (start, *rule)) in zip(("STANDARD", "DAYLIGHT"), onsets, strict=False):
        lines += [f"BEGIN:{kind}", start, *rule, f"TZNAME:{shift.name}"]
        lines += [f"TZOFFSETFROM:{_hours(shift.before)}", f"TZOFFSETTO:{_hours(shift.after)}", f"END:{kind}"]
    lines.append("END:VTIMEZONE\r\n")
    return "\r\n".join(lines).encode()


def _shift(before: datetime, after: datetime) -> _Shift:
    return _Shift(before.utcoffset() or timedelta(0), after.utcoffset() or timedelta(0), after.tzname() or "")


def _hours(offset: timedelta) -> str:
    sign = "-" if offset < timedelta(0) else "+"
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"
