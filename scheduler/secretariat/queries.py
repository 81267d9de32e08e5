"""Whom a change concerns: the accredited people of a session, and those who hold a slot in a meeting."""

from collections.abc import Collection

from sqlalchemy import bindparam, null, select

from scheduler.accreditation.tables import Accreditation
from scheduler.lists.tables import Inscription
from scheduler.people.tables import Person as PersonRow
from scheduler.secretariat.affected import Person
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

_p, _a, _i = table(PersonRow).c, table(Accreditation).c, table(Inscription).c
_WHO = (_p.id, _p.timezone, _p.language, _p.quiet_start, _p.quiet_end)
_BOOKED = Prepared(
    select(*_WHO, _i.organisation_id)
    .select_from(table(Inscription).join(table(PersonRow), _p.id == _i.person_id))
    .where(among(_i.meeting_id, "meetings"), _i.status == "allotted", _p.erased.is_(False))
)
_ACCREDITED = Prepared(
    select(*_WHO, null())
    .select_from(table(Accreditation).join(table(PersonRow), _p.organisation_id == _a.organisation_id))
    .where(_a.session_id == bindparam("session"), _a.status == "approved", _p.erased.is_(False))
)


def people_concerned(
    conn: Connection, session: str, meetings: Collection[str]
) -> tuple[list[Person], frozenset[str], frozenset[str]]:
    """Everybody who is told of a change in these meetings of a session (ids), each once.

    Besides: the ids of those who hold a slot, and of the organisations for which they hold it.
    """
    booked = conn.all(_BOOKED, meetings=sorted(meetings))
    holders = frozenset(row[0] for row in booked)
    rows = {row[0]: row for row in (*conn.all(_ACCREDITED, session=session), *booked)}
    people = [
        Person(id_, timezone, language, (start, end) if start is not None else None, id_ in holders)
        for id_, timezone, language, start, end, _ in rows.values()
    ]
    return people, holders, frozenset(row[5] for row in booked if row[5] is not None)
