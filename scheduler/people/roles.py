"""Roles on scopes: what they mean, replacing them, and the last secretariat that stays."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, or_, select

from scheduler.errors import Fault, Meaningless, NotAllowedNow
from scheduler.ids import is_id, new_id
from scheduler.people.permission import Grant
from scheduler.people.rules import scope_fault
from scheduler.people.tables import Code, Organisation, Person, RoleGrant
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

_g, _c, _o, _p = table(RoleGrant).c, table(Code).c, table(Organisation).c, table(Person).c

_OF_PERSON = Prepared(
    select(_g.role, _g.scope_type, _g.scope_id).where(_g.person_id == bindparam("person")).order_by(_g.position)
)
_PLACE = Prepared(
    select(_c.of_id).where(
        _c.of_type == bindparam("type"), or_(_c.id == bindparam("reference"), _c.of_id == bindparam("reference"))
    )
)
_CODE = Prepared(select(_c.of_type, _c.of_id).where(or_(_c.id == bindparam("text"), _c.of_id == bindparam("text"))))
_ORGANISATION = Prepared(select(_o.id).where(_o.id == bindparam("reference")))
_DROP = Prepared(delete(table(RoleGrant)).where(_g.person_id == bindparam("person")))
_OTHER_SECRETARIATS = Prepared(
    select(func.count())
    .select_from(table(RoleGrant).join(table(Person), _p.id == _g.person_id))
    .where(_g.role == "secretariat", _g.scope_type.is_(None), _g.person_id != bindparam("person"), _p.erased.is_(False))
)
_SECRETARIAT = Grant("secretariat")


def secretariats(conn: Connection, *, beside: str = "") -> int:
    """How many people are the secretariat of the whole service, one of them (an id) left out."""
    return int(conn.all(_OTHER_SECRETARIATS, person=beside)[0][0])


def of_person(conn: Connection, person: str) -> tuple[Grant, ...]:
    """Her roles as they are granted, in their order."""
    return tuple(Grant(*row) for row in conn.all(_OF_PERSON, person=person))


def meant(conn: Connection, wishes: Sequence[Grant]) -> tuple[Grant, ...]:
    """Roles with the ids of their scopes, each once. A wish may name a body or a session by its code.

    Raises:
        Meaningless: for each that cannot be granted a fault at `roles.N.role` or `roles.N.scope`.
    """
    found: dict[Grant, None] = {}
    faults = []
    for number, wish in enumerate(wishes):
        fault = scope_fault(wish.role, wish.scope_type)
        if fault is not None:
            faults.append(Fault(f"roles.{number}.scope", fault))
            continue
        scope_id = _scope_id(conn, wish)
        if wish.scope_type is not None and scope_id is None:
            faults.append(Fault(f"roles.{number}.scope.id", "There is no such body, session or organisation."))
            continue
        found[Grant(wish.role, wish.scope_type, scope_id)] = None
    if faults:
        raise Meaningless("Some of the roles cannot be granted. See `errors`.", faults=tuple(faults))
    return tuple(found)


def written(conn: Connection, text: str) -> Grant:
    """The role of `ROLE` or `ROLE:SCOPE`, the scope a body's or session's code or an organisation's id.

    Raises:
        Meaningless: there is no such scope.
    """
    role, colon, scope = text.partition(":")
    if not colon:
        return Grant(role)
    place = conn.first(_CODE, text=scope)
    if place is not None:
        return Grant(role, place[0], place[1])
    if is_id(scope) and conn.first(_ORGANISATION, reference=scope):
        return Grant(role, "organisation", scope)
    raise Meaningless(
        "A role's scope is the code of a body or session or the id of an organisation that exists.", field="role"
    )


def replace(tx: Tx, person: str, before: Sequence[Grant], grants: Sequence[Grant]) -> None:
    """Takes the roles `before` from her and grants `grants`.

    Raises:
        NotAllowedNow: that would leave the service without a secretariat.
    """
    if _SECRETARIAT in before and _SECRETARIAT not in grants:
        _keep_a_secretariat(tx.conn, person)
    tx.conn.run(_DROP, person=person)
    rows = [
        {
            "id": new_id(),
            "person_id": person,
            "position": position,
            "role": grant.role,
            "scope_type": grant.scope_type,
            "scope_id": grant.scope_id,
        }
        for position, grant in enumerate(grants)
    ]
    tx.conn.insert_many(RoleGrant, rows)


def _keep_a_secretariat(conn: Connection, person: str) -> None:
    if secretariats(conn, beside=person) == 0:
        raise NotAllowedNow("She is the last secretariat of the whole service. Grant the role to somebody else first.")


def _scope_id(conn: Connection, wish: Grant) -> str | None:
    if wish.scope_type is None:
        return None
    if wish.scope_type == "organisation":
        row = conn.first(_ORGANISATION, reference=wish.scope_id)
    else:
        row = conn.first(_PLACE, type=wish.scope_type, reference=wish.scope_id)
    return str(row[0]) if row else None
