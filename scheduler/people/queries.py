"""Reads of people. E-mail addresses leave this room only for the secretariat and for herself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, tuple_

from scheduler.errors import NotFound, NotSignedIn
from scheduler.ids import is_id
from scheduler.people.permission import Act, Actor, Grant, Scopes, require
from scheduler.people.tables import Code, Organisation, Person, RoleGrant, SignIn
from scheduler.people.views import (
    MeView,
    Named,
    OrganisationView,
    PersonView,
    QuietHours,
    RoleView,
    ScopeView,
    SignInView,
)
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

GONE = "This sign-in belongs to nobody any more. Sign in again."

_p, _g, _s = table(Person).c, table(RoleGrant).c, table(SignIn).c
_o, _c = table(Organisation).c, table(Code).c

_ACTORS = select(
    _p.id, _p.name, _p.organisation_id, _p.timezone, _p.language, _g.role, _g.scope_type, _g.scope_id
).select_from(table(Person).outerjoin(table(RoleGrant), _g.person_id == _p.id))
_ACTOR = Prepared(_ACTORS.where(_p.id == bindparam("person"), _p.erased.is_(False)).order_by(_g.position))
_ACTORS_OF_MANY = Prepared(_ACTORS.where(among(_p.id, "people"), _p.erased.is_(False)).order_by(_p.id, _g.position))
_SIGNED_IN = Prepared(
    select(_s.id, _s.person_id, _s.kind, _s.expires_at).where(
        _s.secret_hash == bindparam("secret_hash"),
        or_(_s.expires_at.is_(None), _s.expires_at > bindparam("now", type_=Instant())),
    )
)
_BY_ADDRESS = Prepared(select(_p.id).where(_p.email_key == bindparam("email_key")))
_WITH_ORGANISATION = table(Person).outerjoin(table(Organisation), _o.id == _p.organisation_id)
_PEOPLE = select(
    _p.id, _p.email, _p.name, _p.timezone, _p.language, _p.organisation_id, _o.name.label("organisation_name"),
    _p.erased, _p.created_at, _p.version,
).select_from(_WITH_ORGANISATION)  # fmt: skip
_PERSON = Prepared(_PEOPLE.where(_p.id == bindparam("person")))
_ME = Prepared(
    select(
        _p.id, _p.email, _p.name, _p.timezone, _p.language, _p.organisation_id, _o.name.label("organisation_name"),
        _p.version, _p.channels, _p.lead_minutes, _p.quiet_start, _p.quiet_end, _p.quiet_own_turn, _p.turn_rules,
        _p.list_rules, _p.feed_moves_minutes, _p.slots_by,
    ).select_from(_WITH_ORGANISATION).where(_p.id == bindparam("person"))
)  # fmt: skip
_OF_ORGANISATION = Prepared(
    select(_p.id, _p.name)
    .where(_p.organisation_id == bindparam("organisation"), _p.erased.is_(False))
    .order_by(_p.name, _p.id)
)
_ROLES = (
    select(_g.person_id, _g.role, _g.scope_type, _g.scope_id, _c.id.label("code"))
    .select_from(table(RoleGrant).outerjoin(table(Code), _c.of_id == _g.scope_id))
    .order_by(_g.person_id, _g.position)
)
_ROLES_OF_MANY = Prepared(_ROLES.where(among(_g.person_id, "people")))
_ROLES_OF_ONE = Prepared(_ROLES.where(_g.person_id == bindparam("person")))
_ORGANISATIONS = select(_o.id, _o.name, _o.category, _o.country, _o.region, _o.groups, _o.version)
_ORGANISATION = Prepared(_ORGANISATIONS.where(_o.id == bindparam("organisation")))
_SIGN_INS = (
    select(_s.id, _s.kind, _s.created_at, _s.last_seen_at)
    .where(
        _s.person_id == bindparam("person"),
        _s.kind != "link",
        or_(_s.expires_at.is_(None), _s.expires_at > bindparam("now", type_=Instant())),
    )
    .order_by(_s.created_at, _s.id)
    .limit(bindparam("limit"))
)
_FIRST_SIGN_INS = Prepared(_SIGN_INS)
_MORE_SIGN_INS = Prepared(
    _SIGN_INS.where(
        tuple_(_s.created_at, _s.id) > tuple_(bindparam("after_at", type_=Instant()), bindparam("after_id"))
    )
)


def actor(conn: Connection, person: str) -> Actor:
    """The person as one who acts, with her roles as they are now. Raises NotSignedIn where she is gone or erased."""
    rows = conn.all(_ACTOR, person=person)
    if not rows:
        raise NotSignedIn(GONE)
    return _actor(rows)


def actors(conn: Connection, people_ids: Iterable[str]) -> dict[str, Actor]:
    """The same for many, by id; who is gone or erased is not among them."""
    rows = conn.all(_ACTORS_OF_MANY, people=sorted(set(people_ids)))
    return {id_: _actor(list(of_one)) for id_, of_one in groupby(rows, key=itemgetter(0))}


def sign_in(conn: Connection, secret_hash: str, now: datetime) -> tuple[str, str, str, datetime | None] | None:
    """(sign-in, person, kind: token, browser or link, until when) behind a secret's hash; None where none holds."""
    row = conn.first(_SIGNED_IN, secret_hash=secret_hash, now=now)
    return (row[0], row[1], row[2], row[3]) if row else None


def sign_ins(
    conn: Connection, person: str, now: datetime, *, after: tuple[datetime, str] | None = None, limit: int = 50
) -> list[SignInView]:
    """Her sign-ins that are valid at `now`, oldest first, after a (created_at, id)."""
    statement = _FIRST_SIGN_INS if after is None else _MORE_SIGN_INS
    at, id_ = after or (None, None)
    rows = conn.all(statement, person=person, now=now, after_at=at, after_id=id_, limit=limit)
    return [SignInView(*row) for row in rows]


