"""A meeting's record: what happened, enough to replay it. Strict in what it must have, kind in the rest. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.errors import Meaningless
from scheduler.floor.fold import EXTENSION, apply, begin
from scheduler.floor.states import CHANGES, COMMANDS, Floor
from scheduler.floor.turns import Event, Turn

_BRINGING = frozenset({"add", "point_of_order", "right_of_reply"})
_AHEAD = frozenset({"announce", *CHANGES})
"""What may happen before a meeting opens."""
_CHANGING = ("category", "mode", "title", "speaker", "organisation", "ready")
_KINDS = ("statement", "point_of_order", "right_of_reply", "panel", "break")


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """Where what is left goes on; `goes_on_at` is when its own panels and lists leave room for the item."""

    starts_at: datetime
    ends_at: datetime
    goes_on_at: datetime
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """The meeting as planned, with the meeting that goes on with its item, if there is one."""

    starts_at: datetime
    ends_at: datetime
    remote_budget_seconds: int | None = None
    next_meeting: NextMeeting | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A sitting, its slots as they stood before the first event, and the events in order.

    `version` is the floor's before the first event.
    """

    sitting: Sitting
    turns: tuple[Turn, ...]
    events: tuple[Event, ...]
    version: int = 0


def replay(record: Record) -> Iterator[tuple[Event, Floor]]:
    """The floor after each event. What comes later in the record never changes what was said before.

    A record may begin late, in the middle of a meeting: whoever stands before the first one called has had her turn.
    """
    floor = begin(record.turns, record.version)
    first = next((event.command for event in record.events if event.command not in _AHEAD), "open")
    late = first != "open"
    for event in record.events:
        if late and event.command in {"call", "start", "finish"} and event.slot in floor.queue:
            floor = replace(floor, queue=floor.queue[floor.queue.index(event.slot) :])
            late = False
        floor = apply(floor, event)
        yield event, floor


def read(document: Any) -> Record:
    """A record from its JSON.

    Raises:
        Meaningless: something that it must have is missing or is not what it should be; `field` names the place.
    """
    top = _mapping(document, "")
    meeting = _mapping(top.get("meeting"), "meeting")
    sitting = Sitting(
        _instant(meeting.get("starts_at"), "meeting.starts_at"),
        _instant(meeting.get("ends_at"), "meeting.ends_at"),
        _whole(meeting.get("remote_budget_seconds"), "meeting.remote_budget_seconds", default=None),
        _next_meeting(top.get("next_meeting")),
    )
    slots = [_turn(each, f"slots[{at}]", at + 1) for at, each in enumerate(_rows(top.get("slots"), "slots"))]
    events = [_event(each, f"events[{at}]") for at, each in enumerate(_rows(top.get("events"), "events"))]
    return Record(sitting, tuple(slots), tuple(events), _whole(top.get("version"), "version") or 0)


def _next_meeting(given: Any) -> NextMeeting | None:
    if given is None:
        return None
    meeting = _mapping(given, "next_meeting")
    starts_at = _instant(meeting.get("starts_at"), "next_meeting.starts_at")
    ends_at = _instant(meeting.get("ends_at"), "next_meeting.ends_at")
    goes_on = meeting.get("goes_on_at")
    return NextMeeting(
        starts_at,
        ends_at,
        starts_at if goes_on is None else _instant(goes_on, "next_meeting.goes_on_at"),
        meeting.get("id"),
    )


def _turn(given: Any, place: str, position: int) -> Turn:
    slot = _mapping(given, place)
    kind = slot.get("kind") or "statement"
    if kind not in _KINDS:
        raise Meaningless(f"A slot's kind is one of {', '.join(_KINDS)}.", field=f"{place}.kind")
    return Turn(
        slot=_text(slot.get("slot"), f"{place}.slot"),
        position=_whole(slot.get("position"), f"{place}.position", default=position) or position,
        kind=kind,
        seconds=_whole(slot.get("seconds"), f"{place}.seconds") or 0,
        category=_text_or_none(slot.get("category"), f"{place}.category"),
        mode=_text_or_none(slot.get("mode"), f"{place}.mode"),
        ready=bool(slot.get("ready")),
        asked_ready_at=_instant_or_none(slot.get("asked_ready_at"), f"{place}.asked_ready_at"),
        speaker=slot.get("speaker"),
        organisation=slot.get("organisation"),
        title=slot.get("title"),
        group=slot.get("list"),
        planned_start=_instant_or_none(slot.get("planned_start"), f"{place}.planned_start"),
        order=_order(slot.get("order"), f"{place}.order"),
    )


def _event(given: Any, place: str) -> Event:
    event = _mapping(given, place)
    command = event.get("command")
    if command not in COMMANDS and command not in CHANGES:
        raise Meaningless(f"There is no command {command!r} on the floor.", field=f"{place}.command")
    slot = event.get("slot")
    turn = None
    if command in _BRINGING and slot is not None:
        brought = {"kind": command, **event} if command in {"point_of_order", "right_of_reply"} else event
        turn = _turn({"seconds": _USUAL.get(command, 0), **_present(brought)}, place, _LAST)
    return Event(
        at=_instant(event.get("at"), f"{place}.at"),
        command=command,
        slot=None if slot is None else _text(slot, f"{place}.slot"),
        seconds=_whole(event.get("seconds"), f"{place}.seconds", default=EXTENSION if command == "extend" else None),
        to=event.get("to"),
        after=event["behind"] if "behind" in event else event.get("after"),
        ready=event.get("ready"),
        carry=event.get("carry") is not False,
        text=event.get("text"),
        turn=turn,
        changes={name: event[name] for name in _CHANGING if name in event} if command == "change" else None,
    )


_LAST = 1_000_000_000
_USUAL = {"point_of_order": 120, "right_of_reply": 300, "add": 180}


def _present(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _order(given: Any, place: str) -> tuple[int, int] | None:
    if given is None:
        return None
    if not isinstance(given, list) or [type(each) for each in given] != [int, int]:
        raise Meaningless(f"{place} must be two whole numbers.", field=place)
    return given[0], given[1]


def _mapping(given: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise Meaningless(f"{place or 'A record'} must be an object.", field=place)
    return given


def _rows(given: Any, place: str) -> Sequence[Any]:
    if not isinstance(given, list):
        raise Meaningless(f"{place} must be a list.", field=place)
    return given


def _text(given: Any, place: str) -> str:
    if not isinstance(given, str | int) or isinstance(given, bool):
        raise Meaningless(f"{place} must be a text.", field=place)
    return str(given)


def _text_or_none(given: Any, place: str) -> str | None:
    return None if given is None else _text(given, place)


def _whole(given: Any, place: str, *, default: int | None = 0) -> int | None:
    if given is None:
        return default
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= _LAST:
        raise Meaningless(f"{place} must be a number of seconds or a position, 0 or more.", field=place)
    return int(given)


def _instant_or_none(given: Any, place: str) -> datetime | None:
    return None if given is None else _instant(given, place)


def _instant(given: Any, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Meaningless(f"{place} must be an instant such as 2022-06-13T13:00:00.000Z.", field=place)
    return moment
