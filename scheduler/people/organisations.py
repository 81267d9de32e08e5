"""Organisations: who speaks in their name is settled elsewhere; here they are added and changed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.errors import AlreadyExists, NotFound
from scheduler.ids import is_id, new_id
from scheduler.journal.entries import Audience, Author, append
from scheduler.people import queries
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.rules import check_country
from scheduler.people.tables import Organisation
from scheduler.people.views import OrganisationView
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared, UniqueTaken
from scheduler.storage.versions import check_version, differing, shown_after
from scheduler.storage.writer import Tx

_ROW = Prepared(select(table(Organisation)).where(table(Organisation).c.id == bindparam("organisation")))
_COLUMNS = tuple(table(Organisation).c.keys())
_TAKEN = "There is an organisation of this name already. Use that one, or give a name that tells them apart."


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What is said of an organisation when it is added; `country` is ISO 3166 alpha-2."""

    name: str
    category: str
    country: str | None = None
    region: str | None = None
    groups: tuple[str, ...] = ()


def add(tx: Tx, actor: Actor, new: NewOrganisation) -> OrganisationView:
    """Adds an organisation. The secretariat may.

    Raises:
        Forbidden, Meaningless: she may not; there is no such country.
        AlreadyExists: there is one of this name.
    """
    role = require(actor, Act.RUN_SERVICE, Scopes())
    check_country(new.country)
    id_ = new_id()
    at = tx.now.replace(microsecond=0)
    groups = list(dict.fromkeys(new.groups))
    try:
        tx.conn.insert(
            Organisation,
            id=id_,
            name=new.name,
            category=new.category,
            country=new.country,
            region=new.region,
            groups=groups,
            created_at=at,
            shown_at=at,
            version=1,
        )
    except UniqueTaken as taken:
        raise AlreadyExists(_TAKEN) from taken
    _journal(tx, "organisation.added", id_, Author(actor.id, role))
    return queries.organisation(tx.conn, id_)


def change(
    tx: Tx,
    actor: Actor,
    organisation: str,
    changes: dict[str, Any],
    expected_version: int | None = None,
) -> OrganisationView:
    """Changes what is in `changes` (fields of NewOrganisation; None clears). The secretariat may.

    Raises:
        NotFound, Forbidden, Meaningless: there is none; she may not; there is no such country.
        VersionConflict, AlreadyExists: somebody was first; another has this name.
    """
    row = tx.conn.first(_ROW, organisation=organisation) if is_id(organisation) else None
    if row is None:
        raise NotFound("There is no such organisation.")
    role = require(actor, Act.RUN_SERVICE, Scopes(organisation=organisation))
    stored = dict(zip(_COLUMNS, row, strict=True))
    check_country(changes.get("country"))
    if "groups" in changes:
        changes = changes | {"groups": list(dict.fromkeys(changes["groups"] or ()))}
    check_version(expected_version, stored["version"], lambda: queries.organisation(tx.conn, organisation))
    values = differing(stored, changes)
    if values:
        _set(tx, stored, values)
        _journal(tx, "organisation.changed", organisation, Author(actor.id, role), fields=sorted(values))
    return queries.organisation(tx.conn, organisation)


def _set(tx: Tx, stored: dict[str, Any], values: dict[str, Any]) -> None:
    if "name" in values:
        values["shown_at"] = shown_after(tx.now, stored["shown_at"])
    try:
        tx.conn.update(Organisation, stored["id"], **values, version=stored["version"] + 1)
    except UniqueTaken as taken:
        raise AlreadyExists(_TAKEN) from taken


def _journal(tx: Tx, kind: str, organisation: str, by: Author, **data: Any) -> None:
    append(tx, kind, ("organisation", organisation), by, Audience(public=True, organisation=organisation), **data)
