"""Looking at the floor of a meeting that sits: after each of its events, and as time passes without one.

What is found is read apart and written in one short transaction, and only if nobody else looked meanwhile. The moments
are those of the events, so that what a worker finds when it comes back is as late as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert

from scheduler.floor.fold import apply
from scheduler.floor.folding import course
from scheduler.floor.reading import Standing, standing
from scheduler.floor.states import Floor
from scheduler.floor.view import WARNED_AT
from scheduler.journal.entries import Entry
from scheduler.notices import audience, holders
from scheduler.notices.audience import Hearer
from scheduler.notices.entries_moved import Happening, happenings
from scheduler.notices.holders import Holder
from scheduler.notices.outlook import Outlook, outlooks, remote_seconds
from scheduler.notices.tables import Foretold, Watched
from scheduler.notices.turn_rules import HAS_COME, Saying, Told, is_to_be_asked, to_say, unsaid
from scheduler.outbox.tables import Due
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import Reader
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

EVERY = timedelta(seconds=20)
"""How often a floor is looked at that nothing happens on."""

_STEP = timedelta(minutes=1)
_MOST_STEPS = 30

_w, _f, _m, _d = table(Watched).c, table(Foretold).c, table(Meeting).c, table(Due).c
_DUE = Prepared(
    select(_w.id, _w.version, _w.looked_at, _w.warned)
    .select_from(table(Watched).join(table(Meeting), _m.id == _w.id))
    .where(or_(_m.floor_version != _w.version, _w.looked_at <= bindparam("before", type_=Instant())))
    .order_by(_w.looked_at, _w.id)
)
_BEGIN = Prepared(
    insert(table(Watched)).values({c.name: bindparam(c.name) for c in _w}).on_conflict_do_nothing(index_elements=["id"])
)
_TOLD = Prepared(
    select(_f.id, _f.person_id, _f.expected_at, _f.carried, _f.times, _f.near, _f.next).where(
        _f.meeting_id == bindparam("meeting")
    )
)
_UNSAID = Prepared(
    select(_d.subject_id, _d.rule).where(
        _d.meeting_id == bindparam("meeting"),
        or_(_d.rule == "turn-near", _d.rule == "turn-next"),
        _d.status == "dropped",
        _d.last_error == HAS_COME,
    )
)


@dataclass(frozen=True, slots=True)
class Since:
    """Up to which version and moment a meeting (its id) has been looked at."""

    meeting: str
    version: int
    looked_at: datetime
    warned: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a meeting found, from `since` to `at`.

    Attributes:
        outlooks: of those who wait now, by slot.
        sayings: what speakers are to be told, in order; `told` is what each has been told then, by slot.
        asked: the slots of those who are asked whether their link works.
        warned_at: when its remote minutes came near their end; None: they have not, or it was told.
        happenings: when each turn is or was.
    """

    since: Since
    at: datetime
    here: Standing
    holders: Mapping[str, Holder]
    hearers: Mapping[str, Hearer]
    outlooks: Mapping[str, Outlook]
    sayings: Sequence[Saying]
    told: Mapping[str, Told]
    asked: Sequence[str]
    warned_at: datetime | None
    happenings: Mapping[str, Happening]


def begin(tx: Tx, entries: Iterable[Entry]) -> None:
    """Has the floors looked at on which something happened, from the first event that notices hear of."""
    rows = [
        {"id": entry.subject_id, "version": (entry.meeting_number or 1) - 1, "looked_at": entry.at, "warned": False}
        for entry in entries
        if entry.kind.startswith("floor.")
    ]
    if rows:
        tx.conn.run_many(_BEGIN, rows)


def due(conn: Connection, now: datetime) -> list[Since]:
    """The meetings to look at, the longest not looked at first."""
    return [Since(*row) for row in conn.all(_DUE, before=now - EVERY)]


