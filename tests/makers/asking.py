"""People who ask to speak in a queue list, as plain rows, for tests whose subject is what becomes of that."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.ids import new_id
from scheduler.lists.place import Rows
from scheduler.lists.queries import inscription
from scheduler.lists.tables import Inscription
from scheduler.people.permission import Actor
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx
from tests.makers import speaking
from tests.makers.people import MADE_AT
from tests.makers.speaking import Scene

_INSCRIBED = Rows(
    select(*inscription.c).where(inscription.c.list_id == bindparam("list")).order_by(inscription.c.created_at)
)
_BOOKED = Prepared(select(table(Meeting).c.remote_booked_seconds).where(table(Meeting).c.id == bindparam("meeting")))


def inscribed(
    tx: Tx,
    of: Scene,
    who: Actor,
    *,
    category: str = "member_state",
    minute: int = 0,
    mode: str = "in_person",
    **more: Any,
) -> str:
    """The id of a pending inscription, made so many minutes after the first of the year."""
    id_ = new_id()
    at: datetime = MADE_AT + timedelta(minutes=minute)
    values: dict[str, Any] = {
        "id": id_, "list_id": of.list, "meeting_id": of.meeting, "session_id": of.session, "person_id": str(who.id),
        "organisation_id": who.organisation, "category": category, "mode": mode, "status": "pending", "created_at": at,
        "sequence": 0, "shown_at": at, "version": 1,
    }  # fmt: skip
    tx.conn.insert(Inscription, **values | more)
    return id_


def asker(tx: Tx, of: Scene, number: int, category: str = "member_state", **more: Any) -> str:
    """The pending inscription of somebody of an accredited organisation of her own, the `number`th to ask."""
    who = speaking.speaker(tx, of, f"Speaker {number}", category=category)
    return inscribed(tx, of, who, category=category, minute=number, **more)


def asked(conn: Connection, list_id: str) -> dict[str, dict[str, Any]]:
    """The rows of a list's inscriptions by id."""
    return {row["id"]: row for row in _INSCRIBED.all(conn, list=list_id)}


def remote_booked(conn: Connection, of: Scene) -> int:
    """The remote seconds that are booked in the meeting."""
    return int(conn.all(_BOOKED, meeting=of.meeting)[0][0])
