"""The queue of a meeting as its page shows it: expected times and windows on the viewer's clock, and the rails.

There are three: the whole, and for a phone, which has no room for it, that of this sitting and that of what goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.delivery.letters.dates import clock_time, on_clock
from api.pages.hours import HOUR, Hours, Point, Stretch, is_night, on_the_hour
from api.pages.times import Seen, Times
from api.pages.words import Words
from scheduler.floor.turns import INTERLUDES
from scheduler.floor.view import FloorView, Waiting

FIRST, AROUND = 4, 1
"""So many rows from the front are never folded, so many on each side of one's own."""

_LONGEST, _SHORTEST = timedelta(hours=12), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Bar:
    """A window, or a break's whole length, with its median; or from one moment to another. `on` counts the rails."""

    on: int
    span: Stretch
    median: str


@dataclass(frozen=True, slots=True)
class Row:
    """One who waits: `tag` names another day than today."""

    turn: Waiting
    name: str
    under: str
    at: str
    tag: str
    earliest: str
    latest: str
    bars: list[Bar]
    mine: bool


@dataclass(frozen=True, slots=True)
class Fold:
    """So many who are not shown, expected between the first and the last."""

    number: int
    first: str
    last: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class End:
    """The planned end, behind which the list goes on; `again` is when the next meeting begins, of which it is a part.

    `bars` are on the first rail: the pause, and what comes first in that meeting.
    """

    at: Seen
    again: Seen
    goes_on: Seen
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Rail:
    """Some hours; `first` and `last` bound them.

    `day` is the next day's name at its midnight, `night` where there is room to name it.
    """

    first: datetime
    last: datetime
    hours: list[Point]
    nights: list[Stretch]
    now: str
    day: Point | None
    night: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What is shown of it, in order, and all of it. One rail, or three where the list goes on in another meeting."""

    rails: list[Rail]
    entries: list[Row | Fold | End]
    rows: list[Row]
    end: End | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the meeting is: its zone and city."""

    zone: str
    city: str | None


@dataclass(frozen=True, slots=True)
class _Ruled:
    times: Times
    rails: list[Hours]

    def bars(self, first: datetime, last: datetime, median: datetime, *, later: bool) -> list[Bar]:
        """On the whole rail, and on that of its sitting where there is one."""
        on = [0] if len(self.rails) == 1 else [0, 2 if later else 1]
        return [
            Bar(each, rail.stretch(first, last), rail.point(min(max(median, rail.first), rail.last)).x)
            for each in on
            for rail in [self.rails[each]]
        ]


def queue(times: Times, view: FloorView, place: Place, me: str | None, *, whole: bool, mirrored: bool) -> Queue:
    """The queue for the viewer `me` (an id; None: nobody signed in), folded unless it is wanted `whole`."""
    ruled = _Ruled(times, _rails(times, view, times.zone or place.zone, mirrored=mirrored))
    words = Words(times)
    rows = [_row(ruled, words, turn, me) for turn in view.queue]
    end = _end(ruled, view, place) if len(ruled.rails) > 1 else None
    rails = [_rail(ruled.times, hours) for hours in ruled.rails]
    return Queue(rails, list(_entries(ruled, rows, end, whole=whole)), rows, end)


def _rails(times: Times, view: FloorView, zone: str, *, mirrored: bool) -> list[Hours]:
    def hours(first: datetime, last: datetime) -> Hours:
        begin = on_the_hour(first, zone)
        end = on_the_hour(last - timedelta(seconds=1), zone) + HOUR
        return Hours(begin, min(max(end, begin + _SHORTEST), begin + _LONGEST), zone, mirrored)

    ends = _at(view.scheduled_end)
    first = times.now if view.status != "scheduled" or not view.queue else _at(view.queue[0].earliest_start)
    last = max([ends, *(_at(turn.latest_start) for turn in view.queue)])
    whole = hours(min(first, last), last)
    if view.next_meeting is None or not any(turn.in_next_meeting or _late(turn, ends) for turn in view.queue):
        return [whole]
    goes_on = _at(view.next_meeting.goes_on_at)
    return [whole, hours(whole.first, max(ends, whole.first)), hours(goes_on, max(last, goes_on))]