def look(conn: Connection, since: Since, now: datetime) -> Look:
    """Looks at one meeting, on a connection that reads."""
    here = standing(conn, since.meeting, Reader(OPERATOR))
    finding = _Finding(conn, here, since)
    for at, floor in _moments(conn, here, since, now):
        finding.at(floor, at)
    return finding.whole(now)


def _moments(conn: Connection, here: Standing, since: Since, now: datetime) -> Iterator[tuple[datetime, Floor]]:
    """The floor at each of its new events, at steps between them, and now, in order."""
    floor, events = here.floor, list[tuple[datetime, Floor]]()
    if floor.version != since.version:
        floor, events = _history(conn, here, since.version)
    step = max(_STEP, (now - since.looked_at) / _MOST_STEPS)
    clock = since.looked_at + step
    for at, after in events:
        while clock < at:
            yield clock, floor
            clock += step
        floor = after
        yield at, floor
    while clock < now:
        yield clock, floor
        clock += step
    yield now, floor


def _history(conn: Connection, here: Standing, version: int) -> tuple[Floor, list[tuple[datetime, Floor]]]:
    """The floor as it was at a version, and after each event since, with its moment."""
    told = course(conn, here.meeting.id)
    before = floor = told.before
    events = []
    for event in told.events:
        floor = apply(floor, event)
        if floor.version > version:
            events.append((event.at, floor))
        else:
            before = floor
    return before, events


class _Finding:
    """One look in the making."""

    def __init__(self, conn: Connection, here: Standing, since: Since) -> None:
        self._here, self._since = here, since
        self._holders = holders.of_meeting(conn, since.meeting)
        people = {turn.speaker for turn in here.floor.turns.values() if turn.speaker is not None}
        self._hearers = audience.hearers(conn, people)
        rows = conn.all(_TOLD, meeting=since.meeting)
        dropped: dict[str, set[str]] = {}
        for slot, rule in conn.all(_UNSAID, meeting=since.meeting):
            dropped.setdefault(slot, set()).add(rule)
        self._before = {slot: (person, unsaid(Told(*told), dropped.get(slot, ()))) for slot, person, *told in rows}
        self._told: dict[str, Told] = {}
        self._sayings: list[Saying] = []
        self._outlooks: Mapping[str, Outlook] = {}
        self._warned_at: datetime | None = None

    def at(self, floor: Floor, moment: datetime) -> None:
        """Notes what is to be said at one moment."""
        self._outlooks = outlooks(floor, self._here.sitting, moment)
        for of in self._outlooks.values():
            hearer = self._hearers.get(of.person)
            if hearer is None or floor.opened_at is None:
                continue
            told = self._told_so_far(of)
            saying, after = to_say(of, told, hearer.turn_rules, moment)
            if saying is not None:
                self._sayings.append(saying)
                self._told[of.turn.slot] = after
        cap = self._here.sitting.remote_budget_seconds
        near_cap = cap is not None and remote_seconds(floor, moment) >= cap * WARNED_AT
        if near_cap and not self._since.warned and self._warned_at is None:
            self._warned_at = moment

    def whole(self, now: datetime) -> Look:
        """All of it; `now` is the last moment that was noted. Nothing of a meeting that has not opened."""
        floor, opened = self._here.floor, self._here.floor.opened_at is not None
        asked = [slot for slot, of in self._outlooks.items() if slot in self._holders and is_to_be_asked(of)]
        return Look(
            since=self._since,
            at=now,
            here=self._here,
            holders=self._holders,
            hearers=self._hearers,
            outlooks=self._outlooks,
            sayings=self._sayings,
            told=self._told,
            asked=asked if opened else [],
            warned_at=self._warned_at,
            happenings=happenings(floor, self._outlooks) if opened else {},
        )

    def _told_so_far(self, of: Outlook) -> Told:
        slot = of.turn.slot
        if slot in self._told:
            return self._told[slot]
        person, told = self._before.get(slot, (None, None))
        if told is not None and person == of.person:
            return told
        return Told(of.turn.planned_start or of.expected.expected_start)
