"""Reads of accreditation: whose organisation may speak in which session."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, tuple_

from scheduler.accreditation.rules import may_speak
from scheduler.accreditation.tables import Accreditation
from scheduler.errors import NotFound, NotSignedIn
from scheduler.ids import is_id
from scheduler.people.permission import Act
from scheduler.people.reader import Reader
from scheduler.people.tables import Organisation, Person
from scheduler.people.views import Named
from scheduler.programme.records import SessionRecord, known_session
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

_a, _o, _p = table(Accreditation).c, table(Organisation).c, table(Person).c

_STATUS = Prepared(
    select(_a.status).where(_a.session_id == bindparam("session"), _a.organisation_id == bindparam("organisation"))
)
_APPROVED = Prepared(
    select(_a.session_id).where(_a.organisation_id == bindparam("organisation"), _a.status == "approved")
)
_PEOPLE = Prepared(
    select(_p.id, _p.name, _p.organisation_id, _p.timezone, _p.language)
    .select_from(table(Accreditation).join(table(Person), _p.organisation_id == _a.organisation_id))
    .where(_a.session_id == bindparam("session"), _a.status == "approved", _p.erased.is_(False))
    .order_by(_p.id)
)
_VIEWS = select(
    _a.id, _a.session_id, _a.organisation_id, _o.name, _a.status, _a.note, _a.created_at, _a.version
).select_from(table(Accreditation).join(table(Organisation), _o.id == _a.organisation_id))
_ONE = Prepared(_VIEWS.where(_a.id == bindparam("accreditation")))
_MANY = Prepared(_VIEWS.where(_a.session_id == bindparam("session"), among(_a.id, "accreditations")))
_PAGE = _VIEWS.where(_a.session_id == bindparam("session")).order_by(_o.name, _a.id).limit(bindparam("limit"))
_COUNTS = Prepared(select(_a.status, func.count()).where(_a.session_id == bindparam("session")).group_by(_a.status))
_PENDING = Prepared(
    select(_a.session_id, func.count())
    .where(among(_a.session_id, "sessions"), _a.status == "pending")
    .group_by(_a.session_id)
)
_AFTER = tuple_(_o.name, _a.id) > tuple_(bindparam("after_name"), bindparam("after_id"))
_HERS = among(_a.organisation_id, "organisations")
_PAGES = {
    (after, cut): Prepared(_PAGE.where(*([_AFTER] if after else []), *([_HERS] if cut else [])))
    for after in (False, True)
    for cut in (False, True)
}


@dataclass(frozen=True, slots=True)
class AccreditationView:
    """An organisation's accreditation in a session (its code); `note` goes with the request or the decision."""

    id: str
    session: str
    organisation: Named
    status: str
    note: str | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class AccreditedPerson:
    """Somebody who may speak in a session, with the zone and language that she is told in."""

    id: str
    name: str
    organisation: str
    timezone: str
    language: str


def is_approved(conn: Connection, session: str, organisation: str | None) -> bool:
    """Whether people of the organisation may speak in the session (both ids)."""
    if organisation is None:
        return False
    row = conn.first(_STATUS, session=session, organisation=organisation)
    return may_speak(row[0] if row else None)


def approved_sessions(conn: Connection, organisation: str | None) -> frozenset[str]:
    """The ids of all sessions in which people of the organisation may speak."""
    if organisation is None:
        return frozenset()
    return frozenset(row[0] for row in conn.all(_APPROVED, organisation=organisation))


def accredited_people(conn: Connection, session: str) -> list[AccreditedPerson]:
    """Everyone who may speak in the session (its id), by id."""
    return [AccreditedPerson(*row) for row in conn.all(_PEOPLE, session=session)]


def status_counts(conn: Connection, session: str) -> dict[str, int]:
    """How many accreditations of a session (its id) have each status; a status that none has is not there."""
    return {status: int(number) for status, number in conn.all(_COUNTS, session=session)}


def pending_counts(conn: Connection, sessions: Iterable[str]) -> dict[str, int]:
    """How many organisations ask for accreditation, by session (ids); of those where none does nothing is said."""
    return {id_: int(number) for id_, number in conn.all(_PENDING, sessions=list(sessions))}


def accreditations(
    conn: Connection, reader: Reader, session: str, *, after: tuple[str, str] | None = None, limit: int = 50
) -> list[AccreditationView]:
    """A session's accreditations by the organisation's name, after a (name, id).

    Who runs or chairs the session sees all, others those of their own organisations.

    Raises:
        NotFound, NotSignedIn: there is no such session for this reader; she is the public.
    """
    found = known_session(conn, reader, session)
    organisations = _organisations(reader, found)
    rows = conn.all(
        _PAGES[after is not None, organisations is not None],
        session=found.id,
        organisations=None if organisations is None else sorted(organisations),
        after_name=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [_view(row, found) for row in rows]


def known_accreditation(
    conn: Connection, reader: Reader, accreditation: str
) -> tuple[SessionRecord, AccreditationView]:
    """One accreditation and its session. Raises NotFound, also for what this reader may not know of."""
    row = conn.first(_ONE, accreditation=accreditation) if is_id(accreditation) else None
    if row is not None and reader.actor is not None:
        session = known_session(conn, reader, row[1])
        hers = _organisations(reader, session)
        if hers is None or row[2] in hers:
            return session, _view(row, session)
    raise NotFound("There is no such accreditation.")


def accreditations_by_id(
    conn: Connection, session: SessionRecord, accreditations: Iterable[str]
) -> dict[str, AccreditationView]:
    """Those of a session's accreditations that have these ids, for acts, which have asked who may."""
    rows = conn.all(_MANY, session=session.id, accreditations=sorted(set(accreditations)))
    return {row[0]: _view(row, session) for row in rows}


def _organisations(reader: Reader, session: SessionRecord) -> frozenset[str] | None:
    """Whose accreditations she may know of; None: everybody's."""
    if reader.actor is None:
        raise NotSignedIn("Sign in to see who is accredited.")
    if reader.may(Act.READ_DRAFT, session.scopes()):
        return None
    own = reader.actor.organisation
    return reader.actor.focal_organisations() | ({own} if own else frozenset())


def _view(row: tuple[Any, ...], session: SessionRecord) -> AccreditationView:
    id_, _, organisation, name, status, note, created_at, version = row
    return AccreditationView(id_, session.code, Named(organisation, name), status, note, created_at, version)
