"""Reads of inscriptions. The public sees who was given a slot; the rest is hers and of who acts for her."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, or_, select

from scheduler.errors import NotFound
from scheduler.lists.place import PLACE, Place, Row, Rows, known_list, list_, meeting, place_of, session
from scheduler.lists.queries import GIVEN, STANDS, inscription, key_values, later, own, own_values
from scheduler.lists.rules import PUBLIC, Asked, most_seconds, queue_warnings, warnings_for
from scheduler.lists.slot_queries import organisation, person
from scheduler.lists.tables import Swap
from scheduler.lists.views import InscriptionView, SwapView, Warned
from scheduler.people import queries as people
from scheduler.people.permission import Act, Scopes, require
from scheduler.people.reader import Reader
from scheduler.people.views import Named
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.many import among

Key = tuple[datetime, str]
"""Inscriptions go by (created_at with its microseconds, id)."""

NO_INSCRIPTION = "There is no such inscription."

_swap, _other = table(Swap), inscription.alias()
_WHOLE = select(
    *inscription.c,
    person.c.name.label("person_name"),
    organisation.c.name.label("organisation_name"),
    organisation.c.groups.label("organisation_groups"),
    list_.c.allocation.label("list_allocation"),
    list_.c.seconds_default.label("list_seconds_default"),
    list_.c.seconds_by_category.label("list_seconds_by_category"),
    _swap.c.with_id.label("swap_with"),
    _swap.c.proposes.label("swap_proposes"),
    _other.c.slot_id.label("swap_slot"),
    *PLACE,
).select_from(
    inscription.join(list_, list_.c.id == inscription.c.list_id)
    .join(meeting, meeting.c.id == inscription.c.meeting_id)
    .join(session, session.c.id == meeting.c.session_id)
    .join(person, person.c.id == inscription.c.person_id)
    .outerjoin(organisation, organisation.c.id == inscription.c.organisation_id)
    .outerjoin(_swap, _swap.c.id == inscription.c.id)
    .outerjoin(_other, _other.c.id == _swap.c.with_id)
)
_ONE = Rows(_WHOLE.where(inscription.c.id == bindparam("inscription")))
_PENDING = Rows(
    _WHOLE.where(
        inscription.c.session_id == bindparam("session"),
        inscription.c.status == "pending",
        or_(among(inscription.c.organisation_id, "organisations"), among(person.c.organisation_id, "organisations")),
    ).order_by(inscription.c.created_at, inscription.c.id)
)
_IN_LIST = Rows(
    _WHOLE.where(inscription.c.list_id == bindparam("list"), inscription.c.person_id == bindparam("person"), STANDS)
)
_OF = {
    "list": inscription.c.list_id,
    "person": inscription.c.person_id,
    "organisation": inscription.c.organisation_id,
}


@lru_cache
def _page(of: str, after: bool, everything: bool) -> Rows:
    statement = _WHOLE.where(_OF[of] == bindparam("of"))
    if after:
        statement = statement.where(later(inscription))
    if not everything:
        statement = statement.where(or_(GIVEN, own(inscription)))
    return Rows(statement.order_by(inscription.c.created_at, inscription.c.id).limit(bindparam("limit")))


def known_inscription(conn: Connection, reader: Reader, inscription_id: str) -> tuple[Row, Place]:
    """An inscription's row and where it stands. Raises NotFound, also for what she may not know of."""
    row = _ONE.first(conn, inscription=inscription_id)
    place = place_of(row) if row else None
    if row is None or place is None or not _knows(reader, row, place):
        raise NotFound(NO_INSCRIPTION)
    return row, place


def one_inscription(conn: Connection, reader: Reader, inscription_id: str) -> InscriptionView:
    """An inscription, cut to what she may read. Raises NotFound."""
    row, place = known_inscription(conn, reader, inscription_id)
    return inscription_view(row, place, full=_in_full(reader, row, place))


def inscription_in_list(conn: Connection, reader: Reader, list_id: str, person_id: str) -> InscriptionView | None:
    """A person's inscription in a list, unless withdrawn, cut to what she may read; None where she knows of none."""
    row = _IN_LIST.first(conn, list=list_id, person=person_id)
    place = place_of(row) if row else None
    if row is None or place is None or not _knows(reader, row, place):
        return None
    return inscription_view(row, place, full=_in_full(reader, row, place))


