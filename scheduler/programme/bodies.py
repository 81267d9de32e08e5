"""Bodies: the whole service's secretariat creates them, each one's own changes it."""

from dataclasses import dataclass, replace
from typing import Any

from scheduler.ids import new_id
from scheduler.journal.entries import Audience, Author, append
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.programme.codes import exchange, take
from scheduler.programme.queries import body_view
from scheduler.programme.records import BodyRecord, altered, known_body, values
from scheduler.programme.tables import Body
from scheduler.programme.views import BodyView
from scheduler.storage.versions import check_version, shown_after
from scheduler.storage.writer import Tx


@dataclass(frozen=True, slots=True)
class NewBody:
    """What is said of a body when it is created."""

    code: str
    name: str
    description: str | None = None


def add(tx: Tx, actor: Actor, new: NewBody) -> BodyView:
    """Creates a body. The whole service's secretariat may.

    Raises:
        Forbidden, Meaningless: she may not; the code is no slug.
        AlreadyExists: another body or session has the code.
    """
    role = require(actor, Act.RUN_SERVICE, Scopes())
    shown_at = tx.now.replace(microsecond=0)
    record = BodyRecord(new_id(), new.code, new.name, new.description, tx.now, shown_at, 1)
    take(tx.conn, new.code, "body", record.id)
    tx.conn.insert(Body, **values(record))
    _journal(tx, "body.created", record, Author(actor.id, role))
    return body_view(record)


def change(
    tx: Tx, actor: Actor, reference: str, changes: dict[str, Any], *, expected_version: int | None = None
) -> BodyView:
    """Changes what is in `changes` (fields of NewBody; None clears). The body's secretariat may.

    Raises:
        NotFound, Forbidden, Meaningless: there is none; she may not; the code is no slug.
        VersionConflict, AlreadyExists: somebody was first; another has the code.
    """
    before = known_body(tx.conn, reference)
    role = require(actor, Act.RUN_PROGRAMME, Scopes(body=before.id))
    check_version(expected_version, before.version, lambda: body_view(before))
    after = replace(before, **changes)
    names = altered(before, after)
    if not names:
        return body_view(before)
    after = replace(after, version=before.version + 1, shown_at=shown_after(tx.now, before.shown_at))
    if "code" in names:
        exchange(tx.conn, before.code, after.code, "body", before.id)
    tx.conn.update(Body, before.id, **altered(before, after))
    _journal(tx, "body.changed", after, Author(actor.id, role), fields=sorted(names))
    return body_view(after)


def _journal(tx: Tx, kind: str, record: BodyRecord, by: Author, **data: Any) -> None:
    append(tx, kind, ("body", record.id), by, Audience(public=True, body=record.id), **data)
