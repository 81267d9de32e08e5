"""Reads of lists, public where their session is. What hangs on the meeting's time and on the clock is derived here."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, func, literal_column, or_, select, tuple_

from scheduler.errors import NotFound
from scheduler.lists.place import (
    NO_LIST,
    PLACE,
    TIMING,
    Place,
    Row,
    Rows,
    known_meeting,
    list_,
    place_of,
    standing,
    timing_of,
)
from scheduler.lists.rules import PUBLIC, modes_offered, status_at, steps_of
from scheduler.lists.slots import budget, seconds_left
from scheduler.lists.tables import Inscription, Slot, Waiting
from scheduler.lists.views import ClosesWhen, Counts, Draw, ListView, PolicyOptions
from scheduler.lists.windows import shown
from scheduler.people.reader import Reader
from scheduler.programme.queries import Stretch
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

slot, inscription = table(Slot), table(Inscription)

# Written as the partial indexes are, or the databases would not see that these serve.
STANDS = inscription.c.status.not_in([literal_column("'withdrawn'")])
"""Whether an inscription is not withdrawn."""

GIVEN = inscription.c.status.in_([literal_column(f"'{status}'") for status in sorted(PUBLIC)])
"""Whether an inscription has been given a slot, which everybody may know."""

FIRST = (-1, "")
"""The key before all others: pages go by (position, id)."""


def behind(table_: FromClause) -> ColumnElement[bool]:
    """Whether a row comes after the values `position` and `id`."""
    further = and_(table_.c.position == bindparam("position"), table_.c.id > bindparam("id"))
    return or_(table_.c.position > bindparam("position"), further)


def later(table_: FromClause) -> ColumnElement[bool]:
    """Whether a row was made after the key whose `key_values` are given."""
    here = tuple_(bindparam("after_at", type_=Instant()), bindparam("after_id"))
    return tuple_(table_.c.created_at, table_.c.id) > here


def key_values(after: tuple[datetime, str] | None) -> dict[str, Any]:
    """The values for `later`: (created_at with its microseconds, id); none for a first page."""
    return {"after_at": after[0], "after_id": after[1]} if after else {}


def own(table_: FromClause) -> ColumnElement[bool]:
    """Whether a row is the reader's, or of an organisation that she acts for: she of the `own_values`."""
    return or_(table_.c.person_id == bindparam("reader"), among(table_.c.organisation_id, "organisations"))


def own_values(reader: Reader) -> dict[str, Any]:
    """The values for `own`."""
    actor = reader.actor
    return {
        "reader": actor.id if actor else None,
        "organisations": sorted(actor.focal_organisations()) if actor else [],
    }


