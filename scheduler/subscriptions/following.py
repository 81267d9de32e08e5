"""From the journal to the outbox: each entry that a webhook is for becomes one thing to tell it, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler.clock.zones import rfc3339
from scheduler.journal.entries import Entry
from scheduler.outbox.actions import plan
from scheduler.outbox.views import PlannedDue
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx
from scheduler.subscriptions.rules import wants
from scheduler.subscriptions.tables import Webhook

FOLLOWER = "webhooks"
"""The name of this follower's cursor in the journal."""

_w = table(Webhook).c
_ALL = Prepared(select(_w.id, _w.kinds, _w.session_id, _w.created_at).where(_w.status == "active"))


@dataclass(frozen=True, slots=True)
class _Listening:
    id: str
    kinds: list[str]
    session: str | None
    since: datetime

    def hears(self, entry: Entry) -> bool:
        """Whether it is told of this entry: not of what was before it, nor of its own making."""
        return (
            entry.at >= self.since
            and entry.subject_id != self.id
            and wants(self.kinds, self.session, entry.kind, entry.audience.session)
        )


def follower(host: str) -> Callable[[Tx, list[Entry]], None]:
    """What the worker gives to `journal.following.follow`; `host` is the right side of Message-IDs.

    Webhooks are the whole service's secretariat's, which may read every entry, so they are told of every entry: of its
    kind, its subject's id and its moment. What changed, and for whom, is for its receiver to ask with a token.
    """
    return lambda tx, entries: _plan(tx, entries, host)


def _plan(tx: Tx, entries: list[Entry], host: str) -> None:
    listening = [_Listening(*row) for row in tx.conn.all(_ALL)]
    plan(tx, [_due(webhook, entry, tx) for entry in entries for webhook in listening if webhook.hears(entry)], host)


def _due(webhook: _Listening, entry: Entry, tx: Tx) -> PlannedDue:
    at = rfc3339(entry.at)
    subject = {"type": entry.subject_type, "id": entry.subject_id}
    return PlannedDue(
        due_key=f"{webhook.id}:{entry.id}:webhook",
        rule="webhook",
        channel="webhook",
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        due_at=tx.now,
        webhook_id=webhook.id,
        meeting_id=entry.audience.meeting,
        data={
            "type": entry.kind,
            "timestamp": at,
            "data": {"id": entry.id, "kind": entry.kind, "subject": subject, "at": at},
        },
    )