def _late(turn: Waiting, ends: datetime) -> bool:
    """Whether a turn may yet go on in the next meeting."""
    return _at(turn.latest_start) > ends


def _rail(times: Times, hours: Hours) -> Rail:
    there = on_clock(hours.first, hours.zone)
    midnight = hours.first + timedelta(days=1) - timedelta(hours=there.hour, minutes=there.minute)
    nights = list(hours.where(is_night))
    next_day = times.written(on_clock(midnight, hours.zone).date())
    return Rail(
        first=hours.first,
        last=hours.last,
        hours=hours.ticks(),
        nights=nights,
        now=hours.point(times.now).x,
        day=hours.point(midnight, next_day) if hours.holds(midnight + HOUR) else None,
        night=hours.point(midnight + 2 * HOUR).x if hours.holds(midnight + 3 * HOUR) else "",
    )


def _row(ruled: _Ruled, words: Words, turn: Waiting, me: str | None) -> Row:
    at, earliest, latest = _at(turn.expected_start), _at(turn.earliest_start), _at(turn.latest_start)
    zone = ruled.rails[0].zone
    today = on_clock(ruled.times.now, zone).date()
    held = turn.kind in INTERLUDES
    span = (at, at + timedelta(seconds=turn.seconds)) if held else (earliest, latest)
    return Row(
        turn=turn,
        name=words.name(turn),
        under=turn.speaker.name if turn.speaker and turn.organisation else "",
        at=clock_time(at, zone),
        tag=ruled.times.shift(on_clock(at, zone).date() - today),
        earliest=clock_time(earliest, zone),
        latest=clock_time(latest, zone),
        bars=ruled.bars(*span, at, later=turn.in_next_meeting),
        mine=turn.speaker is not None and turn.speaker.id == me,
    )


def _entries(ruled: _Ruled, rows: Sequence[Row], end: End | None, *, whole: bool) -> Iterator[Row | Fold | End]:
    """The rows from the front, those around one's own, and the first that goes on after the end; others are folded."""
    own = next((at for at, row in enumerate(rows) if row.mine), None)
    after = next((at for at, row in enumerate(rows) if row.turn.in_next_meeting), None)
    folded: list[Row] = []
    for at, row in enumerate(rows):
        near = own is not None and abs(at - own) <= AROUND
        if not (whole or at < FIRST or near or at == after):
            folded.append(row)
            continue
        yield from _fold(ruled, folded)
        folded = []
        if at == after and end:
            yield end
        yield row
    yield from _fold(ruled, folded)


def _fold(ruled: _Ruled, rows: Sequence[Row]) -> Iterator[Row | Fold]:
    """A single row takes no more room than the line that would say that it is folded."""
    if len(rows) <= 1:
        yield from rows
        return
    first, last = (_at(row.turn.expected_start) for row in (rows[0], rows[-1]))
    later = rows[0].turn.in_next_meeting
    yield Fold(len(rows), rows[0].at, rows[-1].at, ruled.bars(first, last, first, later=later))


def _end(ruled: _Ruled, view: FloorView, place: Place) -> End | None:
    following = view.next_meeting
    if following is None:
        return None
    end, again, goes_on = (_at(each) for each in (view.scheduled_end, following.starts_at, following.goes_on_at))
    rail = ruled.rails[0]
    pauses = [Bar(0, rail.stretch(first, last), "") for first, last in ((end, again), (again, goes_on)) if first < last]
    at, begins, goes = (ruled.times.stretch(each, each, place.zone, place.city) for each in (end, again, goes_on))
    return End(at, begins, goes, pauses if end < rail.last else [])


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
