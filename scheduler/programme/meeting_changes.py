"""Changes of meetings: first found out, then made.

They are about the rows alone; what hangs on a meeting that moves is `secretariat.moving`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scheduler.clock.zones import ZONE_DATA, rfc3339
from scheduler.errors import AlreadyExists
from scheduler.journal.entries import Author, append
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.programme import rules
from scheduler.programme.meetings import TAKEN, require_items, require_room
from scheduler.programme.queries import meeting_view
from scheduler.programme.records import (
    MeetingRecord,
    SessionRecord,
    altered,
    items_of,
    known_meeting,
    next_numbers,
)
from scheduler.programme.tables import Meeting
from scheduler.programme.views import MeetingView
from scheduler.storage.connection import UniqueTaken
from scheduler.storage.versions import check_version, shown_after
from scheduler.storage.writer import Tx

_ON_THE_FLOOR = frozenset({"meeting.moved", "meeting.cancelled", "meeting.restored"})
_FIELDS_ON_THE_FLOOR = frozenset({"remote_budget_seconds", "end_if_exceeded"})
_TIMES = frozenset({"starts_at", "ends_at", *rules.MEETING_TIME})


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """A change that was found allowed and has not been made: in which role, of which session's, from what, to what."""

    role: str
    session: SessionRecord
    before: MeetingRecord
    after: MeetingRecord

    @property
    def moves(self) -> bool:
        """Whether the meeting takes place at another time, or on another place's clock."""
        return bool(altered(self.before, self.after).keys() & {"starts_at", "ends_at", "timezone"})


def plan(
    tx: Tx, actor: Actor, meeting: str, changes: Mapping[str, Any], *, expected_version: int | None = None
) -> MeetingChange:
    """Finds out what `changes` (fields of NewMeeting; None clears) would make of a meeting, and changes nothing.

    A `fold` settles one wall clock, so it does not stay for another. An `end_if_exceeded` keeps its distance from the
    start, where nothing else is said.

    Raises:
        NotFound, Forbidden: there is none that she may know of; she may not.
        Meaningless, OutsideSession, UnknownTimezone and kinds of local time: at the field named.
        VersionConflict, NotAllowedNow: somebody was first; its status does not allow it (`allowed`).
        OverlappingMeeting: the room is taken meanwhile (`meetings`).
    """
    session, before = known_meeting(tx.conn, Reader(actor), meeting)
    role = require(actor, Act.RUN_PROGRAMME, session.scopes())
    after = _planned(session, before, changes)
    if after.date != before.date:
        rules.require_inside(after.date, session.starts_on, session.ends_on)
    if set(after.items) - set(before.items):
        require_items(tx.conn, session, after.items)
    check_version(expected_version, before.version, lambda: meeting_view(session, before, Reader(actor)))
    rules.require_meeting_status(before.status, after.status)
    names = altered(before, after).keys()
    rules.require_movable(before.status, names)
    if names & {"room", "status", *_TIMES}:
        require_room(tx.conn, after)
    return MeetingChange(role, session, before, after)


def apply(tx: Tx, actor: Actor, change: MeetingChange, *, note: str | None = None) -> MeetingView:
    """Makes a planned change; `note` is one line for those who are told.

    Raises:
        AlreadyExists: the session has a meeting of this number already.
    """
    if not altered(change.before, change.after):
        return meeting_view(change.session, change.before, Reader(actor))
    after = _counted(tx, change)
    try:
        tx.conn.update(Meeting, after.id, **altered(change.before, after))
    except UniqueTaken as taken:
        raise AlreadyExists(TAKEN) from taken
    _tell(tx, change, Author(actor.id, change.role), {"note": note} if note else {})
    return meeting_view(change.session, after, Reader(actor))


