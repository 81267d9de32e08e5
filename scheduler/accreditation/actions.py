"""Asking for accreditation and deciding on it: the rows alone; who is affected is said by the secretariat's acts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, update

from scheduler.accreditation.queries import AccreditationView, accreditations_by_id, known_accreditation
from scheduler.accreditation.tables import Accreditation
from scheduler.errors import AlreadyExists, Fault, Meaningless, NotFound
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.people import queries
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.people.views import Named, OrganisationView
from scheduler.programme.records import SessionRecord, known_session
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared, UniqueTaken
from scheduler.storage.versions import check_version
from scheduler.storage.writer import Tx

_DECIDE = Prepared(
    update(table(Accreditation))
    .where(table(Accreditation).c.id == bindparam("of"))
    .values(status=bindparam("status"), note=bindparam("note"), version=bindparam("version"))
)


def ask(
    tx: Tx,
    actor: Actor,
    session: str,
    organisation: str,
    *,
    status: str = "pending",
    note: str | None = None,
) -> AccreditationView:
    """Asks for an organisation's accreditation in a session (its code or id).

    A focal point asks for her own, which is then `pending`; the secretariat gives it any status.

    Raises:
        NotFound, Forbidden: there is no such session for her; she may not.
        Meaningless: there is no such organisation.
        AlreadyExists: it has been asked for already.
    """
    found = known_session(tx.conn, Reader(actor), session)
    scopes = replace(found.scopes(), organisation=organisation)
    role = require(actor, Act.ASK_ACCREDITATION if status == "pending" else Act.RUN_PROGRAMME, scopes)
    named = _organisation(tx.conn, organisation)
    made = AccreditationView(
        new_id(), found.code, Named(named.id, named.name), status, note, tx.now.replace(microsecond=0), 1
    )
    _insert(tx, found, made)
    audience = replace(found.audience(public=False), organisation=organisation)
    append(tx, "accreditation.asked", ("accreditation", made.id), Author(actor.id, role), audience, status=status)
    return made


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that was found allowed and has not been taken: an accreditation as it is and as it would be."""

    session: SessionRecord
    role: str
    before: AccreditationView
    after: AccreditationView


def plan(
    tx: Tx,
    actor: Actor,
    accreditation: str,
    changes: dict[str, Any],
    expected_version: int | None = None,
) -> Decision:
    """Finds out what `changes` (`status`, `note`; None clears it) would make of an accreditation, and changes nothing.

    Raises:
        NotFound, Forbidden: there is none for her; she may not.
        VersionConflict: somebody was first.
    """
    session, before = known_accreditation(tx.conn, Reader(actor), accreditation)
    role = require(actor, Act.RUN_PROGRAMME, session.scopes())
    check_version(expected_version, before.version, lambda: before)
    return Decision(session, role, before, _after(before, changes))


def decide(
    tx: Tx,
    actor: Actor,
    accreditation: str,
    changes: dict[str, Any],
    expected_version: int | None = None,
) -> AccreditationView:
    """Sets what is in `changes`. Turns that are held stay. The session's secretariat may. Raises as `plan`."""
    planned = plan(tx, actor, accreditation, changes, expected_version)
    _take(tx, actor, [planned])
    return planned.after


def plan_many(
    tx: Tx, actor: Actor, session: str, accreditations: Sequence[str], changes: dict[str, Any]
) -> list[Decision]:
    """Finds out what `changes` would make of several of a session's accreditations, and changes nothing.

    Raises:
        NotFound, Forbidden: there is no such session for her; she may not.
        Meaningless: some are none of this session; a fault for each, at its place.
    """
    found = known_session(tx.conn, Reader(actor), session)
    role = require(actor, Act.RUN_PROGRAMME, found.scopes())
    known = accreditations_by_id(tx.conn, found, accreditations)
    faults = tuple(
        Fault(f"accreditations.{number}", "There is no such accreditation in this session.")
        for number, each in enumerate(accreditations)
        if each not in known
    )
    if faults:
        raise Meaningless("Some of these are no accreditations of this session. See `errors`.", faults=faults)
    return [Decision(found, role, known[each], _after(known[each], changes)) for each in dict.fromkeys(accreditations)]


def decide_many(
    tx: Tx, actor: Actor, session: str, accreditations: Sequence[str], changes: dict[str, Any]
) -> list[AccreditationView]:
    """Sets the same in several, all or none. Turns that are held stay. The session's secretariat may.

    Raises as `plan_many`.
    """
    planned = plan_many(tx, actor, session, accreditations, changes)
    _take(tx, actor, planned)
    return [each.after for each in planned]


def _after(before: AccreditationView, changes: dict[str, Any]) -> AccreditationView:
    after = replace(before, **changes)
    return replace(after, version=before.version + 1) if after != before else before


def _take(tx: Tx, actor: Actor, planned: Sequence[Decision]) -> None:
    """Writes and journals the decisions that change something."""
    real = [each for each in planned if each.after != each.before]
    rows = [
        {"of": each.after.id, "status": each.after.status, "note": each.after.note, "version": each.after.version}
        for each in real
    ]
    tx.conn.run_many(_DECIDE, rows)
    for each in real:
        append(
            tx,
            "accreditation.decided",
            ("accreditation", each.after.id),
            Author(actor.id, each.role),
            replace(each.session.audience(public=False), organisation=each.after.organisation.id),
            before=each.before.status,
            after=each.after.status,
        )


def _organisation(conn: Connection, organisation: str) -> OrganisationView:
    try:
        return queries.organisation(conn, organisation)
    except NotFound as missing:
        raise Meaningless("There is no such organisation. Add it first.", field="organisation") from missing


def _insert(tx: Tx, session: SessionRecord, made: AccreditationView) -> None:
    try:
        tx.conn.insert(
            Accreditation,
            id=made.id,
            session_id=session.id,
            organisation_id=made.organisation.id,
            status=made.status,
            note=made.note,
            created_at=made.created_at,
            version=made.version,
        )
    except UniqueTaken as taken:
        raise AlreadyExists("This organisation has asked already. Change that accreditation.") from taken
