"""What changing a session would do to people, above all cancelling it or bringing it back; it changes nothing below.

Its meetings read as cancelled while it is, with their inscriptions as they are. Done it is by `programme.sessions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scheduler.people.permission import Actor
from scheduler.programme import sessions
from scheduler.programme.deadlines import shown
from scheduler.programme.queries import body, session_view
from scheduler.programme.records import meetings_of
from scheduler.programme.sessions import SessionChange
from scheduler.programme.views import SessionView
from scheduler.secretariat.affected import Affected, Turn
from scheduler.secretariat.letters import Kind, Wording
from scheduler.secretariat.moving import held_at
from scheduler.secretariat.postponing import span
from scheduler.secretariat.previewing import Consequence, CountReach, consequences
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx

_KINDS: dict[tuple[str, str], Kind] = {
    ("published", "cancelled"): "session-cancelled",
    ("cancelled", "published"): "session-restored",
}


@dataclass(frozen=True, slots=True)
class SessionPreview:
    """A session as it would be, and whom that would affect."""

    session: SessionView
    affected: Affected


def preview_session(
    tx: Tx,
    actor: Actor,
    reference: str,
    changes: Mapping[str, Any],
    count_reach: CountReach,
    *,
    expected_version: int | None = None,
    note: str | None = None,
) -> SessionPreview:
    """A change of a session only looked at: nothing is written, nobody is told. Raises as `sessions.plan`."""
    change = sessions.plan(tx, actor, reference, changes, expected_version=expected_version)
    records = meetings_of(tx.conn, change.before.id)
    whole = span(records, change.before.timezone)
    kind = _KINDS.get((change.before.status, change.after.status))
    told: Turn = (None, whole) if kind == "session-restored" else (whole, None)
    parts = tuple((None, held_at(each)) if kind == "session-restored" else (held_at(each), None) for each in records)
    title = change.after.title
    said = Wording(kind, title, title, *told, None, note) if kind and whole else None
    floors = sessions.called_off(change)
    kinds = sessions.kinds(change) | {floors for each in records if floors and each.status != "cancelled"}
    planned = Consequence(kinds, tuple(each.id for each in records), told, parts, said)
    return SessionPreview(_planned(tx.conn, change), consequences(tx, change.after, planned, count_reach))


def _planned(conn: Connection, change: SessionChange) -> SessionView:
    after = change.after
    same = ("code", "title", "timezone", "starts_on", "ends_on", "kind", "format", "city", "venue", "description")
    return replace(
        session_view(conn, after.id),
        body=body(conn, after.body_id).code,
        deadlines=shown(after.deadlines),
        reply_seconds=tuple(after.reply_seconds),
        status=after.status,
        **{name: getattr(after, name) for name in same},
    )
