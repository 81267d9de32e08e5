"""Reads a VTIMEZONE as RFC 5545 3.6.5 has it read, and shares no arithmetic with the code that writes it."""

from bisect import bisect_right
from calendar import monthcalendar
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from icalendar import Calendar, Component

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


class WrittenZone:
    """What a VTIMEZONE says of the years up to `last_year`."""

    def __init__(self, written: bytes, last_year: int) -> None:
        self.component = Component.from_ical(written)
        self.kinds = [part.name for part in self.component.subcomponents]
        onsets = [onset for part in self.component.subcomponents for onset in self._onsets(part, last_year)]
        self.moments = sorted(moment for moment, _ in onsets)
        self.offsets = [offset for _, offset in sorted(onsets)]

    def offset(self, moment: datetime) -> timedelta:
        return self.offsets[bisect_right(self.moments, moment) - 1]

    @staticmethod
    def _onsets(part: Any, last_year: int) -> list[tuple[datetime, timedelta]]:
        start, before, after = part["DTSTART"].dt, part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        walls = [start]
        if "RRULE" in part:
            rule = part["RRULE"]
            assert sorted(rule) == ["BYDAY", "BYMONTH", "FREQ"]
            assert rule["FREQ"] == ["YEARLY"]
            (month,), (day,) = rule["BYMONTH"], rule["BYDAY"]
            walls = [yearly(year, month, day, start) for year in range(1970, last_year + 1)]
            assert walls[0] == start
        return [((wall - before).replace(tzinfo=UTC), after) for wall in walls]


def yearly(year: int, month: int, day: str, time: datetime) -> datetime:
    """`2SU` or `-1FR` of a month, at a time."""
    week, weekday = int(day[:-2]), WEEKDAYS.index(day[-2:])
    days = [row[weekday] for row in monthcalendar(year, month) if row[weekday]]
    return time.replace(year=year, day=days[week - 1 if week > 0 else week], month=month)


def renamed(feed: bytes) -> Calendar:
    """The feed with zones that nobody knows by name, so that a reader has its VTIMEZONE alone to go by."""
    for zone in sorted({str(each["TZID"]) for each in Calendar.from_ical(feed).walk("VTIMEZONE")}, key=len):
        # The library keeps zones by name for good, so each description has a name of its own.
        unknown = f"Z{crc32(feed)}-{len(zone)}"
        feed = feed.replace(f"TZID:{zone}\r\n".encode(), f"TZID:{unknown}\r\n".encode())
        feed = feed.replace(f"TZID={zone}:".encode(), f"TZID={unknown}:".encode())
    return Calendar.from_ical(feed)
