"""The rail of hours: the days of a session on the viewer's clock, the night hatched, each meeting a box in its place.

Places and lengths are percentages of the day, as SVG takes them; where Arabic is read they count from the other side.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.delivery.letters.dates import on_clock
from api.pages.times import Times
from scheduler.programme.events import MeetingEvent

_DAY_MINUTES = 24 * 60
_NIGHT_HOURS = 6
_STEP = 3
_ROOM_FOR_NUMBER, _ROOM_FOR_TIME = 45, 110  # minutes whose box has room for a number, and for a time beside it


@dataclass(frozen=True, slots=True)
class Hour:
    """A line on the rail: where it is, what it is called, and whether a phone leaves it out."""

    x: str
    text: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A meeting, or its part on this day. `state`: past, on, coming or off; `gone` is how far it is, while it is on."""

    x: str
    width: str
    text_x: str
    state: str
    number: str
    start: str
    gone: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the viewer's clock."""

    text: str
    today: bool
    boxes: list[Box]


@dataclass(frozen=True, slots=True)
class Rail:
    """The whole rail; `venue` and its hours are None where the venue's clock shows the same."""

    city: str
    hours: list[Hour]
    venue: str | None
    venue_hours: list[Hour]
    night: tuple[str, str]
    now: str | None
    days: list[Day]


def rail(times: Times, meetings: Sequence[MeetingEvent], venue: str, city: str | None, *, mirrored: bool) -> Rail:
    """The rail of a session's meetings, by start."""
    zone = times.zone or venue
    ruler = Ruler(mirrored)
    boxes: dict[date, list[Box]] = defaultdict(list)
    for meeting in meetings:
        for day, first, last, opens in _parts(meeting, zone):
            boxes[day].append(_box(times, meeting, ruler, (first, last), opens=opens, zone=zone))
    today = on_clock(times.now, zone)
    ahead = _ahead(meetings[0].starts_at if meetings else times.now, zone, venue)
    return Rail(
        city=times.city(zone, city if zone == venue else None),
        hours=[_hour(ruler, hour, 0) for hour in range(0, 25, _STEP)],
        venue=times.city(venue, city) if ahead else None,
        venue_hours=[_hour(ruler, hour, ahead) for hour in range(0, 25, _STEP)] if ahead else [],
        night=ruler.stretch(0, _NIGHT_HOURS * 60),
        now=ruler.point(today.hour * 60 + today.minute) if today.date() in boxes else None,
        days=[Day(times.written(day), day == today.date(), boxes[day]) for day in sorted(boxes)],
    )


@dataclass(frozen=True, slots=True)
class Ruler:
    """A day as a rail: `mirrored` where one reads from right to left."""

    mirrored: bool

    def point(self, minute: float) -> str:
        """Where a minute of the day is, from the left as SVG counts."""
        share = 100 * minute / _DAY_MINUTES
        return f"{100 - share if self.mirrored else share:.2f}%"

    def stretch(self, first: float, last: float) -> tuple[str, str]:
        """Where it begins, from the left as SVG counts, and how wide it is."""
        return self.point(last if self.mirrored else first), f"{100 * (last - first) / _DAY_MINUTES:.2f}%"


def _parts(meeting: MeetingEvent, zone: str) -> Iterable[tuple[date, int, int, bool]]:
    """A meeting day by day: the day, its minutes from and to, and whether it begins there."""
    start, end = on_clock(meeting.starts_at, zone), on_clock(meeting.ends_at, zone)
    day = start.date()
    while day < end.date() or (day == end.date() and (end.hour or end.minute or start.date() == day)):
        first = start.hour * 60 + start.minute if day == start.date() else 0
        last = end.hour * 60 + end.minute if day == end.date() else _DAY_MINUTES
        yield day, first, max(first, last), day == start.date()
        day += timedelta(days=1)


def _box(times: Times, meeting: MeetingEvent, ruler: Ruler, part: tuple[int, int], *, opens: bool, zone: str) -> Box:
    x, width = ruler.stretch(*part)
    state = _state(meeting, times.now)
    gone = None
    if state == "on":
        there = on_clock(times.now, zone)
        gone = ruler.stretch(part[0], min(part[1], max(part[0], there.hour * 60 + there.minute)))
    start = on_clock(meeting.starts_at, zone)
    return Box(
        x=x,
        width=width,
        text_x=ruler.point(part[0]),
        state=state,
        number=str(meeting.number) if opens and part[1] - part[0] >= _ROOM_FOR_NUMBER else "",
        start=f"{start:%H:%M}" if opens and part[1] - part[0] >= _ROOM_FOR_TIME else "",
        gone=gone,
    )


def _state(meeting: MeetingEvent, now: datetime) -> str:
    if meeting.cancelled:
        return "off"
    if meeting.ends_at <= now:
        return "past"
    return "on" if meeting.starts_at <= now else "coming"


def _hour(ruler: Ruler, hour: int, ahead: int) -> Hour:
    minutes = hour * 60 + ahead
    text = "24:00" if hour == 24 and not ahead else f"{minutes // 60 % 24:02}:{minutes % 60:02}"  # noqa: PLR2004  -- the day's end
    return Hour(ruler.point(hour * 60), text, hour % _NIGHT_HOURS != 0)


def _ahead(moment: datetime, zone: str, venue: str) -> int:
    """By how many minutes the venue's clock is ahead of hers, 0 where both show the same."""
    hers, theirs = (on_clock(moment, each).utcoffset() or timedelta() for each in (zone, venue))
    return int((theirs - hers).total_seconds()) // 60
