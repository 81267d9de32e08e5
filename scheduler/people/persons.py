"""Persons: added, changed and erased by the secretariat; how each wants to be told, by herself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.clock.zones import zone
from scheduler.errors import AlreadyExists, Meaningless, NotAllowedNow, NotFound
from scheduler.ids import is_id, new_id
from scheduler.journal.entries import Audience, Author, append
from scheduler.journal.idempotency import forget_answers_about
from scheduler.people import queries, roles, tokens
from scheduler.people.permission import Act, Actor, Grant, Scopes, require
from scheduler.people.rules import ERASED, LEAD_MINUTES, LIST_RULES, TURN_RULES, address_key, tidy_lead_minutes
from scheduler.people.tables import Organisation, Person
from scheduler.people.views import MeView, PersonView, QuietHours
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared, UniqueTaken
from scheduler.storage.versions import check_version, differing, shown_after
from scheduler.storage.writer import Tx

_ROW = Prepared(select(table(Person)).where(table(Person).c.id == bindparam("person")))
_COLUMNS = tuple(table(Person).c.keys())
_ORGANISATION = Prepared(select(table(Organisation).c.id).where(table(Organisation).c.id == bindparam("organisation")))
_TAKEN = "Somebody has this e-mail address already. Look her up and change that entry."
_PREFERENCES: dict[str, Any] = {
    "channels": ["mail"],
    "lead_minutes": list(LEAD_MINUTES),
    "quiet_start": None,
    "quiet_end": None,
    "quiet_own_turn": False,
    "turn_rules": list(TURN_RULES),
    "list_rules": list(LIST_RULES),
    "feed_moves_minutes": 15,
    "slots_by": "invitation",
    "erased": False,
}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is said of a person when she is added. `organisation` is an id; a role's scope may be named by its code."""

    email: str
    name: str
    timezone: str = "UTC"
    language: str = "en"
    organisation: str | None = None
    roles: tuple[Grant, ...] = ()


def add(tx: Tx, actor: Actor, new: NewPerson) -> PersonView:
    """Adds a person with her roles. The secretariat may; the operator at the command line acts as such.

    Raises:
        Forbidden, Meaningless, UnknownTimezone: she may not; something in `new` cannot be meant.
        AlreadyExists: somebody has this address.
    """
    by = Author(actor.id, require(actor, Act.RUN_SERVICE, Scopes()))
    values = _columns(
        tx.conn,
        {
            "email": new.email,
            "name": new.name,
            "timezone": new.timezone,
            "language": new.language,
            "organisation": new.organisation,
        },
    )
    grants = roles.meant(tx.conn, new.roles)
    id_, at = new_id(), tx.now.replace(microsecond=0)
    try:
        tx.conn.insert(Person, id=id_, **_PREFERENCES, **values, created_at=at, shown_at=at, version=1)
    except UniqueTaken as taken:
        raise AlreadyExists(_TAKEN) from taken
    audience = Audience(person=id_, organisation=new.organisation)
    append(tx, "person.added", ("person", id_), by, audience)
    if grants:
        roles.replace(tx, id_, (), grants)
        append(tx, "role.changed", ("person", id_), by, audience)
    return queries.person_view(tx.conn, id_)


def change(
    tx: Tx,
    actor: Actor,
    person: str,
    changes: dict[str, Any],
    expected_version: int | None = None,
) -> PersonView:
    """Changes what is in `changes`: fields of NewPerson; `roles` (Grants) replaces them. The secretariat may.

    Raises:
        NotFound, Forbidden, Meaningless, UnknownTimezone: there is none; she may not; it cannot be meant.
        VersionConflict, AlreadyExists: somebody was first; another has this address.
        NotAllowedNow: she is erased, or the last secretariat.
    """
    stored = _stored(tx.conn, person)
    by = Author(actor.id, require(actor, Act.RUN_SERVICE, Scopes(person=person)))
    values = _columns(tx.conn, {name: value for name, value in changes.items() if name != "roles"})
    before = roles.of_person(tx.conn, person)
    grants = roles.meant(tx.conn, changes["roles"] or ()) if "roles" in changes else before
    if stored["erased"]:
        raise NotAllowedNow("She is erased; nothing about her can be changed any more. Add a person anew.")
    check_version(expected_version, stored["version"], lambda: queries.person_view(tx.conn, person))
    _apply(tx, stored, values, (before, grants), by)
    return queries.person_view(tx.conn, person)


