"""What the chair's console shows of the floor: who has it, who comes next, who waits, all on the venue's clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.delivery.letters.dates import clock_time, on_clock
from api.pages.chair_asked import Asked
from api.pages.chair_words import ChairsWords
from api.pages.meters import Meters, meters
from api.pages.times import Times
from scheduler.floor.reading import Standing, named, seen
from scheduler.floor.states import OPENS_BEFORE, allowed, moment
from scheduler.floor.view import FloorView, Waiting
from scheduler.people import queries
from scheduler.programme.calendar import one_meeting_event
from scheduler.storage.connection import Connection

NEXT = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One who waits; `day` where she is expected on another day than the meeting's.

    `there` is her own clock where she speaks from elsewhere, with its `city`.
    """

    turn: Waiting
    name: str
    under: str
    category: str
    at: str
    between: tuple[str, str]
    day: str
    there: str
    city: str
    asked: str


@dataclass(frozen=True, slots=True)
class Next:
    """The meeting where what is left goes on: its title, and from when, on the venue's clock."""

    title: str
    at: str
    day: str


@dataclass(frozen=True, slots=True)
class Console:
    """The floor as its chair sees it. `moment` is one of `states.LEGAL`, or `cancelled`.

    `end` to `opens` are clocks, `put_off` go on in the next meeting, `carried` went there at the close; both are names.
    """

    view: FloorView
    moment: str
    allowed: frozenset[str]
    rows: list[Row]
    meters: Meters
    end: str
    projected: str
    began: str
    closed: str
    called: str
    opens: str
    opens_now: bool
    following: Next | None
    moves_on: int
    put_off: list[str]
    carried: list[str]


def found(rows: Sequence[Row], asked: Asked) -> list[Row]:
    """The rows of the queue, or where she looks for somebody all that fit."""
    if not (asked.find or asked.remote or asked.ask == "find"):
        return list(rows[NEXT:])
    wanted = asked.find.casefold()
    return [
        row
        for row in rows
        if wanted in f"{row.name} {row.under}".casefold() and (not asked.remote or row.turn.mode == "remote")
    ]


def console(conn: Connection, times: Times, here: Standing) -> Console:
    """The whole of it, at the moment of the page."""
    clock, view, words = _Clock(times, here), seen(conn, here, times.now), ChairsWords(times)
    turns = named(conn, here.floor).turns
    opens = here.sitting.starts_at - OPENS_BEFORE
    return Console(
        view=view,
        moment="cancelled" if here.cancelled else moment(here.floor),
        allowed=frozenset() if here.cancelled else frozenset(allowed(here.floor)),
        rows=_rows(conn, clock, words, view.queue),
        meters=meters(times, here.sitting, view),
        end=clock.time(here.sitting.ends_at),
        projected=clock.time(datetime.fromisoformat(view.projected_end)),
        began=clock.time(here.floor.opened_at or here.sitting.starts_at),
        closed=clock.time(here.floor.closed_at) if here.floor.closed_at else "",
        called=clock.seconds(view.current.started_at or view.current.called_at) if view.current else "",
        opens=clock.time(opens),
        opens_now=times.now >= opens,
        following=_following(conn, clock, view),
        moves_on=sum(turn.in_next_meeting for turn in view.queue),
        put_off=[words.name(turns[slot]) for slot in here.floor.deferred],
        carried=[words.name(turns[slot]) for slot in here.floor.carried],
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    """The venue's."""

    times: Times
    here: Standing

    def time(self, at: datetime) -> str:
        return clock_time(at, self.here.meeting.timezone)

    def seconds(self, text: str) -> str:
        return f"{on_clock(datetime.fromisoformat(text), self.here.meeting.timezone):%H:%M:%S}"

    def day(self, at: datetime) -> str:
        """The day, where it is not the meeting's."""
        there = on_clock(at, self.here.meeting.timezone).date()
        return "" if there.isoformat() == self.here.meeting.date else self.times.written(there)


def _rows(conn: Connection, clock: _Clock, words: ChairsWords, queue: Sequence[Waiting]) -> list[Row]:
    near = queue[:NEXT]
    zones = _zones(conn, (turn.speaker.id for turn in near if turn.speaker and turn.mode == "remote"))
    return [_row(clock, words, turn, zones.get(turn.speaker.id) if turn.speaker else None) for turn in queue]


def _row(clock: _Clock, words: ChairsWords, turn: Waiting, zone: str | None) -> Row:
    at, earliest, latest = (
        datetime.fromisoformat(text) for text in (turn.expected_start, turn.earliest_start, turn.latest_start)
    )
    return Row(
        turn=turn,
        name=words.name(turn),
        under=turn.speaker.name if turn.speaker and turn.organisation else "",
        category=words.category(turn.category) if turn.kind == "statement" else words.kind(turn.kind),
        at=clock.time(at),
        between=(clock.time(earliest), clock.time(latest)),
        day=clock.day(at),
        there=clock_time(at, zone) if zone else "",
        city=clock.times.city(zone) if zone else "",
        asked=clock.time(datetime.fromisoformat(turn.asked_ready_at)) if turn.asked_ready_at else "",
    )


def _zones(conn: Connection, people: Iterable[str]) -> dict[str, str]:
    asked = list(people)
    return {id_: actor.timezone for id_, actor in queries.actors(conn, asked).items()} if asked else {}


def _following(conn: Connection, clock: _Clock, view: FloorView) -> Next | None:
    if view.next_meeting is None or view.next_meeting.id is None:
        return None
    meeting, at = one_meeting_event(conn, view.next_meeting.id), datetime.fromisoformat(view.next_meeting.goes_on_at)
    return Next(meeting.title if meeting else "", clock.time(at), clock.day(at))
