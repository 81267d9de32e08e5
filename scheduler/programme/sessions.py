"""Sessions: the secretariat creates, changes, publishes, cancels them and brings them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scheduler.clock.zones import zone
from scheduler.errors import Meaningless, OutsideSession
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.reader import Reader
from scheduler.programme import rules
from scheduler.programme.codes import exchange, take
from scheduler.programme.deadlines import keep
from scheduler.programme.queries import session_view
from scheduler.programme.records import (
    SessionRecord,
    altered,
    find_body,
    known_session,
    last_shown,
    meetings_of,
    next_numbers,
    values,
)
from scheduler.programme.tables import Session
from scheduler.programme.views import SessionView
from scheduler.storage.connection import Connection
from scheduler.storage.versions import check_version, shown_after
from scheduler.storage.writer import Tx

_KINDS = {("draft", "published"): "published", ("published", "cancelled"): "cancelled"}


@dataclass(frozen=True, slots=True)
class NewSession:
    """What is said of a session when it is created. `body` is a code or id; a deadline is `{title, at, as?}`."""

    code: str
    body: str
    title: str
    timezone: str
    starts_on: str
    ends_on: str
    kind: str = "session"
    format: str = "hybrid"
    city: str | None = None
    venue: str | None = None
    description: str | None = None
    deadlines: Sequence[Mapping[str, Any]] = ()
    reply_seconds: Sequence[int] = field(default=(600, 300))
    status: str = "draft"


_DEFAULTS = {"kind": "session", "format": "hybrid", "deadlines": (), "reply_seconds": (600, 300)}


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A change that was found allowed and has not been made: in which role, from what, to what.

    `postponed`: its meetings move with it, which `secretariat.postponing` sees to.
    """

    role: str
    before: SessionRecord
    after: SessionRecord
    postponed: bool = False


def add(tx: Tx, actor: Actor, new: NewSession) -> SessionView:
    """Creates a session, as a draft unless it says otherwise. The body's secretariat may.

    Raises:
        Forbidden: she may not.
        Meaningless, UnknownTimezone and kinds of local time: what was sent has no meaning, at the field named.
        AlreadyExists: another body or session has the code.
    """
    role, body_id = _permitted(tx.conn, actor, new.body)
    id_ = new_id()
    record = SessionRecord(
        id=id_,
        body_id=body_id,
        created_at=tx.now,
        sequence=0,
        shown_at=(shown_at := tx.now.replace(microsecond=0)),
        status_sequence=0,
        named_at=shown_at,
        version=1,
        deadlines=keep(new.deadlines, [], tx.now),
        reply_seconds=list(new.reply_seconds),
        **{name: getattr(new, name) for name in _PLAIN},
    )
    _check(record)
    take(tx.conn, new.code, "session", id_)
    tx.conn.insert(Session, **values(record))
    _journal(tx, "session.created", record, Author(actor.id, role), status=record.status)
    return session_view(tx.conn, id_)


_PLAIN = (
    *("code", "title", "timezone", "starts_on", "ends_on", "kind", "format"),
    *("city", "venue", "description", "status"),
)


def plan(
    tx: Tx, actor: Actor, reference: str, changes: Mapping[str, Any], *, expected_version: int | None = None
) -> SessionChange:
    """Finds out what `changes` (fields of NewSession; None clears) would make of a session, and changes nothing.

    Raises:
        NotFound, Forbidden: there is none that she may know of; she may not change it, or run its new body.
        Meaningless, UnknownTimezone and kinds of local time: what was sent has no meaning, at the field named.
        OutsideSession: meetings would be left outside its days; `meetings` are their ids.
        VersionConflict, NotAllowedNow: somebody was first; it cannot take this status now (`allowed`).
    """
    before = known_session(tx.conn, Reader(actor), reference)
    role = require(actor, Act.RUN_PROGRAMME, before.scopes())
    fields: dict[str, Any] = {k: _DEFAULTS.get(k) if value is None else value for k, value in changes.items()}
    if "body" in fields:
        _, fields["body_id"] = _permitted(tx.conn, actor, fields.pop("body"))
    if "deadlines" in fields:
        fields["deadlines"] = keep(fields["deadlines"], before.deadlines, tx.now)
    if "reply_seconds" in fields:
        fields["reply_seconds"] = list(fields["reply_seconds"])
    after = replace(before, **fields)
    _check(after)
    if (before.starts_on, before.ends_on) != (after.starts_on, after.ends_on):
        _require_meetings_inside(tx.conn, after)
    check_version(expected_version, before.version, lambda: session_view(tx.conn, before.id))
    rules.require_session_status(before.status, after.status)
    return SessionChange(role, before, after)


