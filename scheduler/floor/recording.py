"""A meeting's record for the outside: what happened, enough to replay it, with names as they are now."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.floor.account import account, told
from scheduler.floor.fold import apply
from scheduler.floor.folding import course
from scheduler.floor.queue import first_waiting
from scheduler.floor.reading import Names, Standing, names_of, standing
from scheduler.floor.record import NextMeeting
from scheduler.floor.states import Floor
from scheduler.floor.turns import Event, Turn
from scheduler.floor.written import instant, to_millisecond
from scheduler.people.permission import Act, require
from scheduler.people.reader import Reader
from scheduler.people.views import Named
from scheduler.storage.connection import Connection

_BRINGING = frozenset({"add", "point_of_order", "right_of_reply"})
_OF_CURRENT = frozenset({"start", "pause", "resume", "extend", "finish"})


@dataclass(frozen=True, slots=True)
class Met:
    """The meeting as planned."""

    starts_at: str
    ends_at: str
    remote_budget_seconds: int | None


@dataclass(frozen=True, slots=True)
class Goes:
    """The next meeting on the item, and when it has room for what is left of this one."""

    id: str | None
    starts_at: str
    ends_at: str
    goes_on_at: str


@dataclass(frozen=True, slots=True)
class RecordedSlot:
    """A turn as it stood before the first event. `order` is its list's place in the meeting and its own in the list."""

    slot: str
    position: int
    kind: str
    title: str | None
    category: str | None
    mode: str | None
    seconds: int
    ready: bool
    asked_ready_at: str | None
    speaker: Named | None
    organisation: Named | None
    planned_start: str | None
    list: str | None
    order: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Stretched:
    """From one moment to another the floor was so: nothing of the meeting is left out.

    `what` is `between` two turns, `called` (and not begun), `speaking`, `paused`, `point_of_order` or `suspended`.
    """

    starts_at: str
    ends_at: str
    seconds: float
    what: str
    slot: str | None


@dataclass(frozen=True, slots=True)
class TurnTold:
    """A turn with what was planned and what came of it. `status` is `left` where she waited in vain at the close."""

    slot: str
    kind: str
    title: str | None
    speaker: Named | None
    organisation: Named | None
    category: str | None
    mode: str | None
    planned_start: str | None
    planned_seconds: int
    called_at: str | None
    started_at: str | None
    ended_at: str | None
    spoken_seconds: float | None
    status: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """What happened: `slots` before the first event, then the events in order; the floor's `version` before them.

    `turns` and `account` are what they come to: each turn, and each second from the opening to the close.
    """

    meeting: Met
    next_meeting: Goes | None
    version: int
    slots: tuple[RecordedSlot, ...]
    events: tuple[dict[str, Any], ...]
    turns: tuple[TurnTold, ...]
    account: tuple[Stretched, ...]


def record(conn: Connection, meeting_id: str, now: datetime, reader: Reader) -> RecordView:
    """A meeting's record: everybody's once it is closed, before that its chair's and secretariat's.

    Raises:
        NotFound, NotSignedIn, Forbidden: there is none that she may know of; it is not closed and she does not run it.
    """
    here = standing(conn, meeting_id, reader)
    if here.floor.status != "closed":
        require(reader.actor, Act.RUN_FLOOR, here.session.scopes())
    return record_of(conn, here, now)


def record_of(conn: Connection, here: Standing, now: datetime) -> RecordView:
    """The record of a floor, for whom it may be."""
    happened = course(conn, here.meeting.id)
    names = _all_names(conn, happened.before, happened.events)
    sitting = here.sitting
    return RecordView(
        meeting=Met(instant(sitting.starts_at), instant(sitting.ends_at), sitting.remote_budget_seconds),
        next_meeting=_goes(sitting.next_meeting),
        version=happened.before.version,
        slots=tuple(_slot(turn, names) for turn in _in_order(happened.before)),
        events=tuple(_events(happened.before, happened.events, names)),
        turns=tuple(_turns(here.floor, names)),
        account=tuple(
            Stretched(instant(each.starts_at), instant(each.ends_at), round(each.seconds, 3), each.what, each.slot)
            for each in account(here.floor, to_millisecond(now))
        ),
    )