def _of_turns(what: ColumnElement[Any], name: str, *where: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(what).where(slot.c.list_id == list_.c.id, *where).scalar_subquery().label(name)


def _inscribed(status: str) -> ColumnElement[Any]:
    counted = select(func.count()).where(inscription.c.list_id == list_.c.id, inscription.c.status == status)
    return counted.scalar_subquery().label(f"count_{status}")


_waiting = table(Waiting)
_FOR_SPEAKERS = slot.c.kind == "statement"
_FREE = _FOR_SPEAKERS, slot.c.status == "free"
_follower, _its_slot = list_.alias(), slot.alias()
_FOLLOWING = (
    select(func.max(_its_slot.c.starts_after + _its_slot.c.seconds))
    .select_from(_its_slot.join(_follower, _follower.c.id == _its_slot.c.list_id))
    .where(
        _follower.c.meeting_id == list_.c.meeting_id,
        _follower.c.window_end == list_.c.window_end,
        and_(_follower.c.window_follows, list_.c.window_follows),
        tuple_(_follower.c.position, _follower.c.id) > tuple_(list_.c.position, list_.c.id),
    )
    .scalar_subquery()
    .label("following_end")
)
_WHOLE = select(
    *list_.c,
    *PLACE,
    *TIMING,
    _of_turns(func.count(), "count_slots", _FOR_SPEAKERS),
    _of_turns(func.count(), "count_free", *_FREE),
    _of_turns(func.coalesce(func.sum(slot.c.seconds), 0), "free_seconds", *_FREE),
    _of_turns(func.count(), "count_booked", slot.c.inscription_id.is_not(None)),
    _inscribed("pending"),
    _inscribed("allotted"),
    select(func.count())
    .where(_waiting.c.list_id == list_.c.id, _waiting.c.status == literal_column("'waiting'"))
    .scalar_subquery()
    .label("count_waiting"),
    _of_turns(func.min(slot.c.starts_after), "first_start"),
    _of_turns(func.max(slot.c.starts_after + slot.c.seconds), "last_end"),
    _FOLLOWING,
).select_from(standing(list_))
_LIST = Rows(_WHOLE.where(list_.c.id == bindparam("list")))
_LISTS = Rows(
    _WHOLE.where(list_.c.meeting_id == bindparam("meeting"), behind(list_))
    .order_by(list_.c.position, list_.c.id)
    .limit(bindparam("limit"))
)
_NEXT_DEADLINE = Prepared(
    select(
        func.min(list_.c.opens_at).filter(list_.c.opens_at > bindparam("now", type_=list_.c.opens_at.type)),
        func.min(list_.c.closes_at).filter(list_.c.closes_at > bindparam("now", type_=list_.c.opens_at.type)),
    ).where(list_.c.meeting_id == bindparam("meeting"))
)


def list_view(conn: Connection, list_id: str, now: datetime) -> ListView:
    """A list as it stands at `now`, for acts, which have asked who may see it. Raises NotFound."""
    row = _LIST.first(conn, list=list_id)
    if row is None:
        raise NotFound(NO_LIST)
    return _list_view(row, place_of(row), now)


def speakers_list(conn: Connection, reader: Reader, list_id: str, now: datetime) -> tuple[ListView, Stretch | None]:
    """A list as it stands at `now`, and from its first start to its last end. Raises NotFound."""
    row = _LIST.first(conn, list=list_id)
    place = place_of(row) if row else None
    if row is None or place is None or not place.seen_by(reader):
        raise NotFound(NO_LIST)
    return _list_view(row, place, now), _stretch(row, place)


def lists_of_meeting(
    conn: Connection, reader: Reader, meeting_id: str, now: datetime, *, after: tuple[int, str] | None, limit: int
) -> list[tuple[ListView, Stretch | None]]:
    """The meeting's lists by position, at most `limit` behind the key `after` (position, id). Raises NotFound."""
    place = known_meeting(conn, reader, meeting_id)
    position, id_ = after or FIRST
    rows = _LISTS.all(conn, meeting=meeting_id, position=position, id=id_, limit=limit)
    return [(_list_view(row, place, now), _stretch(row, place)) for row in rows]


def next_deadline(conn: Connection, meeting_id: str, now: datetime) -> datetime | None:
    """The next instant at which the clock alone opens or closes a list of the meeting: so long answers stay true."""
    row = conn.first(_NEXT_DEADLINE, meeting=meeting_id, now=now)
    return min((moment for moment in row or () if moment is not None), default=None)


def _stretch(row: Row, place: Place) -> Stretch | None:
    if row["first_start"] is None:
        return None
    sitting = place.sitting
    return sitting.at(row["first_start"]), sitting.at(row["last_end"]), sitting.timezone


def _list_view(row: Row, place: Place, now: datetime) -> ListView:
    timed = row["allocation"] == "timed"
    options = row["policy_options"]
    return ListView(
        id=row["id"],
        meeting=row["meeting_id"],
        item=row["item_id"],
        position=row["position"],
        title=row["title"],
        allocation=row["allocation"],
        status=status_at(timing_of(row), now),
        opens_at=row["opens_at"],
        opens_as=row["opens_as"],
        closes_at=row["closes_at"],
        closes_as=row["closes_as"],
        closes_when=ClosesWhen(row["closes_item_id"], row["closes_state"]) if row["closes_item_id"] else None,
        modes=modes_offered(row["modes"], place.format),
        policy=row["policy"],
        policy_options=PolicyOptions(tuple(map(tuple, options.get("order", ()))), steps_of(options)),
        seconds_default=row["seconds_default"],
        seconds_by_category=row["seconds_by_category"],
        window=shown(row["window_start"], row["window_end"], place.sitting),
        slot_seconds=row["slot_seconds"],
        gap_seconds=row["gap_seconds"],
        capacity=row["count_slots"] if timed and row["capacity"] is None else row["capacity"],
        one_per_organisation=row["one_per_organisation"],
        version=row["version"],
        counts=Counts(
            row["count_slots"],
            row["count_free"],
            row["count_booked"],
            row["count_pending"],
            row["count_allotted"],
            row["count_waiting"],
        ),
        seconds_left=row["free_seconds"] if timed else seconds_left(*_room(row)),
        draw=Draw(row["draw_commitment"], row["draw_seed"]) if row["draw_commitment"] or row["draw_seed"] else None,
    )


def _room(row: Row) -> tuple[tuple[int, int], int, int | None, int | None]:
    window = row["window_start"], row["window_end"]
    return window, row["gap_seconds"], row["last_end"], row["following_end"]


def budget_of(conn: Connection, list_id: str) -> int:
    """The seconds that a queue list's turns may take in all, gaps included, beside what lists that follow it have.

    Raises NotFound.
    """
    row = _LIST.first(conn, list=list_id)
    if row is None:
        raise NotFound(NO_LIST)
    return budget(*_room(row))
