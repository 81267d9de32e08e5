"""Day patterns of a programme file as the meetings that they mean. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scheduler.errors import Fault
from scheduler.secretariat.document import DaysPart, MeetingPart, Place, SessionPart

_SATURDAY = 5
_LONGEST = 3_660
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting that the file means, its number, and the place in the file that says so."""

    number: int
    part: MeetingPart
    place: Place


def meetings(session: SessionPart, at: Place) -> list[Planned]:
    """All meetings of a session by date and start; those without a number get the free numbers in that order."""
    found = [(part, (*at, "meetings", number)) for number, part in enumerate(session.meetings)]
    for number, pattern in enumerate(session.days):
        found += [(part, (*at, "days", number)) for part in _repeated(pattern)]
    found.sort(key=lambda each: (each[0].date, each[0].start))
    taken = {part.number for part, _ in found}
    free = (number for number in range(1, len(found) + len(taken) + 1) if number not in taken)
    return [Planned(part.number or next(free), part, where) for part, where in found]


def pattern_faults(pattern: DaysPart) -> list[Fault]:
    """What cannot be meant by a pattern, each with its place in it."""
    if pattern.last < pattern.first:
        return [Fault("last", "The last day is the first or a later one.")]
    if (date.fromisoformat(pattern.last) - date.fromisoformat(pattern.first)).days > _LONGEST:
        return [Fault("last", "A pattern goes over ten years at most.")]
    days = {day.isoformat() for day in _days(pattern)}
    sentence = "The pattern has no meeting on this day. Give a day from Monday to Friday between its first and last."
    return [
        *(Fault(f"but[{number}]", sentence) for number, day in enumerate(pattern.but) if day not in days),
        *(Fault(f"on.{day}", sentence) for day in pattern.on if day not in days),
    ]


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    suffix = "th" if number % 100 in _TEENS else _ORDINALS.get(number % 10, "th")
    return f"{number}{suffix}"


def _repeated(pattern: DaysPart) -> list[MeetingPart]:
    if pattern_faults(pattern):
        return []
    shared = pattern.said("first", "last", "at", "but", "on")
    return [
        MeetingPart(**shared | other, date=day.isoformat(), start=start, end=end)
        for day in _days(pattern)
        if day.isoformat() not in pattern.but
        for start, end, other in _sittings(pattern, day.isoformat())
    ]


def _sittings(pattern: DaysPart, day: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    other = pattern.on.get(day)
    said = other.said("at") if other else {}
    for start, end in (other and other.at) or pattern.at:
        yield start, end, said


def _days(pattern: DaysPart) -> list[date]:
    first, last = date.fromisoformat(pattern.first), date.fromisoformat(pattern.last)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < _SATURDAY]
