"""Turns as those see them whose they are: on her clock, with what the floor expects once her meeting is near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.times import Seen, Times
from scheduler.floor.reading import floor_now
from scheduler.floor.view import FloorView
from scheduler.lists import queries as lists
from scheduler.lists.events import SlotEvent
from scheduler.lists.readiness import ready_among
from scheduler.lists.slot_queries import one_slot
from scheduler.lists.views import InscriptionView, ListView, WaitingView
from scheduler.people.reader import Reader
from scheduler.programme.calendar import one_meeting_event
from scheduler.storage.connection import Connection

_NEAR = timedelta(hours=24)
_MOST_FLOORS = 6
_OVER = frozenset({"spoken", "absent", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Foreseen:
    """When the floor expects a turn: the median, and the window between the 10th and the 90th percentile."""

    at: datetime
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn. `theirs` is when the turn is that a swap proposed for it would give.

    `when` is as planned, or as expected once the meeting sits; `between` is the window of that, where there is one.
    """

    inscription: InscriptionView
    event: SlotEvent
    when: Seen
    left: str
    starts_at: datetime
    foreseen: Foreseen | None
    between: Seen | None
    theirs: Seen | None
    ready: bool
    speaking: bool

    @property
    def over(self) -> bool:
        """Whether nothing can be done about it any more."""
        if self.event.cancelled or self.inscription.status in _OVER:
            return True
        return not (self.left or self.foreseen or self.speaking)

    @property
    def remote(self) -> bool:
        """Whether she can say that her link works."""
        return self.event.mode == "remote" and not self.over


@dataclass(frozen=True, slots=True)
class Waits:
    """A place that somebody waits for: among those who wait, or until the chair allots the turns.

    `slot` is what is offered to her, `until` its deadline, `left` how long that is.
    """

    view: ListView
    title: str
    entry: WaitingView | None
    inscription: InscriptionView | None
    slot: Seen | None
    until: Seen | None
    left: str


def turns_of(
    conn: Connection, reader: Reader, times: Times, found: Sequence[InscriptionView], events: Sequence[SlotEvent]
) -> list[Turn]:
    """The turns of these inscriptions, by start."""
    views = {view.id: view for view in found}
    shown = [event for event in events if event.id in views]
    told = _Told(conn, reader, times, shown)
    turns = [told.turn(views[event.id], event) for event in shown]
    return sorted(turns, key=lambda turn: (turn.starts_at, turn.event.id))


def waits_of(
    conn: Connection, reader: Reader, times: Times, waiting: Sequence[WaitingView], found: Sequence[InscriptionView]
) -> list[Waits]:
    """What of these is still waited for, in lists of meetings that take place."""
    alive = [each for each in waiting if each.status in {"waiting", "offered"}]
    pending = [each for each in found if each.status == "pending"]
    return [
        *(_waits(conn, reader, times, each.list, entry=each) for each in alive),
        *(_waits(conn, reader, times, each.list, inscription=each) for each in pending),
    ]


class _Told:
    """What is known of turns beside the plan: what the floors of near meetings expect, and whose link works."""

    def __init__(self, conn: Connection, reader: Reader, times: Times, events: Sequence[SlotEvent]) -> None:
        self._conn, self._reader, self._times = conn, reader, times
        self._ready = ready_among(conn, [event.id for event in events])
        self._foreseen: dict[str, Foreseen] = {}
        self._speaking: set[str] = set()
        near = [each for each in events if not each.cancelled and abs(each.starts_at - times.now) < _NEAR]
        for meeting in list(dict.fromkeys(each.meeting_id for each in near))[:_MOST_FLOORS]:
            self._ask(floor_now(conn, meeting, times.now, reader))

    def _ask(self, floor: FloorView) -> None:
        if floor.status in {"in_progress", "suspended"}:
            for turn in floor.queue:
                moments = (turn.expected_start, turn.earliest_start, turn.latest_start)
                self._foreseen[turn.slot] = Foreseen(*map(_whole, moments))
            if floor.current:
                self._speaking.add(floor.current.slot)

    def turn(self, view: InscriptionView, event: SlotEvent) -> Turn:
        foreseen = self._foreseen.get(view.slot or "")
        starts_at = foreseen.at if foreseen else event.starts_at
        where = event.timezone, event.city
        return Turn(
            inscription=view,
            event=event,
            when=self._times.stretch(starts_at, starts_at + (event.ends_at - event.starts_at), *where),
            left=self._times.until(starts_at),
            starts_at=starts_at,
            foreseen=foreseen,
            between=self._times.stretch(foreseen.earliest, foreseen.latest, *where) if foreseen else None,
            theirs=self._theirs(view, event),
            ready=event.id in self._ready,
            speaking=view.slot in self._speaking,
        )

    def _theirs(self, view: InscriptionView, event: SlotEvent) -> Seen | None:
        if view.swap is None:
            return None
        slot, _ = one_slot(self._conn, self._reader, view.swap["slot"])
        return self._times.stretch(slot.starts_at, slot.ends_at, event.timezone, event.city)


def _whole(instant: str) -> datetime:
    return datetime.fromisoformat(instant).replace(microsecond=0)


def _waits(
    conn: Connection,
    reader: Reader,
    times: Times,
    list_id: str,
    *,
    entry: WaitingView | None = None,
    inscription: InscriptionView | None = None,
) -> Waits:
    view = lists.list_view(conn, list_id, times.now)
    meeting = one_meeting_event(conn, view.meeting)
    until = entry.offered_until if entry and entry.status == "offered" else None
    slot = one_slot(conn, reader, entry.slot)[0] if until and entry and entry.slot else None
    zone, city = (meeting.timezone, meeting.city) if meeting else ("UTC", None)
    return Waits(
        view=view,
        title=f"{meeting.session_title}: {meeting.title}" if meeting else view.title,
        entry=entry,
        inscription=inscription,
        slot=times.stretch(slot.starts_at, slot.ends_at, zone, city) if slot else None,
        until=times.stretch(until, until, zone, city) if until else None,
        left=times.until(until) if until else "",
    )
