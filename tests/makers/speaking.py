"""A meeting in which people speak, with a list and its slots, for tests whose subject is that or something else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.accreditation.tables import Accreditation
from scheduler.clock.zones import ZONE_DATA
from scheduler.ids import new_id
from scheduler.lists import drawing_up, opening
from scheduler.lists.particulars import NewList
from scheduler.lists.place import Rows
from scheduler.lists.queries import slot
from scheduler.people.permission import OPERATOR, Actor, Grant, Scopes
from scheduler.programme.tables import Item, Meeting
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx
from tests.makers import people, places
from tests.makers.people import MADE_AT

STARTS_AT = datetime(2022, 6, 8, 8, tzinfo=UTC)
_SLOTS = Rows(select(*slot.c).where(slot.c.list_id == bindparam("list")).order_by(slot.c.position))


@dataclass(frozen=True, slots=True)
class Scene:
    """A published session, its meeting on 8 June 2022 from 10:00 to 13:00 in Vienna, and one list, by id."""

    body: str
    session: str
    meeting: str
    list: str
    slots: tuple[str, ...]


def meeting(tx: Tx, of: Scopes, number: int = 1, **changes: Any) -> str:
    """A meeting's id: 8 June 2022, 10:00 to 13:00 in Vienna, hybrid, in English and French."""
    id_ = new_id()
    values: dict[str, Any] = {
        "id": id_, "session_id": of.session, "number": number, "title": f"Meeting {number}", "date": "2022-06-08",
        "start": "10:00", "end": "13:00", "timezone": "Europe/Vienna", "starts_at": STARTS_AT,
        "ends_at": STARTS_AT.replace(hour=11), "zone_data": ZONE_DATA, "format": "hybrid", "languages": ["en", "fr"],
        "items": [], "remote_booked_seconds": 0, "links_for": "accredited", "replies": "after_list",
        "status": "scheduled", "created_at": MADE_AT, "sequence": 0, "shown_at": MADE_AT, "links_sequence": 0,
        "links_shown_at": MADE_AT, "status_sequence": 0, "named_at": MADE_AT, "version": 1,
    }  # fmt: skip
    tx.conn.insert(Meeting, **values | changes)
    return id_


def item(tx: Tx, of: Scopes, number: str = "5", **changes: Any) -> str:
    """An agenda item's id."""
    id_ = new_id()
    values: dict[str, Any] = {
        "id": id_, "session_id": of.session, "position": 1, "number": number, "title": "Criminalization",
        "status": "pending", "shown_at": MADE_AT, "version": 1,
    }  # fmt: skip
    tx.conn.insert(Item, **values | changes)
    return id_


def scene(
    tx: Tx, *, code: str = "ahc-2", opened: bool = True, meeting_values: dict[str, Any] | None = None, **said: Any
) -> Scene:
    """A timed list of the whole meeting, 20 slots of 9 minutes unless `said` (fields of NewList) tells otherwise."""
    return scene_in(tx, places.session(tx, code=code), opened=opened, meeting_values=meeting_values, **said)


def scene_in(
    tx: Tx, of: Scopes, *, opened: bool = True, meeting_values: dict[str, Any] | None = None, **said: Any
) -> Scene:
    """The same in a session that stands."""
    held = meeting(tx, of, **meeting_values or {})
    new: dict[str, Any] = {"title": "Item 5", "allocation": "timed", "slot_seconds": 540} | said
    made = drawing_up.add(tx, OPERATOR, held, NewList(**new))
    if opened:
        opening.open_list(tx, OPERATOR, made.id)
    return Scene(str(of.body), str(of.session), held, made.id, tuple(row["id"] for row in slots(tx.conn, made.id)))


def slots(conn: Connection, list_id: str) -> list[dict[str, Any]]:
    """The rows of a list's slots in order."""
    return _SLOTS.all(conn, list=list_id)


def accredited(tx: Tx, session_id: str, organisation: str, status: str = "approved") -> str:
    """An organisation's accreditation."""
    id_ = new_id()
    tx.conn.insert(
        Accreditation, id=id_, session_id=session_id, organisation_id=organisation, status=status, created_at=MADE_AT,
        version=1,
    )  # fmt: skip
    return id_


def speaker(
    tx: Tx, of: Scene, name: str = "Ada Example", *, category: str = "member_state", grants: tuple[Grant, ...] = ()
) -> Actor:
    """Somebody of an organisation of her own, accredited to the session."""
    organisation = people.organisation(tx, f"Organisation of {name}", category)
    accredited(tx, of.session, organisation)
    return people.person(tx, name, organisation=organisation, grants=grants)


def colleague(tx: Tx, of: Actor, name: str = "Co League", *, grants: tuple[Grant, ...] = ()) -> Actor:
    """Somebody of the same organisation."""
    return people.person(tx, name, organisation=of.organisation, grants=grants)