def apply(tx: Tx, actor: Actor, change: SessionChange, *, note: str | None = None) -> SessionView:
    """Makes a planned change; `note` is one line for those who are told. Raises AlreadyExists for a taken code."""
    before, after = change.before, change.after
    names = altered(before, after).keys()
    if names:
        after = replace(
            after,
            version=before.version + 1,
            sequence=before.sequence + bool(names & rules.SESSION_SEQUENCED),
            status_sequence=before.status_sequence + ("status" in names),
            named_at=shown_after(tx.now, before.named_at) if names & rules.SESSION_NAMED else before.named_at,
            shown_at=shown_after(tx.now, last_shown(tx.conn, before))
            if names & rules.SESSION_SHOWN
            else before.shown_at,
        )
        if "code" in names:
            exchange(tx.conn, before.code, after.code, "session", before.id)
        tx.conn.update(Session, before.id, **altered(before, after))
        for kind, data in _entries(change):
            _journal(tx, kind, after, Author(actor.id, change.role), **data, **({"note": note} if note else {}))
        if called_off(change):
            _tell_floors(tx, change, Author(actor.id, change.role))
    return session_view(tx.conn, before.id)


def change(
    tx: Tx,
    actor: Actor,
    reference: str,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    note: str | None = None,
) -> SessionView:
    """Plans a change and makes it. The secretariat may. Raises what `plan` and `apply` raise."""
    return apply(tx, actor, plan(tx, actor, reference, changes, expected_version=expected_version), note=note)


def kinds(change: SessionChange) -> frozenset[str]:
    """The kinds of the journal entries that a change leaves; none where nothing changes."""
    return frozenset(kind for kind, _ in _entries(change))


def called_off(change: SessionChange) -> str | None:
    """The kind of the entries that each of its meetings has where a change calls the session off, or on again."""
    before, after = change.before.status, change.after.status
    if before == after or "cancelled" not in {before, after}:
        return None
    return "meeting.called_off" if after == "cancelled" else "meeting.called_on"


def _tell_floors(tx: Tx, change: SessionChange, by: Author) -> None:
    """The floor of each meeting shows whether it takes place, so that is an event of each."""
    for meeting in meetings_of(tx.conn, change.after.id):
        if meeting.status != "cancelled":
            append(
                tx, str(called_off(change)), ("meeting", meeting.id), by, change.after.audience(meeting.id),
                meeting_number=next_numbers(tx.conn, meeting.id)[0], floor={"command": "change"},
            )  # fmt: skip


def _entries(change: SessionChange) -> list[tuple[str, dict[str, Any]]]:
    before, after = change.before, change.after
    fields = {"body" if name == "body_id" else name for name in altered(before, after)} - {"status"}
    entries: list[tuple[str, dict[str, Any]]] = []
    if change.postponed:
        fields -= {"starts_on", "ends_on"}
        entries.append(("session.moved", {"before": days(before), "after": days(after)}))
    if before.status != after.status:
        entries.append((f"session.{_KINDS.get((before.status, after.status), 'restored')}", {}))
    if fields:
        entries.append(("session.changed", {"fields": sorted(fields)}))
    return entries


def days(record: SessionRecord) -> dict[str, str]:
    """The first and the last day of a session, as journal entries tell them to followers."""
    return {"starts_on": record.starts_on, "ends_on": record.ends_on}


def _permitted(conn: Connection, actor: Actor, body: str) -> tuple[str, str]:
    """The role in which she may run sessions of a body, and the body's id."""
    found = find_body(conn, body)
    role = require(actor, Act.RUN_PROGRAMME, Scopes(body=found.id if found else None))
    if found is None:
        raise Meaningless("There is no such body. Give the code or id of one.", field="body")
    return role, found.id


def _check(record: SessionRecord) -> None:
    zone(record.timezone)
    rules.require_days(record.starts_on, record.ends_on)


def _require_meetings_inside(conn: Connection, session: SessionRecord) -> None:
    outside = [each for each in meetings_of(conn, session.id) if not session.starts_on <= each.date <= session.ends_on]
    if outside:
        named = ", ".join(f"{each.number} ({each.date})" for each in outside)
        raise OutsideSession(
            f"These meetings would be left outside the session: {named}. Move them first, or move the whole session.",
            field="starts_on" if any(each.date < session.starts_on for each in outside) else "ends_on",
            meetings=[each.id for each in outside],
        )


def _journal(tx: Tx, kind: str, session: SessionRecord, by: Author, **data: Any) -> None:
    append(tx, kind, ("session", session.id), by, session.audience(), **data)
