"""A person erased with all that she reads by: her private calendar addresses go with her name."""

from sqlalchemy import bindparam, delete, select

from scheduler.journal.entries import Audience, append
from scheduler.people import persons
from scheduler.people.permission import Actor
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx
from scheduler.subscriptions.tables import Feed

_f = table(Feed).c
_HERS = Prepared(select(_f.id).where(_f.person_id == bindparam("person")).order_by(_f.created_at, _f.id))
_REVOKE = Prepared(delete(table(Feed)).where(_f.person_id == bindparam("person")))


def erase_person(tx: Tx, actor: Actor, person: str) -> None:
    """Erases a person as `people.persons.erase` and revokes her feeds. Raises as that."""
    by = persons.erase(tx, actor, person)
    for (feed,) in tx.conn.all(_HERS, person=person):
        append(tx, "feed.revoked", ("feed", feed), by, Audience(person=person))
    tx.conn.run(_REVOKE, person=person)
