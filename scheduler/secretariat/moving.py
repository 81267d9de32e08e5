"""A meeting or a whole session changed, moved, cancelled or brought back, with what hangs on it at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scheduler.clock.zones import ZONE_DATA, parse_date
from scheduler.errors import AlreadyExists, Fault, Refusal
from scheduler.journal.entries import Author, append
from scheduler.lists import fitting
from scheduler.lists.reader import reader_of
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.programme import rules
from scheduler.programme.meetings import TAKEN, require_items, require_room
from scheduler.programme.queries import meeting_view, session_view
from scheduler.programme.records import (
    MeetingRecord,
    SessionRecord,
    altered,
    known_meeting,
    known_session,
    meetings_of,
)
from scheduler.programme.tables import Meeting, Session
from scheduler.programme.views import MeetingView, SessionView
from scheduler.storage.connection import UniqueTaken
from scheduler.storage.versions import check_version, shown_after
from scheduler.storage.writer import Tx

_DEFAULTS: dict[str, Any] = {"languages": (), "items": (), "links_for": "accredited", "replies": "after_list"}
_STATUS_KINDS = {"cancelled": "meeting.cancelled", "scheduled": "meeting.restored"}


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """A change of a meeting that was found allowed and has not been made."""

    session: SessionRecord
    role: str
    before: MeetingRecord
    after: MeetingRecord


def plan_meeting(
    tx: Tx, actor: Actor, meeting_id: str, changes: Mapping[str, Any], *, expected_version: int | None = None
) -> MeetingChange:
    """Finds out what `changes` (fields of NewMeeting; None clears) would make of a meeting, and changes nothing.

    Raises:
        NotFound, Forbidden: there is none that she may know of; she may not.
        Meaningless, OutsideSession, UnknownTimezone and kinds of local time: at the field named.
        VersionConflict: somebody was first.
        NotAllowedNow: it has begun, is over, or turns past its new end are held (`slots`).
        OverlappingMeeting: the room is taken meanwhile (`meetings`).
    """
    session, before = known_meeting(tx.conn, Reader(actor), meeting_id)
    role = require(actor, Act.RUN_PROGRAMME, session.scopes())
    after = replace(before, **_columns(changes, session, before))
    if altered(before, after).keys() & rules.MEETING_TIME:
        starts_at, ends_at = rules.sitting(after.date, after.start, after.end, after.timezone, after.fold)
        after = replace(after, starts_at=starts_at, ends_at=ends_at, zone_data=ZONE_DATA)
        rules.require_inside(after.date, session.starts_on, session.ends_on)
    if after.items != before.items:
        require_items(tx.conn, session, after.items)
    check_version(expected_version, before.version, lambda: _seen(tx, actor, session, before))
    rules.require_meeting_status(before.status, after.status)
    rules.require_movable(before.status, altered(before, after))
    if altered(before, after).keys() & (rules.MEETING_TIME | {"room", "status"}):
        require_room(tx.conn, after)
    return MeetingChange(session, role, before, after)


def change_meeting(
    tx: Tx,
    actor: Actor,
    meeting_id: str,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    note: str | None = None,
) -> MeetingView:
    """Changes a meeting; lists, slots and bookings move with it, being kept as offsets from its start.

    Free slots past a new end go. `note` is one line for those who are told. The session's secretariat may.
    Raises as `plan_meeting`, and AlreadyExists for a number that is taken.
    """
    change = plan_meeting(tx, actor, meeting_id, changes, expected_version=expected_version)
    after = _write(tx, actor, change, note)
    return _seen(tx, actor, change.session, after)


def move_session(
    tx: Tx, actor: Actor, reference: str, starts_on: str, *, expected_version: int | None = None
) -> SessionView:
    """Postpones a whole session by whole days: its dates and every meeting's; written deadlines stay as written.

    Raises:
        NotFound, Forbidden: there is none that she may know of; she may not.
        Meaningless and kinds of local time: no date; a meeting would fall on a wall clock that does not exist there.
        VersionConflict, NotAllowedNow: somebody was first; a meeting has begun.
    """
    session = known_session(tx.conn, Reader(actor), reference)
    role = require(actor, Act.RUN_PROGRAMME, session.scopes())
    check_version(expected_version, session.version, lambda: session_view(tx.conn, session.id))
    days = (parse_date(starts_on, field="starts_on") - date.fromisoformat(session.starts_on)).days
    if days == 0:
        return session_view(tx.conn, session.id)
    moved = replace(
        session,
        starts_on=starts_on,
        ends_on=rules.moved_day(session.ends_on, days),
        version=session.version + 1,
    )
    tx.conn.update(Session, session.id, **altered(session, moved))
    by = Author(actor.id, role)
    append(tx, "session.moved", ("session", session.id), by, session.audience(), days=days)
    for before in meetings_of(tx.conn, session.id):
        _write(tx, actor, MeetingChange(moved, role, before, _moved(before, days)), None)
    return session_view(tx.conn, session.id)


def _moved(before: MeetingRecord, days: int) -> MeetingRecord:
    day = rules.moved_day(before.date, days)
    try:
        starts_at, ends_at = rules.sitting(day, before.start, before.end, before.timezone, before.fold)
    except Refusal as refusal:
        sentence = f"Meeting {before.number} cannot move to {day}: {refusal.sentence}"
        raise type(refusal)(sentence, faults=(Fault("starts_on", sentence),), **refusal.data) from refusal
    rules.require_movable(before.status, {"date"})
    return replace(before, date=day, starts_at=starts_at, ends_at=ends_at, zone_data=ZONE_DATA)


def _columns(changes: Mapping[str, Any], session: SessionRecord, before: MeetingRecord) -> dict[str, Any]:
    """What the changes set; null means the default that a new meeting would have."""
    defaults = {**_DEFAULTS, "timezone": session.timezone, "format": session.format, "number": before.number}
    columns = {name: defaults.get(name) if value is None else value for name, value in changes.items()}
    for name in ("languages", "items"):
        if name in columns:
            columns[name] = list(columns[name] or ())
    if columns.keys() & (rules.MEETING_TIME - {"fold"}):
        columns.setdefault("fold", None)
    return columns


def _write(tx: Tx, actor: Actor, change: MeetingChange, note: str | None) -> MeetingRecord:
    before, after = change.before, change.after
    names = altered(before, after).keys()
    if not names:
        return before
    by = Author(actor.id, change.role)
    if after.seconds < before.seconds:
        fitting.fit(tx, by, actor, before.id, after.seconds)
    after = _counted(tx, before, after)
    try:
        tx.conn.update(Meeting, before.id, **altered(before, after))
    except UniqueTaken as taken:
        raise AlreadyExists(TAKEN) from taken
    _tell(tx, change, set(names), by, note)
    return after


def _counted(tx: Tx, before: MeetingRecord, after: MeetingRecord) -> MeetingRecord:
    names = altered(before, after).keys()
    shown, links = names & rules.MEETING_SHOWN, names & rules.MEETING_LINKS
    return replace(
        after,
        version=before.version + 1,
        sequence=before.sequence + bool(names & rules.MEETING_SEQUENCED),
        shown_at=shown_after(tx.now, before.shown_at) if shown else before.shown_at,
        links_sequence=before.links_sequence + bool(links),
        links_shown_at=shown_after(tx.now, before.links_shown_at) if links else before.links_shown_at,
    )


def _tell(tx: Tx, change: MeetingChange, names: set[str], by: Author, note: str | None) -> None:
    subject, audience = ("meeting", change.before.id), change.session.audience(change.before.id)
    told: dict[str, Any] = {"note": note} if note else {}
    if change.before.status != change.after.status:
        append(tx, _STATUS_KINDS[change.after.status], subject, by, audience, **told)
    if names & {"starts_at", "ends_at", "timezone"}:
        times: dict[str, Any] = {"before": _times(change.before), "after": _times(change.after)}
        append(tx, "meeting.moved", subject, by, audience, **times, **told)
    others = names - {"status", "starts_at", "ends_at", "zone_data"} - rules.MEETING_TIME
    if others:
        append(tx, "meeting.changed", subject, by, audience, fields=sorted(others), **told)


def _times(record: MeetingRecord) -> dict[str, Any]:
    return {
        "starts_at": record.starts_at,
        "ends_at": record.ends_at,
        "timezone": record.timezone,
        "date": record.date,
        "start": record.start,
        "end": record.end,
    }


def _seen(tx: Tx, actor: Actor, session: SessionRecord, record: MeetingRecord) -> MeetingView:
    return meeting_view(session, record, reader_of(tx.conn, actor))
