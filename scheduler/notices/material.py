"""What letters are made of, read for a whole batch at once: people, meetings, turns and lists as they are now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, or_, select

from scheduler.accreditation.tables import Accreditation
from scheduler.lists import offers, swaps
from scheduler.lists.calendar import OfferedTurn, offered_turns
from scheduler.lists.place import TIMING, Row, Rows, list_, meeting, session, standing
from scheduler.notices import standings
from scheduler.notices.changes import CHANGE_RULES, Standing
from scheduler.notices.floors import TOLD_OF, FloorNow
from scheduler.notices.floors import read as read_floor
from scheduler.notices.telling import Pending, pending
from scheduler.outbox.tables import Due
from scheduler.outbox.views import ClaimedDue
from scheduler.people.reader import PUBLIC
from scheduler.people.tables import Person
from scheduler.programme.calendar import OfferedMeeting, offered_meetings
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is to be written to; without `mail` not any more. `list_rules` and `turn_rules`: what she wants."""

    id: str
    email: str | None
    name: str
    timezone: str
    language: str
    channels: Sequence[str]
    list_rules: Sequence[str]
    turn_rules: Sequence[str]

    @property
    def reachable(self) -> bool:
        """Whether mail can go to her, and she wants it."""
        return self.email is not None and "mail" in self.channels


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting with its session, as far as calendars do not show it."""

    session: str
    links_for: str
    starts_on: date
    ends_on: date
    published: bool


@dataclass(frozen=True, slots=True)
class Material:
    """All that a batch needs, by id; what is not there exists no more. `accredited` are (session, person).

    `offers` are entries of waiting lists, `swaps` the open proposals as (inscription, other inscription),
    `floors` are of meetings that sit, or of which a letter tells; `changes` are by the id
    of the claimed row, `next_reminders` by subject.
    """

    people: dict[str, Addressee]
    sittings: dict[str, Sitting]
    meetings: dict[str, OfferedMeeting]
    turns: dict[str, OfferedTurn]
    lists: dict[str, Row]
    accredited: frozenset[tuple[str, str]]
    offers: dict[str, Row]
    swaps: frozenset[tuple[str, str]]
    floors: dict[str, FloorNow]
    changes: dict[str, Pending]
    standing: dict[str, Standing]
    next_reminders: dict[tuple[str, str], datetime]


_p, _a, _d = table(Person).c, table(Accreditation).c, table(Due).c
_PEOPLE = Prepared(
    select(_p.id, _p.email, _p.name, _p.timezone, _p.language, _p.channels, _p.list_rules, _p.turn_rules).where(
        among(_p.id, "people")
    )
)
_SITTINGS = Prepared(
    select(
        *(meeting.c.id, meeting.c.session_id, meeting.c.links_for),
        *(session.c.starts_on, session.c.ends_on, session.c.status),
    )
    .select_from(meeting.join(session, session.c.id == meeting.c.session_id))
    .where(among(meeting.c.id, "meetings"))
)
_ACCREDITED = Prepared(
    select(_a.session_id, _p.id)
    .select_from(table(Accreditation).join(table(Person), _p.organisation_id == _a.organisation_id))
    .where(among(_a.session_id, "sessions"), among(_p.id, "people"), _a.status == "approved")
)
_LISTS = Rows(
    select(
        *(list_.c.id, list_.c.title, list_.c.opens_as, list_.c.closes_as, list_.c.meeting_id, list_.c.allocation),
        *(meeting.c.timezone, meeting.c.status.label("meeting_status"), *TIMING),
    )
    .select_from(standing(list_))
    .where(among(list_.c.id, "lists"))
)
_SITTING = Prepared(
    select(meeting.c.id).where(
        among(meeting.c.id, "meetings"), or_(meeting.c.status == "in_progress", meeting.c.status == "suspended")
    )
)
_NEXT = Prepared(
    select(_d.person_id, _d.subject_id, func.min(_d.due_at))
    .where(
        among(_d.subject_id, "subjects"),
        among(_d.person_id, "people"),
        _d.status == "planned",
        _d.rule == bindparam("rule"),
        _d.due_at > bindparam("now", type_=Instant()),
    )
    .group_by(_d.person_id, _d.subject_id)
)


def read(conn: Connection, batch: Sequence[ClaimedDue], now: datetime) -> Material:
    """Reads what the letters of a batch need, in a fixed number of statements a session."""
    changes = {due.id: pending(due.data) for due in batch if due.rule in CHANGE_RULES}
    before = [was for each in changes.values() for was in each.before.values()]
    swapped = {str(due.data["with"]) for due in batch if due.rule in {"swap-proposed", "swap-ended"}}
    own = {was.id for was in before if was.person} | _subjects(batch, "inscription") | swapped
    offered = {id_: row for id_ in _subjects(batch, "waiting") if (row := offers.entry(conn, id_)) is not None}
    lists = _subjects(batch, "list") | {row["list_id"] for row in offered.values()}
    floors = {id_: read_floor(conn, id_, now) for id_ in _sitting(conn, batch)}
    people = {due.person_id for due in batch if due.person_id}
    held = (
        {due.meeting_id for due in batch if due.meeting_id}
        | {was.meeting for was in before}
        | _going_on(floors.values())
    )
    sittings = {
        id_: Sitting(of, links_for, date.fromisoformat(first), date.fromisoformat(last), status == "published")
        for id_, of, links_for, first, last, status in conn.all(_SITTINGS, meetings=list(held))
    }
    sessions = sorted({sitting.session for sitting in sittings.values()})
    return Material(
        people={row[0]: Addressee(*row) for row in conn.all(_PEOPLE, people=list(people))},
        sittings=sittings,
        meetings={each.plain.id: each for of in sessions for each in offered_meetings(conn, PUBLIC, session=of)},
        turns={each.plain.id: each for each in offered_turns(conn, PUBLIC, inscriptions=own)},
        lists={row["id"]: row for row in _LISTS.all(conn, lists=sorted(lists))},
        accredited=frozenset(_pairs(conn.all(_ACCREDITED, sessions=sessions, people=list(people)))),
        offers=offered,
        swaps=frozenset((side["id"], side["with_id"]) for side in swaps.sides(conn, swapped)),
        floors=floors,
        changes=changes,
        standing=standings.standing(conn, {was.id for was in before}) if before else {},
        next_reminders=_next(conn, own, people, "slot-soon", now) | _next(conn, held, people, "meeting-soon", now),
    )


def _sitting(conn: Connection, batch: Sequence[ClaimedDue]) -> set[str]:
    """The meetings whose floors say when somebody is expected, or of which a letter tells."""
    asked = {due.meeting_id for due in batch if due.meeting_id and due.rule in {"slot-given", "slot-soon"}}
    sit = {row[0] for row in conn.all(_SITTING, meetings=list(asked))} if asked else set()
    return sit | {due.meeting_id for due in batch if due.meeting_id and due.rule in TOLD_OF}


def _going_on(floors: Iterable[FloorNow]) -> set[str]:
    """The meetings where what these floors do not hear goes on."""
    following = {floor.here.sitting.next_meeting for floor in floors}
    there = {holder.meeting for floor in floors for holder in floor.holders.values()}
    return there | {each.id for each in following if each is not None and each.id is not None}


def _subjects(batch: Iterable[ClaimedDue], kind: str) -> set[str]:
    return {due.subject_id for due in batch if due.subject_type == kind}


def _pairs(rows: Iterable[tuple[str, ...]]) -> Iterable[tuple[str, str]]:
    return ((row[0], row[1]) for row in rows)


def _next(
    conn: Connection, subjects: Collection[str], people: Collection[str], rule: str, now: datetime
) -> dict[tuple[str, str], datetime]:
    rows = conn.all(_NEXT, subjects=list(subjects), people=list(people), rule=rule, now=now) if subjects else []
    return {(person, subject): at for person, subject, at in rows}
