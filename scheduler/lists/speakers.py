"""For whom somebody could ask for a place in a list, beside herself: people whose organisation is accredited there."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from scheduler.accreditation.tables import Accreditation
from scheduler.errors import NotFound
from scheduler.lists.place import known_list
from scheduler.people.permission import Act
from scheduler.people.reader import Reader
from scheduler.people.tables import Organisation, Person
from scheduler.people.views import Named
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection

_a, _p, _o = table(Accreditation).c, table(Person).c, table(Organisation).c
_SPEAKERS = (
    select(_p.id, _p.name, _o.id, _o.name)
    .select_from(
        table(Accreditation)
        .join(table(Organisation), _o.id == _a.organisation_id)
        .join(table(Person), _p.organisation_id == _o.id)
    )
    .where(_a.status == "approved", _p.erased.is_(False))
    .order_by(_o.name, _p.name, _p.id)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be asked for."""

    person: Named
    organisation: Named


def speakers_for(conn: Connection, reader: Reader, list_id: str, *, q: str = "", limit: int = 50) -> list[Candidate]:
    """By organisation and name those of a list's session for whom she may ask, with `q` in one of the two names.

    All who are accredited for its chair and secretariat, her own organisation's for a focal point, else nobody.

    Raises:
        NotFound: there is no such list that she may know of.
    """
    named = [_p.name.icontains(q, autoescape=True), _o.name.icontains(q, autoescape=True)]
    return _read(conn, reader, list_id, [or_(*named)] if q else [], limit)


def speaker_for(conn: Connection, reader: Reader, list_id: str, person_id: str) -> Candidate:
    """One of these. Raises NotFound, also where she may not ask for this person."""
    found = _read(conn, reader, list_id, [_p.id == person_id], 1)
    if not found:
        raise NotFound("There is nobody of this id for whom you may ask here.")
    return found[0]


def _read(
    conn: Connection, reader: Reader, list_id: str, where: list[ColumnElement[bool]], limit: int
) -> list[Candidate]:
    _, place = known_list(conn, reader, list_id)
    if not reader.may(Act.SPEAK, place.scopes()):
        own = sorted(reader.actor.focal_organisations()) if reader.actor else []
        if not own:
            return []
        where = [*where, _o.id.in_(own)]
    rows = conn.all(_SPEAKERS.where(_a.session_id == place.session, *where).limit(limit))
    return [Candidate(Named(row[0], row[1]), Named(row[2], row[3])) for row in rows]