def _goes(meeting: NextMeeting | None) -> Goes | None:
    if meeting is None:
        return None
    return Goes(meeting.id, instant(meeting.starts_at), instant(meeting.ends_at), instant(meeting.goes_on_at))


def _in_order(floor: Floor) -> list[Turn]:
    return [replace(floor.turns[slot], position=position) for position, slot in enumerate(floor.queue, 1)]


def _slot(turn: Turn, names: Names) -> RecordedSlot:
    return RecordedSlot(
        slot=turn.slot,
        position=turn.position,
        kind=turn.kind,
        title=turn.title,
        category=turn.category,
        mode=turn.mode,
        seconds=turn.seconds,
        ready=turn.ready,
        asked_ready_at=_instant_or_none(turn.asked_ready_at),
        speaker=names.get(turn.speaker),
        organisation=names.get(turn.organisation),
        planned_start=_instant_or_none(turn.planned_start),
        list=turn.group,
        order=turn.order,
    )


def _events(floor: Floor, events: Iterable[Event], names: Names) -> Iterable[dict[str, Any]]:
    for event in events:
        after = apply(floor, event)
        yield {"at": instant(event.at), "command": event.command} | _said(floor, event, after, names)
        floor = after


def _said(floor: Floor, event: Event, after: Floor, names: Names) -> dict[str, Any]:
    """What an event needs to be replayed; places among the others as they came to be."""
    said: dict[str, Any] = {
        name: value
        for name in ("slot", "seconds", "ready", "text", "to")
        if (value := getattr(event, name)) is not None
    }
    if event.command in _BRINGING:
        return _brought(floor, event, after, names)
    if event.command in _OF_CURRENT and floor.current is not None:
        said["slot"] = floor.current.slot
    if event.command == "move":
        # Where it came to be, for all; and what was asked, which an undo of what happened before may lead elsewhere.
        said["behind"] = event.after
        at = after.queue.index(event.slot) if event.slot in after.queue else 0
        said["after"] = after.queue[at - 1] if at else None
    if event.command == "change":
        said |= event.changes or {}
        said |= {name: names.get(said[name]) for name in ("speaker", "organisation") if name in said}
    return said | ({"carry": event.carry} if event.command == "close" else {})


def _brought(floor: Floor, event: Event, after: Floor, names: Names) -> dict[str, Any]:
    """A new turn; none where a reply went to another meeting, `to`."""
    turn = event.turn
    if turn is None or event.to is not None:
        return {} if event.to is None else {"to": event.to}
    first = first_waiting(floor)
    at = after.queue.index(turn.slot) if turn.slot in after.queue else 0
    whole = asdict(_slot(replace(turn, position=first + at), names))
    named = {"speaker": names.get(turn.speaker), "organisation": names.get(turn.organisation)}
    return whole | named | ({} if event.after is None else {"after": event.after})


def _turns(floor: Floor, names: Names) -> Iterable[TurnTold]:
    for each in told(floor):
        turn, past = each.turn, each.past
        yield TurnTold(
            slot=turn.slot,
            kind=turn.kind,
            title=turn.title,
            speaker=names.get(turn.speaker),
            organisation=names.get(turn.organisation),
            category=turn.category,
            mode=turn.mode,
            planned_start=_instant_or_none(turn.planned_start),
            planned_seconds=turn.seconds,
            called_at=instant(past.called_at) if past else None,
            started_at=_instant_or_none(past.started_at) if past else None,
            ended_at=instant(past.ended_at) if past else None,
            spoken_seconds=round(past.spoken, 3) if past else None,
            status=each.status,
        )


def _all_names(conn: Connection, before: Floor, events: Iterable[Event]) -> Names:
    turns = [*before.turns.values(), *(event.turn for event in events if event.turn is not None)]
    changes = [event.changes for event in events if event.changes]
    ids = {turn.speaker for turn in turns} | {each.get("speaker") for each in changes}
    of = {turn.organisation for turn in turns} | {each.get("organisation") for each in changes}
    return names_of(conn, ids, of)


def _instant_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)