def change_own(tx: Tx, actor: Actor, changes: dict[str, Any], expected_version: int | None = None) -> MeView:
    """Changes her own name, zone and language, and how she is told (fields of MeView; `quiet_hours` a QuietHours).

    Raises:
        Meaningless, UnknownTimezone: something cannot be meant.
        VersionConflict: somebody was first.
    """
    person = str(actor.id)
    stored = _stored(tx.conn, person)
    values = _columns(tx.conn, changes)
    check_version(expected_version, stored["version"], lambda: queries.me(tx.conn, person))
    _apply(tx, stored, values, None, Author(person, "participant"))
    return queries.me(tx.conn, person)


def erase(tx: Tx, actor: Actor, person: str) -> Author:
    """Erases a person's name and address for good; the record stays, named "erased". The secretariat may.

    Her sign-ins end and her roles go. Erasing her again changes nothing. Returns who did it, as journaled.

    Raises:
        NotFound, Forbidden: there is none; she may not.
        NotAllowedNow: she is the last secretariat.
    """
    stored = _stored(tx.conn, person)
    by = Author(actor.id, require(actor, Act.RUN_SERVICE, Scopes(person=person)))
    if stored["erased"]:
        return by
    roles.replace(tx, person, roles.of_person(tx.conn, person), ())
    tokens.end_all(tx, person, by)
    forget_answers_about(tx, person)
    gone = {"email": None, "email_key": None, "name": ERASED, "erased": True}
    shown_at = shown_after(tx.now, stored["shown_at"])
    tx.conn.update(Person, person, **gone, shown_at=shown_at, version=stored["version"] + 1)
    append(tx, "person.erased", ("person", person), by, _audience(stored))
    return by


def _stored(conn: Connection, person: str) -> dict[str, Any]:
    row = conn.first(_ROW, person=person) if is_id(person) else None
    if row is None:
        raise NotFound("There is no such person.")
    return dict(zip(_COLUMNS, row, strict=True))


def _columns(conn: Connection, fields: dict[str, Any]) -> dict[str, Any]:
    """The columns behind fields of a person, each checked for its meaning."""
    columns = dict(fields)
    if "email" in columns:
        columns["email_key"] = address_key(columns["email"])
    if "timezone" in columns:
        zone(columns["timezone"])
    if "organisation" in columns:
        columns["organisation_id"] = _known_organisation(conn, columns.pop("organisation"))
    if "lead_minutes" in columns:
        columns["lead_minutes"] = tidy_lead_minutes(columns["lead_minutes"])
    if "channels" in columns:
        columns["channels"] = list(dict.fromkeys(columns["channels"]))
    if "turn_rules" in columns:
        columns["turn_rules"] = [rule for rule in TURN_RULES if rule in columns["turn_rules"]]
    if "list_rules" in columns:
        columns["list_rules"] = [rule for rule in LIST_RULES if rule in columns["list_rules"]]
    if "quiet_hours" in columns:
        quiet: QuietHours | None = columns.pop("quiet_hours")
        columns |= {"quiet_start": quiet and quiet.start, "quiet_end": quiet and quiet.end}
    return columns


def _known_organisation(conn: Connection, organisation: str | None) -> str | None:
    if organisation is not None and conn.first(_ORGANISATION, organisation=organisation) is None:
        raise Meaningless("There is no such organisation. Add it first.", field="organisation")
    return organisation


def _apply(
    tx: Tx,
    stored: dict[str, Any],
    values: dict[str, Any],
    granted: tuple[Sequence[Grant], Sequence[Grant]] | None,
    by: Author,
) -> None:
    """Writes what differs, under one new version; nothing differs, nothing is written. `granted`: before, after."""
    values = differing(stored, values)
    regranted = granted is not None and granted[0] != granted[1]
    if not values and not regranted:
        return
    fields = sorted(values)
    if "name" in values:
        values["shown_at"] = shown_after(tx.now, stored["shown_at"])
    try:
        tx.conn.update(Person, stored["id"], **values, version=stored["version"] + 1)
    except UniqueTaken as taken:
        raise AlreadyExists(_TAKEN) from taken
    audience = _audience(stored | values)
    if fields:
        append(tx, "person.changed", ("person", stored["id"]), by, audience, fields=fields)
    if granted is not None and regranted:
        roles.replace(tx, stored["id"], *granted)
        append(tx, "role.changed", ("person", stored["id"]), by, audience)


def _audience(stored: dict[str, Any]) -> Audience:
    return Audience(person=stored["id"], organisation=stored["organisation_id"])
