"""Reads of people. E-mail addresses leave this room only for the secretariat and for herself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select

from scheduler.errors import NotSignedIn
from scheduler.people.permission import Actor, Grant
from scheduler.people.tables import Person, RoleGrant, SignIn
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared

_p, _g, _s = table(Person).c, table(RoleGrant).c, table(SignIn).c

_ACTOR = Prepared(
    select(_p.id, _p.name, _p.organisation_id, _p.timezone, _p.language, _g.role, _g.scope_type, _g.scope_id)
    .select_from(table(Person).outerjoin(table(RoleGrant), _g.person_id == _p.id))
    .where(_p.id == bindparam("person"), _p.erased.is_(False))
    .order_by(_g.id)
)
_SIGNED_IN = Prepared(
    select(_s.id, _s.person_id, _s.kind).where(
        _s.secret_hash == bindparam("secret_hash"),
        or_(_s.expires_at.is_(None), _s.expires_at > bindparam("now", type_=Instant())),
    )
)


def actor(conn: Connection, person: str) -> Actor:
    """The person as one who acts, with her roles as they are now. Raises NotSignedIn where she is gone or erased."""
    rows = conn.all(_ACTOR, person=person)
    if not rows:
        raise NotSignedIn("This sign-in belongs to nobody any more. Sign in again.")
    grants = tuple(Grant(*row[5:]) for row in rows if row[5] is not None)
    return Actor(*rows[0][:5], grants)


def sign_in(conn: Connection, secret_hash: str, now: datetime) -> tuple[str, str, str] | None:
    """(id of the sign-in, person, kind: token or browser) behind a secret's hash, None for an unknown or expired one."""
    row = conn.first(_SIGNED_IN, secret_hash=secret_hash, now=now)
    return (row[0], row[1], row[2]) if row else None
