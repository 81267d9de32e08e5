"""Who is told: people who may speak in a session, each with how she wants it. Nobody without mail is among them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select

from scheduler.accreditation.tables import Accreditation
from scheduler.notices.reminders import Wishes
from scheduler.people.tables import Person, RoleGrant
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who gets mail.

    `list_rules` are those of list-opens and list-closes that she wants, `turn_rules` those of turn-near, -next, -moved.
    """

    person: str
    wishes: Wishes
    list_rules: tuple[str, ...]
    turn_rules: tuple[str, ...]


_a, _p, _g = table(Accreditation).c, table(Person).c, table(RoleGrant).c
_WISHES = (
    _p.id, _p.channels, _p.timezone, _p.lead_minutes, _p.quiet_start, _p.quiet_end, _p.quiet_own_turn, _p.list_rules,
    _p.turn_rules,
)  # fmt: skip
_PEOPLE = Prepared(select(*_WISHES).where(among(_p.id, "people"), _p.erased.is_(False)))
_SESSIONS_OF = Prepared(
    select(_a.session_id)
    .select_from(table(Accreditation).join(table(Person), _p.organisation_id == _a.organisation_id))
    .where(_p.id == bindparam("person"), _a.status == "approved", _p.erased.is_(False))
)
_RUNNERS = Prepared(
    select(_g.person_id).where(
        or_(_g.role == "chair", _g.role == "secretariat"), or_(_g.scope_type.is_(None), among(_g.scope_id, "places"))
    )
)
_NARROWER: dict[str, ColumnElement[bool]] = {
    "organisation": _a.organisation_id == bindparam("organisation"),
    "person": _p.id == bindparam("person"),
}


@lru_cache(maxsize=4)
def _accredited(names: frozenset[str]) -> Prepared:
    return Prepared(
        select(_a.session_id, *_WISHES)
        .select_from(table(Accreditation).join(table(Person), _p.organisation_id == _a.organisation_id))
        .where(among(_a.session_id, "sessions"), _a.status == "approved", _p.erased.is_(False))
        .where(*(_NARROWER[name] for name in sorted(names)))
    )


def hearers(conn: Connection, people: Collection[str]) -> dict[str, Hearer]:
    """Those of these people who get mail."""
    rows = conn.all(_PEOPLE, people=list(people)) if people else []
    return {row[0]: _hearer(row) for row in rows if _by_mail(row)}


def accredited(conn: Connection, sessions: Collection[str], **narrower: str) -> dict[str, dict[str, Hearer]]:
    """By session (id) who may speak there and gets mail; of one `organisation` or `person` alone where one is named."""
    found: dict[str, dict[str, Hearer]] = defaultdict(dict)
    for session, *row in conn.all(_accredited(frozenset(narrower)), sessions=list(sessions), **narrower):
        if _by_mail(row):
            found[session][row[0]] = _hearer(row)
    return found


def runners(conn: Connection, session: str, body: str) -> list[str]:
    """Those who run a session (its id) of a body: its chairs and secretariat who get mail."""
    found = {row[0] for row in conn.all(_RUNNERS, places=[session, body])}
    return sorted(hearers(conn, found))


def sessions_of(conn: Connection, person: str) -> list[str]:
    """The sessions in which she may speak."""
    return [row[0] for row in conn.all(_SESSIONS_OF, person=person)]


def _by_mail(row: Collection[Any]) -> bool:
    return "mail" in tuple(row)[1]


def _hearer(row: Collection[Any]) -> Hearer:
    id_, _, timezone, lead_minutes, quiet_start, quiet_end, own_turn, list_rules, turn_rules = row
    quiet = (quiet_start, quiet_end) if quiet_start is not None and quiet_end is not None else None
    return Hearer(
        id_, Wishes(timezone, tuple(lead_minutes), quiet, bool(own_turn)), tuple(list_rules), tuple(turn_rules)
    )
