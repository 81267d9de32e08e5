"""Reads of who waits for a place: the chair and the secretariat see all, everybody else her own part."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, func, literal_column, select

from scheduler.errors import NotFound
from scheduler.lists.offers import waiting
from scheduler.lists.place import PLACE, Place, Row, Rows, known_list, meeting, place_of, session
from scheduler.lists.queries import key_values, later, own, own_values
from scheduler.lists.slot_queries import organisation, person
from scheduler.lists.views import WaitingView
from scheduler.people.permission import Act, Scopes, require
from scheduler.people.reader import Reader
from scheduler.people.views import Named
from scheduler.storage.connection import Connection

NO_ENTRY = "There is nobody waiting under this id."

_before = waiting.alias()
_WHOLE = select(
    *waiting.c,
    person.c.name.label("person_name"),
    organisation.c.name.label("organisation_name"),
    select(func.count())
    .where(
        _before.c.list_id == waiting.c.list_id,
        _before.c.status == literal_column("'waiting'"),
        _before.c.position < waiting.c.position,
    )
    .scalar_subquery()
    .label("count_before"),
    *PLACE,
).select_from(
    waiting.join(meeting, meeting.c.id == waiting.c.meeting_id)
    .join(session, session.c.id == meeting.c.session_id)
    .join(person, person.c.id == waiting.c.person_id)
    .outerjoin(organisation, organisation.c.id == waiting.c.organisation_id)
)
_ONE = Rows(_WHOLE.where(waiting.c.id == bindparam("entry")))
_OF_PERSON = _WHOLE.where(waiting.c.person_id == bindparam("person"))
_OF_ORGANISATION = Rows(
    _WHOLE.where(
        waiting.c.organisation_id == bindparam("organisation"),
        waiting.c.status.in_([literal_column("'waiting'"), literal_column("'offered'")]),
    ).order_by(waiting.c.created_at, waiting.c.id)
)


@lru_cache
def _of_list(everything: bool) -> Rows:
    statement = _WHOLE.where(waiting.c.list_id == bindparam("list"), waiting.c.position > bindparam("after"))
    if not everything:
        statement = statement.where(own(waiting))
    return Rows(statement.order_by(waiting.c.position).limit(bindparam("limit")))


@lru_cache
def _of_person(after: bool) -> Rows:
    statement = _OF_PERSON
    if after:
        statement = statement.where(later(waiting))
    return Rows(statement.order_by(waiting.c.created_at, waiting.c.id).limit(bindparam("limit")))


def known_entry(conn: Connection, reader: Reader, entry_id: str) -> tuple[Row, Place]:
    """An entry's row and where it stands. Raises NotFound, also for what she may not know of."""
    row = _ONE.first(conn, entry=entry_id)
    place = place_of(row) if row else None
    if row is None or place is None or not _sees(reader, row, place):
        raise NotFound(NO_ENTRY)
    return row, place


def waiting_for(
    conn: Connection, reader: Reader, list_id: str, *, after: int | None, limit: int
) -> list[tuple[WaitingView, int]]:
    """Who waits, or waited, for a place in a list, by position, each with its key: at most `limit` behind `after`.

    All of them for whoever runs the list, else her own entries and those of the organisation that she acts for.

    Raises:
        NotFound: there is no such list that she may know of.
    """
    _, place = known_list(conn, reader, list_id)
    everything = reader.may(Act.READ_INSCRIPTION, place.scopes())
    whose = {} if everything else own_values(reader)
    rows = _of_list(everything).all(conn, list=list_id, after=after or 0, limit=limit, **whose)
    return [(entry_view(row), row["position"]) for row in rows]


def waiting_of_person(
    conn: Connection, person_id: str, *, after: tuple[datetime, str] | None, limit: int
) -> list[tuple[WaitingView, tuple[datetime, str]]]:
    """Where a person waits, or waited, by when she came, each with its key."""
    rows = _of_person(after is not None).all(conn, person=person_id, limit=limit, **key_values(after))
    return [(entry_view(row), (row["created_at"], row["id"])) for row in rows]


def waiting_of_organisation(conn: Connection, reader: Reader, organisation_id: str) -> list[WaitingView]:
    """Where people of an organisation wait still, for its focal points and the secretariat, by when they came.

    Raises:
        NotSignedIn, Forbidden: she is neither.
    """
    require(reader.actor, Act.READ_INSCRIPTION, Scopes(organisation=organisation_id))
    return [entry_view(row) for row in _OF_ORGANISATION.all(conn, organisation=organisation_id)]


def entry_view(row: Row) -> WaitingView:
    """An entry's row as it is read."""
    by = row["organisation_id"]
    return WaitingView(
        id=row["id"],
        list=row["list_id"],
        position=row["position"],
        person=Named(row["person_id"], row["person_name"]),
        mode=row["mode"],
        slot=row["slot_id"],
        offered_until=row["offered_until"],
        status=row["status"],
        organisation=Named(by, row["organisation_name"]) if by else None,
        before={"waiting": row["count_before"], "offered": 0}.get(row["status"]),
        created_at=row["created_at"].replace(microsecond=0),
    )


def _sees(reader: Reader, row: Row, place: Place) -> bool:
    return reader.may(Act.READ_INSCRIPTION, place.scopes(row["organisation_id"], row["person_id"]))
