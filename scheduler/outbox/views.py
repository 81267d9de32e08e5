"""What goes into the outbox and what comes out of it: frozen values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scheduler.outbox.rules import Outcome, Status


@dataclass(frozen=True, slots=True)
class PlannedDue:
    """Something to tell once, at `due_at`, to a person or a webhook by a `channel` (`mail` or `webhook`).

    `due_key` names it for ever: person or webhook, subject, rule, revision, channel. `useless_at` is when it no longer
    helps; `data` is what the sender needs beside the subject.
    """

    due_key: str
    rule: str
    channel: str
    subject_type: str
    subject_id: str
    due_at: datetime
    useless_at: datetime | None = None
    person_id: str | None = None
    webhook_id: str | None = None
    meeting_id: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimedDue:
    """What a worker has taken, until `lease_until`. `attempts` counts this try; `message_id` is that of every try."""

    id: str
    rule: str
    channel: str
    person_id: str | None
    webhook_id: str | None
    subject_type: str
    subject_id: str
    meeting_id: str | None
    data: dict[str, Any]
    due_at: datetime
    useless_at: datetime | None
    attempts: int
    message_id: str
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """How the try of a claimed row ended. `error` is one line without secrets, `subject_line` what the mail said."""

    due: ClaimedDue
    outcome: Outcome
    error: str | None = None
    subject_line: str | None = None


@dataclass(frozen=True, slots=True)
class DueRow:
    """One row as it is shown, people by their ids."""

    id: str
    rule: str
    person: str | None
    channel: str
    subject_type: str
    subject_id: str
    subject_line: str | None
    due_at: datetime
    status: Status
    attempts: int
    last_error: str | None
    message_id: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """So many rows of a channel (and webhook) that are `failed`, or `planned` after many tries, with one's error."""

    channel: str
    webhook: str | None
    status: Status
    count: int
    error: str | None
