"""Plain things to tell, for tests of what becomes of them."""

from datetime import UTC, datetime
from typing import Any

from scheduler.outbox.views import PlannedDue

NOON = datetime(2022, 5, 1, 12, tzinfo=UTC)


def due(key: str = "ada/slot-1/slot-soon/1/mail", **fields: Any) -> PlannedDue:
    """A reminder of a slot, due at noon."""
    values: dict[str, Any] = {
        "due_key": key,
        "rule": "slot-soon",
        "channel": "mail",
        "subject_type": "inscription",
        "subject_id": "slot-1",
        "due_at": NOON,
        **fields,
    }
    return PlannedDue(**values)
