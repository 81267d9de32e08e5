"""Plain values of what calendars show: the second session's first meeting, a turn in it, and a list that opens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from calendars.entries import Variant
from scheduler.lists.events import SlotEvent
from scheduler.programme.events import DeadlineEvent, MeetingEvent

STARTS_AT = datetime(2022, 5, 30, 8, tzinfo=UTC)
CHANGED_AT = datetime(2022, 4, 1, 12, 30, 15, tzinfo=UTC)

VARIANT = Variant(host="rostrum.example", base_url="https://rostrum.example.org")

_MEETING = MeetingEvent(
    id="0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0c01",
    timezone="Europe/Vienna",
    starts_at=STARTS_AT,
    ends_at=STARTS_AT + timedelta(hours=2),
    cancelled=False,
    sequence=2,
    changed_at=CHANGED_AT,
    number=1,
    title="1st meeting",
    session_code="ahc-2",
    session_title="Second session",
    city="Vienna",
    venue="M Building, VIC",
    room="Plenary Hall",
    format="hybrid",
    languages=("en", "fr"),
    items=("4 Criminalization", "5 General provisions"),
    webcast_url="https://webcast.example.org/ahc-2/1",
    join_url=None,
)

_SLOT = SlotEvent(
    **{name: getattr(_MEETING, name) for name in MeetingEvent.__dataclass_fields__},
    meeting_id=_MEETING.id,
    list_id="0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0d01",
    list_title="Criminalization: stakeholders",
    position=7,
    speaker="Ana Pérez",
    organisation="Fundación Ejemplo",
    mode="remote",
    topic="Safeguards",
    withdrawn=False,
    called_off=False,
)

_DEADLINE = DeadlineEvent(
    id="0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0e01",
    timezone="America/New_York",
    starts_at=datetime(2022, 5, 20, 22, tzinfo=UTC),
    ends_at=datetime(2022, 5, 20, 22, tzinfo=UTC),
    cancelled=False,
    sequence=0,
    changed_at=CHANGED_AT,
    what="opens",
    title="Criminalization: stakeholders",
    meeting_id=_MEETING.id,
    meeting_title="1st meeting",
    list_id=_SLOT.list_id,
    session_code="ahc-2",
    session_title="Second session",
)


def meeting(**changes: Any) -> MeetingEvent:
    """From 10:00 to 12:00 in Vienna on 30 May 2022."""
    return replace(_MEETING, **changes)


def slot(**changes: Any) -> SlotEvent:
    """Three minutes of that meeting, from 10:18."""
    starts_at = STARTS_AT + timedelta(minutes=18)
    own = {
        "id": "0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0f01",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=3),
    }
    return replace(_SLOT, **{**own, **changes})


def deadline(**changes: Any) -> DeadlineEvent:
    """18:00 in New York on 20 May 2022."""
    return replace(_DEADLINE, **changes)
