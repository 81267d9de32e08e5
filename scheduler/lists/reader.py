"""Who reads, complete: the rooms below know her roles, this one where she is accredited and where she speaks."""

from sqlalchemy import bindparam, literal, select, union_all

from scheduler.accreditation.tables import Accreditation
from scheduler.lists.queries import GIVEN, inscription
from scheduler.people.permission import Actor
from scheduler.people.reader import PUBLIC, Reader
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared

accreditation = table(Accreditation)

_WHERE = Prepared(
    union_all(
        select(literal("accredited"), accreditation.c.session_id).where(
            accreditation.c.organisation_id == bindparam("organisation"), accreditation.c.status == "approved"
        ),
        select(literal("speaking"), inscription.c.meeting_id).where(
            inscription.c.person_id == bindparam("person"),
            GIVEN,
            inscription.c.slot_id.is_not(None),
        ),
    )
)


def reader_of(conn: Connection, actor: Actor | None) -> Reader:
    """The reader that queries cut their views by; for one who is signed in, one read of where she may follow links."""
    if actor is None:
        return PUBLIC
    if actor.id is None or actor.holds("secretariat", frozenset()):
        return Reader(actor)
    rows = conn.all(_WHERE, organisation=actor.organisation, person=actor.id)
    found: dict[str, set[str]] = {"accredited": set(), "speaking": set()}
    for kind, id_ in rows:
        found[kind].add(id_)
    return Reader(actor, frozenset(found["accredited"]), frozenset(found["speaking"]))
