"""Plays a meeting at speed on a fake clock: its record, when all were really called, and what only an oracle knows."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from scheduler.floor.record import NextMeeting, Record, Sitting
from scheduler.floor.turns import Event, Turn
from scheduler.simulation.kinds import Kind
from scheduler.simulation.speakers import Speakers
from scheduler.simulation.traits import Place, Traits, draw, places

_DAY = datetime(2022, 6, 13, 13, 0, tzinfo=UTC)
_LATE, _NEXT, _PRINTED, _ASIDE, _GIVES_UP = 0.15, 0.1, 0.7, 0.02, 0.5
_BREAK_BEFORE_NEXT, _SITTING = 7200, 10800


@dataclass(frozen=True, slots=True)
class Moment:
    """The meeting after an event; seconds since the planned start.

    `phase` is opening, gap, wait, speech, order or halt, `elapsed` how long it has lasted; `beneath` the speech that
    goes on after an order or a halt. `missing`: the last one called was absent.
    """

    now: float
    phase: str
    elapsed: float
    slot: str | None
    queue: tuple[str, ...]
    turns: int
    missing: bool
    beneath: float = 0.0


@dataclass(frozen=True, slots=True)
class Played:
    """A meeting that is over. `moments[n]` belongs to the record's event n.

    `calls` are all calls in order, in seconds since the planned start, those behind the meeting's end too.
    """

    record: Record
    traits: Traits
    places: dict[str, Place]
    moments: tuple[Moment, ...]
    calls: tuple[tuple[float, str], ...]
    close: float | None
    goes_on: float | None


def play(kind: Kind, dice: Random) -> Played:
    """One meeting of this kind; the same dice make the same meeting."""
    played = _Play(kind, dice).run()
    return _begins_late(played, dice) if dice.random() < _LATE else played


class _Play:
    def __init__(self, kind: Kind, dice: Random) -> None:
        self._kind, self._dice = kind, dice
        self._list = places(dice)
        self._places = {place.slot: place for place in self._list}
        self._traits = draw(kind, dice)
        self._people = Speakers(self._traits, dice, len(self._list))
        self._queue = [place.slot for place in self._list]
        planned = sum(place.seconds for place in self._list)
        goes_on = dice.random() < _NEXT
        self._close = float(round(planned * dice.uniform(0.6, 0.95) / 60) * 60) if goes_on else None
        self._length = int(self._close or max(_SITTING, planned))
        self._clock, self._turns, self._missing = 0.0, 0, False
        self._events: list[Event] = []
        self._moments: list[Moment] = []
        self._calls: list[tuple[float, str]] = []

    def run(self) -> Played:
        self._clock = self._people.opening()
        self._note("open", None, "opening")
        self._clock += self._people.first_words()
        while self._queue and not self._over():
            self._turn(self._queue.pop(0))
            self._clock += self._people.gap(self._turns)
        self._note("close", None, "closed")
        goes_on = float(self._length + _BREAK_BEFORE_NEXT) if self._close is not None else None
        if goes_on is not None:
            self._in_the_next(goes_on)
        return Played(
            self._record(goes_on),
            self._traits,
            self._places,
            tuple(self._moments),
            tuple(self._calls),
            self._close,
            goes_on,
        )

    def _over(self) -> bool:
        return self._close is not None and self._clock + self._places[self._queue[0]].seconds > self._close

    def _in_the_next(self, clock: float) -> None:
        clock += self._people.opening() / 2
        for slot in self._queue:
            self._calls.append((clock, slot))
            clock += self._people.wait(self._places[slot], self._turns)
            clock += self._people.speech(self._places[slot], self._turns) + self._people.gap(self._turns)

    def _turn(self, slot: str) -> None:
        place, people, turns = self._places[slot], self._people, self._turns
        self._calls.append((self._clock, slot))
        self._turns += 1
        self._note("call", slot, "wait")
        self._missing = people.is_absent(missing=self._missing)
        if self._missing:
            self._clock += people.given_up()
            self._away(slot)
            return
        self._clock += people.wait(place, turns)
        self._note("start", slot, "speech")
        self._speech(slot, people.speech(place, turns))
        self._note("finish", slot, "gap")

    def _away(self, slot: str) -> None:
        if self._queue and self._dice.random() < self._traits.comes_back:
            self._queue.append(slot)
            self._events.append(self._event("defer", slot))
            self._moments.append(self._moment("gap", 0.0, None, 0.0))
            self._events.append(self._event("move", slot, after=self._queue[-2]))
            self._moments.append(self._moment("gap", 0.0, None, 0.0))
        else:
            self._note("absent", slot, "gap")

    def _speech(self, slot: str, length: float) -> None:
        """Three things may fall into a speech, each at a moment of its own."""
        people, dice, done = self._people, self._dice, 0.0
        happens = [
            ("order", dice.random() < self._traits.order),
            ("halt", dice.random() < self._traits.halt),
            ("aside", dice.random() < _ASIDE),
        ]
        for at, what in sorted((length * dice.random(), name) for name, does in happens if does):
            self._clock, done = self._clock + at - done, at
            if what == "order":
                self._note("point_of_order", f"o{self._turns}", "order", beneath=at, running=slot)
                self._clock += people.order()
                self._note("finish", None, "speech", at, running=slot)
            elif what == "halt":
                self._note("suspend", None, "halt", beneath=at, running=slot)
                self._clock += people.halt()
                self._note("resume_meeting", None, "speech", at, running=slot)
            else:
                self._aside(at, slot)
        self._clock += length - done

    def _aside(self, elapsed: float, running: str) -> None:
        """Somebody joins at the end, or gives up."""
        if self._queue and self._dice.random() < _GIVES_UP:
            slot = self._queue.pop(self._dice.randrange(len(self._queue)))
            self._note("withdraw", slot, "speech", elapsed, running=running)
            return
        model = self._dice.choice(self._list)
        new = replace(model, slot=f"a{self._turns}")
        self._places[new.slot] = new
        self._queue.append(new.slot)
        self._note("add", new.slot, "speech", elapsed, running=running)

    def _note(
        self,
        command: str,
        slot: str | None,
        phase: str,
        elapsed: float = 0.0,
        *,
        beneath: float = 0.0,
        running: str | None = None,
    ) -> None:
        """An event with its moment, unless this kind of records lacks it."""
        if command in self._kind.recorded and slot is not None:
            return
        self._events.append(self._event(command, slot))
        on = running or (slot if phase in {"wait", "speech"} else None)
        self._moments.append(self._moment(phase, elapsed, on, beneath))

    def _moment(self, phase: str, elapsed: float, slot: str | None, beneath: float) -> Moment:
        turns = self._turns
        return Moment(self._clock, phase, elapsed, slot, tuple(self._queue), turns, self._missing, beneath)

    def _event(self, command: str, slot: str | None, after: str | None = None) -> Event:
        turn = None
        if command == "point_of_order" and slot:
            turn = Turn(slot, self._turns, "point_of_order", 120)
        elif command == "add" and slot:
            turn = _turn(self._places[slot], 10**6, None)
        to = "end" if command == "defer" else None
        return Event(_moment(self._clock), command, slot, to=to, after=after, turn=turn)

    def _record(self, goes_on: float | None) -> Record:
        following = None
        if goes_on is not None:
            following = NextMeeting(_moment(goes_on), _moment(goes_on + _SITTING), _moment(goes_on))
        turns, planned, printed = [], 0, self._dice.random() < _PRINTED
        for at, place in enumerate(self._list, 1):
            turns.append(_turn(place, at, planned if printed else None))
            planned += place.seconds
        sitting = Sitting(_moment(0), _moment(self._length), None, following)
        return Record(sitting, tuple(turns), tuple(self._events))


def _begins_late(played: Played, dice: Random) -> Played:
    """The record from a call in the middle of the list on, where nothing had changed the list before."""
    events = played.record.events
    calls = [at for at, event in enumerate(events) if event.command == "call"]
    middle = calls[len(calls) // 4 : len(calls) // 2]
    first = dice.choice(middle) if middle else 0
    if {event.command for event in events[:first]} & {"add", "defer", "withdraw"}:
        return played
    record = replace(played.record, events=events[first:])
    return replace(played, record=record, moments=played.moments[first:])


def _turn(place: Place, position: int, planned: int | None) -> Turn:
    start = None if planned is None else _moment(planned)
    return Turn(place.slot, position, "statement", place.seconds, place.category, place.mode, planned_start=start)


def _moment(seconds: float) -> datetime:
    return _DAY + timedelta(milliseconds=round(seconds * 1000))
