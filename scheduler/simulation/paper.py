"""A simulated meeting's record as the outside knows records, for `rostrum forecast` and others to replay. Pure."""

from typing import Any

from scheduler.floor.record import Record
from scheduler.floor.turns import Event, Turn
from scheduler.floor.written import instant


def document(record: Record) -> dict[str, Any]:
    """The record's JSON."""
    sitting = record.sitting
    goes_on = sitting.next_meeting
    return {
        "meeting": {
            "starts_at": instant(sitting.starts_at),
            "ends_at": instant(sitting.ends_at),
            "remote_budget_seconds": sitting.remote_budget_seconds,
        },
        "next_meeting": goes_on
        and {
            "starts_at": instant(goes_on.starts_at),
            "ends_at": instant(goes_on.ends_at),
            "goes_on_at": instant(goes_on.goes_on_at),
        },
        "slots": [_slot(turn) for turn in record.turns],
        "events": [_event(event) for event in record.events],
    }


def _slot(turn: Turn) -> dict[str, Any]:
    slot = {name: getattr(turn, name) for name in ("slot", "position", "kind", "category", "mode", "seconds", "ready")}
    return slot if turn.planned_start is None else slot | {"planned_start": instant(turn.planned_start)}


def _event(event: Event) -> dict[str, Any]:
    told = {name: value for name in ("slot", "to", "after") if (value := getattr(event, name)) is not None}
    brought = {} if event.turn is None else _slot(event.turn)
    return {"at": instant(event.at), "command": event.command, **told, **brought}
