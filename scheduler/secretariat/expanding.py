"""Day patterns of a programme file as the meetings that they mean. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.secretariat.document import DaysPart, MeetingPart, SessionPart

_SATURDAY = 5
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting that the file means, its number, and the place in the file that says so."""

    number: int
    part: MeetingPart
    place: tuple[int | str, ...]


def meetings(session: SessionPart, at: tuple[int | str, ...]) -> list[Planned]:
    """All meetings of a session by date and start, numbered in that order where the file gives no number."""
    found = [(part, (*at, "meetings", number)) for number, part in enumerate(session.meetings)]
    for number, pattern in enumerate(session.days):
        found += [(part, (*at, "days", number)) for part in _repeated(pattern)]
    found.sort(key=lambda each: (each[0].date, each[0].start))
    taken = {part.number for part, _ in found}
    free = (number for number in range(1, len(found) + len(taken) + 1) if number not in taken)
    return [_planned(part, part.number or next(free), where) for part, where in found]


def _planned(part: MeetingPart, number: int, where: tuple[int | str, ...]) -> Planned:
    return Planned(
        number, part if part.title else part.model_copy(update={"title": f"{ordinal(number)} meeting"}), where
    )


def _repeated(pattern: DaysPart) -> list[MeetingPart]:
    first, last = date.fromisoformat(pattern.first), date.fromisoformat(pattern.last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    shared = pattern.said("first", "last", "but", "at")
    return [
        MeetingPart(**shared, date=day.isoformat(), start=start, end=end)
        for day in days
        if day.weekday() < _SATURDAY and day.isoformat() not in pattern.but
        for start, end in pattern.at
    ]


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    suffix = "th" if number % 100 in _TEENS else _ORDINALS.get(number % 10, "th")
    return f"{number}{suffix}"
