"""The queue of a meeting as its page shows it: expected times and windows on the viewer's clock, and the rail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.delivery.letters.dates import clock_time, on_clock
from api.pages.chair_words import Words
from api.pages.hours import HOUR, Hours, Point, Stretch, is_night, on_the_hour
from api.pages.times import Seen, Times
from scheduler.floor.view import FloorView, Waiting

FIRST, AROUND = 4, 1
"""So many rows from the front are never folded, so many on each side of one's own."""

_LONGEST, _SHORTEST = timedelta(hours=12), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Row:
    """One who waits: `tag` names another day than today, `window` and `median` are places on the rail."""

    turn: Waiting
    name: str
    under: str
    at: str
    tag: str
    earliest: str
    latest: str
    window: Stretch
    median: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Fold:
    """So many who are not shown, expected between the first and the last."""

    number: int
    first: str
    last: str
    span: Stretch


@dataclass(frozen=True, slots=True)
class End:
    """The planned end, behind which the list goes on: both moments, and the pause between them on the rail."""

    at: Seen
    goes_on: Seen | None
    pause: Stretch | None


@dataclass(frozen=True, slots=True)
class Rail:
    """The hours above the queue; `first` and `last` bound them."""

    first: datetime
    last: datetime
    hours: list[Point]
    nights: list[Stretch]
    now: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What is shown of it, in order, and all of it."""

    rail: Rail
    entries: list[Row | Fold | End]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the meeting is: its zone and city."""

    zone: str
    city: str | None


def queue(times: Times, view: FloorView, place: Place, me: str | None, *, whole: bool, mirrored: bool) -> Queue:
    """The queue for the viewer `me` (an id; None: nobody signed in), folded unless it is wanted `whole`."""
    zone = times.zone or place.zone
    hours = _hours(times, view, zone, mirrored=mirrored)
    words = Words(times)
    rows = [_row(times, words, hours, turn, me) for turn in view.queue]
    end = _end(times, hours, view, place) if any(row.turn.in_next_meeting for row in rows) else None
    rail = Rail(hours.first, hours.last, hours.ticks(), list(hours.where(is_night)), hours.point(times.now).x)
    return Queue(rail, list(_entries(hours, rows, end, whole=whole)), rows)


def _hours(times: Times, view: FloorView, zone: str, *, mirrored: bool) -> Hours:
    first = on_the_hour(times.now, zone)
    ends = [_at(view.scheduled_end), *(_at(turn.latest_start) for turn in view.queue)]
    if view.queue:
        first = min(first, on_the_hour(_at(view.queue[0].earliest_start), zone)) if view.current else first
    last = on_the_hour(max(ends), zone) + HOUR
    return Hours(first, min(max(last, first + _SHORTEST), first + _LONGEST), zone, mirrored)


def _row(times: Times, words: Words, hours: Hours, turn: Waiting, me: str | None) -> Row:
    at, earliest, latest = _at(turn.expected_start), _at(turn.earliest_start), _at(turn.latest_start)
    today = on_clock(times.now, hours.zone).date()
    return Row(
        turn=turn,
        name=words.name(turn),
        under=turn.speaker.name if turn.speaker and turn.organisation else "",
        at=clock_time(at, hours.zone),
        tag=times.shift(on_clock(at, hours.zone).date() - today),
        earliest=clock_time(earliest, hours.zone),
        latest=clock_time(latest, hours.zone),
        window=hours.stretch(earliest, latest),
        median=hours.point(min(at, hours.last)).x,
        mine=turn.speaker is not None and turn.speaker.id == me,
    )


def _entries(hours: Hours, rows: Sequence[Row], end: End | None, *, whole: bool) -> Iterator[Row | Fold | End]:
    """The rows from the front, those around one's own, and the first that goes on after the end; others are folded."""
    own = next((at for at, row in enumerate(rows) if row.mine), None)
    after = next((at for at, row in enumerate(rows) if row.turn.in_next_meeting), None)
    folded: list[Row] = []
    for at, row in enumerate(rows):
        if at == after and end:
            yield from _fold(hours, folded)
            folded = []
            yield end
        near = own is not None and abs(at - own) <= AROUND
        if whole or at < FIRST or near or at == after:
            yield from _fold(hours, folded)
            folded = []
            yield row
        else:
            folded.append(row)
    yield from _fold(hours, folded)


def _fold(hours: Hours, rows: Sequence[Row]) -> Iterator[Row | Fold]:
    """A single row takes no more room than the line that would say that it is folded."""
    if len(rows) <= 1:
        yield from rows
        return
    span = hours.stretch(_at(rows[0].turn.expected_start), _at(rows[-1].turn.expected_start))
    yield Fold(len(rows), rows[0].at, rows[-1].at, span)


def _end(times: Times, hours: Hours, view: FloorView, place: Place) -> End:
    end = _at(view.scheduled_end)
    goes_on = _at(view.next_meeting.goes_on_at) if view.next_meeting else None
    return End(
        at=times.stretch(end, end, place.zone, place.city),
        goes_on=times.stretch(goes_on, goes_on, place.zone, place.city) if goes_on else None,
        pause=hours.stretch(end, goes_on) if goes_on and end < hours.last else None,
    )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