def by_address(conn: Connection, email: str) -> str | None:
    """The id of the person with this e-mail address, in whatever case; None for nobody."""
    row = conn.first(_BY_ADDRESS, email_key=email.casefold())
    return str(row[0]) if row else None


def person(conn: Connection, actor_: Actor | None, person_id: str) -> PersonView:
    """One person, for the secretariat. Raises NotFound, NotSignedIn or Forbidden."""
    found = person_view(conn, person_id)
    require(actor_, Act.RUN_SERVICE, Scopes())
    return found


def person_view(conn: Connection, person_id: str) -> PersonView:
    """The same for an act that has asked permission itself. Raises NotFound."""
    row = conn.first(_PERSON, person=person_id) if is_id(person_id) else None
    if row is None:
        raise NotFound("There is no such person.")
    return _person(row, tuple(_role(each) for each in conn.all(_ROLES_OF_ONE, person=person_id)))


def people(
    conn: Connection,
    actor_: Actor | None,
    *,
    q: str | None = None,
    organisation: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> list[PersonView]:
    """People by name for the secretariat: of an organisation, with `q` in name or address, after a (name, id).

    Raises NotSignedIn or Forbidden.
    """
    require(actor_, Act.RUN_SERVICE, Scopes())
    where: list[ColumnElement[bool]] = []
    if q:
        where.append(or_(_p.name.icontains(q, autoescape=True), _p.email_key.icontains(q, autoescape=True)))
    if organisation is not None:
        where.append(_p.organisation_id == organisation)
    if after is not None:
        where.append(tuple_(_p.name, _p.id) > after)
    rows = conn.all(_PEOPLE.where(*where).order_by(_p.name, _p.id).limit(limit))
    roles = _roles(conn, [row[0] for row in rows])
    return [_person(row, roles[row[0]]) for row in rows]


def people_of(conn: Connection, actor_: Actor | None, organisation_id: str) -> list[Named]:
    """An organisation's people by name, without addresses, for its focal points and the secretariat.

    Raises:
        NotSignedIn, Forbidden: she is neither.
    """
    require(actor_, Act.READ_INSCRIPTION, Scopes(organisation=organisation_id))
    return [Named(*row) for row in conn.all(_OF_ORGANISATION, organisation=organisation_id)]


def me(conn: Connection, person_id: str) -> MeView:
    """A person as she sees herself. Raises NotFound."""
    row = conn.first(_ME, person=person_id)
    if row is None:
        raise NotFound("There is no such person.")
    quiet_start, quiet_end = row[10:12]
    return MeView(
        id=row[0],
        name=row[2],
        email=row[1],
        organisation=_named(row[5], row[6]),
        roles=tuple(_role(each) for each in conn.all(_ROLES_OF_ONE, person=person_id)),
        timezone=row[3],
        language=row[4],
        channels=tuple(row[8]),
        lead_minutes=tuple(row[9]),
        quiet_hours=QuietHours(quiet_start, quiet_end) if quiet_start is not None else None,
        quiet_own_turn=bool(row[12]),
        turn_rules=tuple(row[13]),
        list_rules=tuple(row[14]),
        feed_moves_minutes=row[15],
        slots_by=row[16],
        version=row[7],
    )


def organisation(conn: Connection, organisation_id: str) -> OrganisationView:
    """One organisation, for everybody. Raises NotFound."""
    row = conn.first(_ORGANISATION, organisation=organisation_id) if is_id(organisation_id) else None
    if row is None:
        raise NotFound("There is no such organisation.")
    return _organisation(row)


def organisations(
    conn: Connection,
    *,
    q: str | None = None,
    category: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> list[OrganisationView]:
    """Organisations by name, for everybody: of a category, with `q` in the name, after a (name, id)."""
    where: list[ColumnElement[bool]] = []
    if q:
        where.append(_o.name.icontains(q, autoescape=True))
    if category is not None:
        where.append(_o.category == category)
    if after is not None:
        where.append(tuple_(_o.name, _o.id) > after)
    return [_organisation(row) for row in conn.all(_ORGANISATIONS.where(*where).order_by(_o.name, _o.id).limit(limit))]


def _actor(rows: Sequence[tuple[Any, ...]]) -> Actor:
    id_, name, organisation_id, timezone, language = rows[0][:5]
    grants = tuple(Grant(*row[5:]) for row in rows if row[5] is not None)
    return Actor(id_, name, organisation_id, timezone, language, grants)


def _roles(conn: Connection, people_ids: Iterable[str]) -> dict[str, tuple[RoleView, ...]]:
    found: dict[str, tuple[RoleView, ...]] = defaultdict(tuple)
    for row in conn.all(_ROLES_OF_MANY, people=list(people_ids)):
        found[row[0]] += (_role(row),)
    return found


def _role(row: tuple[Any, ...]) -> RoleView:
    _, role, scope_type, scope_id, code = row
    return RoleView(role, ScopeView(scope_type, code or scope_id) if scope_type else None)


def _person(row: tuple[Any, ...], roles: tuple[RoleView, ...]) -> PersonView:
    id_, email, name, timezone, language, organisation_id, organisation_name, erased, created_at, version = row
    organisation_ = _named(organisation_id, organisation_name)
    return PersonView(id_, email, name, timezone, language, organisation_, roles, bool(erased), created_at, version)


def _organisation(row: tuple[Any, ...]) -> OrganisationView:
    id_, name, category, country, region, groups, version = row
    return OrganisationView(id_, name, category, country, region, tuple(groups), version)


def _named(id_: str | None, name: str) -> Named | None:
    return Named(id_, name) if id_ is not None else None
