"""Reads of slots, public where their session is. Their instants are derived from the meeting's start."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache
from heapq import nsmallest
from typing import Any

from sqlalchemy import Boolean, and_, bindparam, or_, select

from scheduler.errors import NotFound
from scheduler.lists.place import Row, Rows, known_list, known_meeting, meeting
from scheduler.lists.queries import FIRST, behind, inscription, slot
from scheduler.lists.rules import Claim, modes_offered
from scheduler.lists.views import ReservedFor, SlotView
from scheduler.people.reader import Reader
from scheduler.people.tables import Organisation, Person
from scheduler.people.views import Named
from scheduler.programme.queries import Stretch
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.many import among

NO_SLOT = "There is no such slot."

person, organisation = table(Person), table(Organisation)

_SLOTS = (
    select(
        *slot.c,
        inscription.c.mode.label("mode"),
        person.c.id.label("speaker_id"),
        person.c.name.label("speaker_name"),
        organisation.c.id.label("organisation_id"),
        organisation.c.name.label("organisation_name"),
        meeting.c.starts_at.label("meeting_starts_at"),
    )
    .select_from(
        slot.join(meeting, meeting.c.id == slot.c.meeting_id)
        .outerjoin(inscription, inscription.c.id == slot.c.inscription_id)
        .outerjoin(person, person.c.id == inscription.c.person_id)
        .outerjoin(organisation, organisation.c.id == inscription.c.organisation_id)
    )
    .order_by(slot.c.position, slot.c.id)
)
_SLOT = Rows(_SLOTS.where(slot.c.id == bindparam("slot")))
_MANY = Rows(_SLOTS.where(among(slot.c.id, "slots")))
_FREE = Rows(_SLOTS.where(slot.c.list_id == bindparam("list"), slot.c.status == "free", slot.c.kind == "statement"))


@lru_cache
def _slots_of_list(free: bool | None, by_mode: bool) -> Rows:
    statement = _SLOTS.where(slot.c.list_id == bindparam("list"), behind(slot))
    if free is not None:
        statement = statement.where(slot.c.status == "free" if free else slot.c.status != "free")
    if by_mode:
        open_to_mode = and_(
            slot.c.status == "free",
            bindparam("offered", type_=Boolean()),
            or_(slot.c.reserved_mode.is_(None), slot.c.reserved_mode == bindparam("mode")),
        )
        statement = statement.where(or_(inscription.c.mode == bindparam("mode"), open_to_mode))
    return Rows(statement.limit(bindparam("limit")))


def one_slot(conn: Connection, reader: Reader, slot_id: str) -> tuple[SlotView, Stretch]:
    """A slot, and its stretch. Raises NotFound."""
    row = _SLOT.first(conn, slot=slot_id)
    if row is None:
        raise NotFound(NO_SLOT)
    return _placed(row, known_meeting(conn, reader, row["meeting_id"], NO_SLOT).sitting.timezone)


def slot_views(conn: Connection, slot_ids: Iterable[str]) -> list[SlotView]:
    """These slots as everybody may see them, for acts, which have asked who may."""
    asked = list(slot_ids)
    rows = {row["id"]: row for row in _MANY.all(conn, slots=asked)}
    return [slot_view(rows[id_]) for id_ in asked if id_ in rows]


def slots_of_list(
    conn: Connection,
    reader: Reader,
    list_id: str,
    *,
    after: tuple[int, str] | None,
    limit: int,
    free: bool | None = None,
    mode: str | None = None,
) -> list[tuple[SlotView, Stretch]]:
    """A list's slots by position, at most `limit` behind the key `after` (position, id). Raises NotFound.

    `free`: only those that are, or only those that are not. `mode`: held by someone speaking so, or free for it.
    """
    row, place = known_list(conn, reader, list_id)
    position, id_ = after or FIRST
    more: dict[str, Any] = {}
    if mode is not None:
        more = {"mode": mode, "offered": mode in modes_offered(row["modes"], place.format)}
    rows = _slots_of_list(free, mode is not None).all(
        conn, list=list_id, position=position, id=id_, limit=limit, **more
    )
    return [_placed(row, place.sitting.timezone) for row in rows]


def free_slots(conn: Connection, list_id: str) -> list[Row]:
    """The rows of a list's free slots in order."""
    return _FREE.all(conn, list=list_id)


def nearest(free: Sequence[Row], about: int, claim: Claim, remote_left: int | None) -> list[SlotView]:
    """Of free slots up to three that such a speaker could book, nearest to `about` (seconds from the start) first."""
    hers = (row for row in free if could_book(row, claim, remote_left))
    return [slot_view(row) for row in nsmallest(3, hers, key=lambda row: abs(row["starts_after"] - about))]


def could_book(row: Row, claim: Claim, remote_left: int | None) -> bool:
    """Whether a free slot is not kept from such a speaker and, where she speaks remotely, not longer than what is left.

    `remote_left` are the remote seconds of the meeting, None for no cap.
    """
    return (
        row["reserved_category"] in {None, claim.category}
        and row["reserved_mode"] in {None, claim.mode}
        and row["reserved_organisation_id"] in {None, claim.organisation}
        and (claim.mode != "remote" or remote_left is None or row["seconds"] <= remote_left)
    )


def _placed(row: Row, zone_name: str) -> tuple[SlotView, Stretch]:
    view = slot_view(row)
    return view, (view.starts_at, view.ends_at, zone_name)


def slot_view(row: Row) -> SlotView:
    """A slot's row as everybody may see it: its columns and those of `_SLOTS` beside them."""
    starts_at = row["meeting_starts_at"] + timedelta(seconds=row["starts_after"])
    reserve = row["reserved_category"], row["reserved_mode"], row["reserved_organisation_id"]
    return SlotView(
        id=row["id"],
        list=row["list_id"],
        position=row["position"],
        kind=row["kind"],
        title=row["title"],
        seconds=row["seconds"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(seconds=row["seconds"]),
        reserved_for=ReservedFor(*reserve) if any(reserve) else None,
        inscription=row["inscription_id"],
        speaker=Named(row["speaker_id"], row["speaker_name"]) if row["speaker_id"] else None,
        organisation=Named(row["organisation_id"], row["organisation_name"]) if row["organisation_id"] else None,
        mode=row["mode"],
        status=row["status"],
        version=row["version"],
    )