def inscriptions_of_list(
    conn: Connection, reader: Reader, list_id: str, *, after: Key | None, limit: int
) -> list[tuple[InscriptionView, Key]]:
    """A list's inscriptions, as far as she may know of them, at most `limit` behind a key. Raises NotFound."""
    _, place = known_list(conn, reader, list_id)
    everything = reader.may(Act.READ_INSCRIPTION, place.scopes())
    return _read(conn, reader, ("list", list_id), after=after, limit=limit, everything=everything)


def inscriptions_of_person(
    conn: Connection, reader: Reader, *, after: Key | None, limit: int
) -> list[tuple[InscriptionView, Key]]:
    """All her own inscriptions, withdrawn ones too."""
    person_id = reader.actor.id if reader.actor else None
    return _read(conn, reader, ("person", str(person_id)), after=after, limit=limit, everything=True)


def inscriptions_of_organisation(
    conn: Connection, reader: Reader, organisation_id: str, *, after: Key | None, limit: int
) -> list[tuple[InscriptionView, Key]]:
    """All of an organisation's inscriptions, for its focal points and the secretariat.

    Raises:
        NotFound, NotSignedIn, Forbidden: there is no such organisation; she is neither.
    """
    people.organisation(conn, organisation_id)
    require(reader.actor, Act.READ_INSCRIPTION, Scopes(organisation=organisation_id))
    return _read(conn, reader, ("organisation", organisation_id), after=after, limit=limit, everything=True)


def pending_inscriptions(conn: Connection, session_id: str, organisations: Iterable[str]) -> list[InscriptionView]:
    """Those of a session that wait for a turn for these organisations, or of their people, in full, for acts."""
    rows = _PENDING.all(conn, session=session_id, organisations=sorted(organisations))
    return [inscription_view(row, place_of(row), full=True) for row in rows]


def inscription_view(row: Row, place: Place, *, full: bool) -> InscriptionView:
    """An inscription's row as it is read, in full or as everybody may."""
    by = row["organisation_id"]
    warned = _warnings(row, place) if full else ()
    return InscriptionView(
        id=row["id"],
        list=row["list_id"],
        slot=None if row["status"] == "withdrawn" else row["slot_id"],
        person=Named(row["person_id"], row["person_name"]),
        organisation=Named(by, row["organisation_name"]) if by else None,
        category=row["category"],
        mode=row["mode"],
        language=row["language"],
        topic=row["topic"] if full else None,
        on_behalf_of=row["on_behalf_of"],
        delivered_by=row["delivered_by"] if full else None,
        seconds_requested=row["seconds_requested"] if full else None,
        status=row["status"],
        created_at=row["created_at"].replace(microsecond=0),
        version=row["version"],
        warnings=tuple(Warned(*each) for each in warned),
        swap=_swap_view(row) if full else None,
    )


def _swap_view(row: Row) -> SwapView | None:
    if row.get("swap_with") is None:
        return None
    return {"with": row["swap_with"], "slot": row["swap_slot"], "proposed_by": "me" if row["swap_proposes"] else "them"}


def _warnings(row: Row, place: Place) -> tuple[tuple[str, str], ...]:
    of_language = warnings_for(row["language"], place.languages)
    if row["list_allocation"] != "queue":
        return of_language
    limits = row["list_seconds_default"], row["list_seconds_by_category"]
    asked = Asked(
        topic=row["topic"],
        seconds=row["seconds_requested"],
        most=most_seconds(row["category"], *limits),
        on_behalf_of=row["on_behalf_of"],
        party=row["organisation_name"],
        groups=row["organisation_groups"] or (),
    )
    return (*of_language, *queue_warnings(asked))


def _read(
    conn: Connection, reader: Reader, of: tuple[str, str], *, after: Key | None, limit: int, everything: bool
) -> list[tuple[InscriptionView, Key]]:
    whose = {} if everything else own_values(reader)
    rows = _page(of[0], after is not None, everything).all(conn, of=of[1], limit=limit, **key_values(after), **whose)
    found = []
    for row in rows:
        place = place_of(row)
        view = inscription_view(row, place, full=_in_full(reader, row, place))
        found.append((view, (row["created_at"], row["id"])))
    return found


def _in_full(reader: Reader, row: Row, place: Place) -> bool:
    return reader.may(Act.READ_INSCRIPTION, place.scopes(row["organisation_id"], row["person_id"]))


def _knows(reader: Reader, row: Row, place: Place) -> bool:
    return _in_full(reader, row, place) or (row["status"] in PUBLIC and place.seen_by(reader))