def _planned(session: SessionRecord, before: MeetingRecord, changes: Mapping[str, Any]) -> MeetingRecord:
    defaults: dict[str, Any] = {
        "number": before.number,
        "timezone": session.timezone,
        "format": session.format,
        "languages": [],
        "items": [],
        "links_for": "accredited",
        "replies": "after_list",
    }
    fields: dict[str, Any] = {k: defaults.get(k) if value is None else value for k, value in changes.items()}
    fields |= {name: list(fields[name]) for name in ("languages", "items") if name in fields}
    after = replace(before, **fields)
    if altered(before, after).keys() & {"date", "start", "timezone"} and "fold" not in fields:
        after = replace(after, fold=None)
    if not altered(before, after).keys() & rules.MEETING_TIME:
        return after
    if after.end_if_exceeded is not None and "end_if_exceeded" not in fields:
        after = replace(after, end_if_exceeded=rules.shifted(after.end_if_exceeded, before.start, after.start))
    starts_at, ends_at = rules.sitting(after.date, after.start, after.end, after.timezone, after.fold)
    return replace(after, starts_at=starts_at, ends_at=ends_at, zone_data=ZONE_DATA)


def _counted(tx: Tx, change: MeetingChange) -> MeetingRecord:
    """With the counters that calendars and editors go by.

    A calendar's entry shows the session and agenda items too, and its LAST-MODIFIED is that of the newest of them all:
    so this change is later than any of theirs, though all come within one second.
    """
    before, after, names = change.before, change.after, altered(change.before, change.after).keys()
    # Whoever gains or loses the link because it is for others now gets another edition of her own feed.
    links, shown = "join_url" in names, bool(names & rules.MEETING_SHOWN)
    of_items = [item.shown_at for item in items_of(tx.conn, change.session.id) if item.id in before.items]
    last = max([before.shown_at, change.session.shown_at, *of_items])
    shown_at = shown_after(tx.now, last) if shown else before.shown_at
    links_shown_at = before.links_shown_at
    if links or (shown and links_shown_at >= shown_at):
        links_shown_at = shown_after(tx.now, max(last, links_shown_at))
    return replace(
        after,
        version=before.version + 1,
        sequence=before.sequence + bool(names & rules.MEETING_SEQUENCED),
        shown_at=shown_at,
        status_sequence=before.status_sequence + ("status" in names),
        named_at=shown_after(tx.now, before.named_at) if names & rules.MEETING_NAMED else before.named_at,
        links_sequence=before.links_sequence + links,
        links_shown_at=links_shown_at,
    )


def kinds(change: MeetingChange) -> frozenset[str]:
    """The kinds of the journal entries that a change leaves; none where nothing changes."""
    return frozenset(kind for kind, _ in _entries(change))


def _entries(change: MeetingChange) -> list[tuple[str, dict[str, Any]]]:
    before, after = change.before, change.after
    fields = altered(before, after).keys() - {"zone_data", "status"}
    entries: list[tuple[str, dict[str, Any]]] = []
    if change.moves:
        fields -= _TIMES
        entries.append(("meeting.moved", {"before": times(before), "after": times(after)}))
    if before.status != after.status:
        entries.append(("meeting.cancelled" if after.status == "cancelled" else "meeting.restored", {}))
    if fields:
        entries.append(("meeting.changed", {"fields": sorted(fields)}))
    return entries


def _tell(tx: Tx, change: MeetingChange, by: Author, note: dict[str, Any]) -> None:
    for kind, data in _entries(change):
        # Only who may have a meeting's links may know that they changed.
        public = not ("fields" in data and rules.MEETING_LINKS.issuperset(data["fields"]))
        hearers = change.session.audience(change.after.id, public=public)
        seen = kind in _ON_THE_FLOOR or _FIELDS_ON_THE_FLOOR & set(data.get("fields", ()))
        numbered = _numbered(tx, change) if seen else {}
        append(tx, kind, ("meeting", change.after.id), by, hearers, **data, **note, **numbered)


def _numbered(tx: Tx, change: MeetingChange) -> dict[str, Any]:
    """The next number of the meeting's floor; while it sits, with an event that changes none of its turns."""
    number = {"meeting_number": next_numbers(tx.conn, change.after.id)[0]}
    return number | ({"floor": {"command": "change"}} if change.after.status in rules.RUNNING else {})


def times(record: MeetingRecord) -> dict[str, str]:
    """When a meeting is held, on both clocks, as journal entries tell it to followers."""
    return {
        "starts_at": rfc3339(record.starts_at),
        "ends_at": rfc3339(record.ends_at),
        "timezone": record.timezone,
        "date": record.date,
        "start": record.start,
        "end": record.end,
    }
