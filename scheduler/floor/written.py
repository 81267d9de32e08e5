"""Turns and events as journal entries keep them: plain JSON, people and organisations by id alone. Pure.

A person may be erased, so her name is never kept here; `scheduler.lists` writes the same form into its own entries.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from scheduler.floor.turns import Event, Turn

_KEPT = tuple(field.name for field in fields(Event) if field.name not in {"at", "turn"})
_TURN = tuple(field.name for field in fields(Turn))
_MOMENTS = ("asked_ready_at", "planned_start")


def to_millisecond(moment: datetime) -> datetime:
    """The moment as the floor tells it: a record that is read again must give the same floor."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with three decimals."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def written_turn(turn: Turn) -> dict[str, Any]:
    """A turn as JSON, without what it lacks."""
    found = {name: value for name in _TURN if (value := getattr(turn, name)) not in (None, False)}
    return found | {name: instant(found[name]) for name in _MOMENTS if name in found}


def read_turn(data: Mapping[str, Any]) -> Turn:
    """A turn that `written_turn`, or the rooms of the lists, wrote."""
    found = {name: data[name] for name in _TURN if data.get(name) is not None}
    found |= {name: datetime.fromisoformat(found[name]) for name in _MOMENTS if name in found}
    if "order" in found:
        found["order"] = tuple(found["order"])
    return Turn(**{"position": 0} | found)


def written_event(event: Event) -> dict[str, Any]:
    """An event as JSON, without its moment, which is its entry's."""
    said = {name: value for name in _KEPT if (value := getattr(event, name)) is not None}
    if event.carry:
        del said["carry"]
    return said if event.turn is None else said | {"turn": written_turn(event.turn)}


def read_event(at: datetime, data: Mapping[str, Any]) -> Event:
    """An event that `written_event`, or the rooms of the lists, wrote."""
    said = {name: data[name] for name in _KEPT if name in data}
    turn = data.get("turn")
    return Event(to_millisecond(at), turn=None if turn is None else read_turn(turn), **said)
