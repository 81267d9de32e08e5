"""A whole session moved by whole days, with its meetings and what hangs on them; or only looked at what that would do.

Its deadlines stay as they were written: they are wall clocks of their own.
"""

from dataclasses import dataclass, replace
from datetime import date

from scheduler.clock.zones import ZONE_DATA, parse_date
from scheduler.errors import Fault, NotAllowedNow, Refusal
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.programme import meeting_changes, rules, sessions
from scheduler.programme.meeting_changes import MeetingChange
from scheduler.programme.queries import session_view
from scheduler.programme.records import MeetingRecord, known_session, meetings_of
from scheduler.programme.sessions import SessionChange
from scheduler.programme.views import SessionView
from scheduler.secretariat.affected import Affected
from scheduler.secretariat.letters import Stretch, Wording
from scheduler.secretariat.moving import fit, held_at, require_turns_fit
from scheduler.secretariat.previewing import Consequence, CountReach, consequences
from scheduler.storage.versions import check_version
from scheduler.storage.writer import Tx

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BEGUN = frozenset({"in_progress", "suspended", "closed"})


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the meeting's place, and its weekday in English."""

    date: str
    weekday: str


@dataclass(frozen=True, slots=True)
class MovedMeeting:
    """A meeting (its id and number) and its day before and after."""

    meeting: str
    number: int
    title: str
    before: Day
    after: Day


@dataclass(frozen=True, slots=True)
class PostponedPreview:
    """A session as it would be, whom that would affect, its meetings, and those that fall on another weekday."""

    session: SessionView
    affected: Affected
    other_weekday: tuple[MovedMeeting, ...]
    meetings: tuple[MovedMeeting, ...]


@dataclass(frozen=True, slots=True)
class _Postponing:
    session: SessionChange
    meetings: tuple[MeetingChange, ...]


def move_session(
    tx: Tx,
    actor: Actor,
    reference: str,
    starts_on: str,
    *,
    expected_version: int | None = None,
    note: str | None = None,
) -> SessionView:
    """Postpones a session, or brings it forward, so that it starts on `starts_on`. The session's secretariat may.

    Raises:
        NotFound, Forbidden: there is none that she may know of; she may not.
        Meaningless and kinds of local time: no date; a wall clock that is none on its new day (`meeting`, its id).
        VersionConflict, NotAllowedNow: somebody was first; a meeting has begun (`meetings`), or turns past its new end
            are held (`slots`): all ids.
    """
    planned = _plan(tx, actor, reference, starts_on, expected_version)
    moved = sessions.apply(tx, actor, planned.session, note=note)
    for change in planned.meetings:
        meeting_changes.apply(tx, actor, change, note=note)
        fit(tx, actor, change)
    return moved


def preview_move(
    tx: Tx,
    actor: Actor,
    reference: str,
    starts_on: str,
    count_reach: CountReach,
    *,
    expected_version: int | None = None,
    note: str | None = None,
) -> PostponedPreview:
    """The same only looked at: nothing is written, nobody is told. Raises as moving it does."""
    planned = _plan(tx, actor, reference, starts_on, expected_version)
    before, after = planned.session.before, planned.session.after
    shown = replace(session_view(tx.conn, before.id), starts_on=after.starts_on, ends_on=after.ends_on)
    moved = tuple(_moved(change) for change in planned.meetings)
    other = tuple(each for each in moved if each.before.weekday != each.after.weekday)
    return PostponedPreview(shown, consequences(tx, before, _consequence(planned, note), count_reach), other, moved)


def span(records: list[MeetingRecord], timezone: str) -> Stretch | None:
    """From the first start to the last end of the meetings that are held, for the zone of their session."""
    held = [record for record in records if held_at(record)]
    if not held:
        return None
    return min(each.starts_at for each in held), max(each.ends_at for each in held), timezone


def _plan(tx: Tx, actor: Actor, reference: str, starts_on: str, expected_version: int | None) -> _Postponing:
    before = known_session(tx.conn, Reader(actor), reference)
    role = require(actor, Act.RUN_PROGRAMME, before.scopes())
    days = (parse_date(starts_on, field="starts_on") - date.fromisoformat(before.starts_on)).days
    after = replace(before, starts_on=starts_on, ends_on=rules.moved_day(before.ends_on, days))
    records = meetings_of(tx.conn, before.id) if days else []
    meetings = tuple(MeetingChange(role, after, record, _on_its_day(record, days)) for record in records)
    check_version(expected_version, before.version, lambda: session_view(tx.conn, before.id))
    begun = [record for record in records if record.status in _BEGUN]
    if begun:
        raise NotAllowedNow(
            "Meetings of this session have begun. Move those that have not, one by one.",
            meetings=[record.id for record in begun],
        )
    require_turns_fit(tx, meetings)
    return _Postponing(SessionChange(role, before, after, postponed=days != 0), meetings)


def _on_its_day(record: MeetingRecord, days: int) -> MeetingRecord:
    day = rules.moved_day(record.date, days)
    try:
        starts_at, ends_at = rules.sitting(day, record.start, record.end, record.timezone, None)
    except Refusal as refusal:
        sentence = f"Meeting {record.number} cannot be held on {day}: {refusal.sentence}"
        faults = (Fault("starts_on", sentence),)
        raise type(refusal)(sentence, faults=faults, meeting=record.id, **refusal.data) from refusal
    return replace(record, date=day, fold=None, starts_at=starts_at, ends_at=ends_at, zone_data=ZONE_DATA)


def _moved(change: MeetingChange) -> MovedMeeting:
    before, after = (
        Day(each.date, _WEEKDAYS[date.fromisoformat(each.date).weekday()]) for each in (change.before, change.after)
    )
    return MovedMeeting(change.after.id, change.after.number, change.after.title, before, after)


def _consequence(planned: _Postponing, note: str | None) -> Consequence:
    session, changes = planned.session, planned.meetings
    timezone = session.before.timezone
    whole = span([each.before for each in changes], timezone), span([each.after for each in changes], timezone)
    told = session.before.status == "published" and whole != (None, None)
    said = Wording("session-moved", session.after.title, session.after.title, *whole, None, note) if told else None
    kinds = sessions.kinds(session).union(*(meeting_changes.kinds(each) for each in changes))
    parts = tuple((held_at(each.before), held_at(each.after)) for each in changes)
    return Consequence(kinds, tuple(each.after.id for each in changes), whole, parts, said)
