"""Who waits for a place in a full list, and what is offered to whom: the rows, and what entries tell of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal_column, not_, or_, select, update

from scheduler.accreditation.tables import Accreditation
from scheduler.journal.entries import Audience, Author, append
from scheduler.lists.place import Row, Rows, hers, session
from scheduler.lists.queries import STANDS, inscription, slot
from scheduler.lists.remote_minutes import remote_unbooked
from scheduler.lists.slot_queries import person
from scheduler.lists.tables import Waiting
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

waiting = table(Waiting)

# Written as the partial indexes are, or the databases would not see that these serve.
OFFERED = waiting.c.status == literal_column("'offered'")
STILL_WAITING = waiting.c.status.in_([literal_column("'waiting'"), literal_column("'offered'")])

_ENTRIES = select(
    *waiting.c,
    session.c.body_id,
    slot.c.seconds,
    slot.c.status.label("slot_status"),
    slot.c.position.label("slot_position"),
    slot.c.starts_after,
    session.c.status.label("session_status"),
).select_from(
    waiting.join(session, session.c.id == waiting.c.session_id).outerjoin(slot, slot.c.id == waiting.c.slot_id)
)
_ORDER = waiting.c.offered_until, waiting.c.position
_OFFERS = Rows(_ENTRIES.where(OFFERED, waiting.c.meeting_id == bindparam("meeting")).order_by(*_ORDER))
_ENTRY = Rows(_ENTRIES.where(waiting.c.id == bindparam("entry")))
_OF_SLOTS = Rows(_ENTRIES.where(OFFERED, among(waiting.c.slot_id, "slots")).order_by(*_ORDER))
_OF_PEOPLE = Rows(
    _ENTRIES.where(STILL_WAITING, among(waiting.c.list_id, "lists"), among(waiting.c.person_id, "people"))
)
_LISTS = Prepared(
    select(waiting.c.list_id)
    .where(STILL_WAITING, among(waiting.c.meeting_id, "meetings"))
    .distinct()
    .order_by(waiting.c.list_id)
)
_LISTS_BESIDE = Prepared(
    select(waiting.c.list_id)
    .where(STILL_WAITING, waiting.c.meeting_id.in_(select(slot.c.meeting_id).where(among(slot.c.id, "slots"))))
    .distinct()
    .order_by(waiting.c.list_id)
)
_DUE = Prepared(
    select(waiting.c.list_id)
    .where(OFFERED, waiting.c.offered_until <= bindparam("now", type_=Instant()))
    .order_by(waiting.c.offered_until)
    .limit(1)
)
_accreditation = table(Accreditation)
_here = _accreditation.alias()


def _approved(organisation: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(
        _here.c.session_id == waiting.c.session_id,
        _here.c.organisation_id == organisation,
        _here.c.status == "approved",
    )


_PLACED = exists().where(
    inscription.c.list_id == waiting.c.list_id,
    STANDS,
    or_(
        inscription.c.person_id == waiting.c.person_id,
        and_(waiting.c.organisation_key.is_not(None), inscription.c.organisation_key == waiting.c.organisation_key),
    ),
)
_MAY_SPEAK = and_(
    person.c.erased.is_(False),
    _approved(waiting.c.organisation_id),
    or_(person.c.organisation_id.is_(None), _approved(person.c.organisation_id)),
)
_IN_LINE = Rows(
    select(*waiting.c)
    .select_from(waiting.join(person, person.c.id == waiting.c.person_id))
    .where(
        waiting.c.list_id == bindparam("list"),
        waiting.c.status == literal_column("'waiting'"),
        _MAY_SPEAK,
        not_(_PLACED),
    )
    .order_by(waiting.c.position)
)
_BARRED = Rows(
    _ENTRIES.join(person, person.c.id == waiting.c.person_id)
    .where(OFFERED, waiting.c.list_id == bindparam("list"), not_(_MAY_SPEAK))
    .order_by(*_ORDER)
)
_OF_PERSON = Rows(_ENTRIES.where(STILL_WAITING, waiting.c.person_id == bindparam("person")).order_by(waiting.c.id))
_STANDING = Prepared(select(func.count()).where(inscription.c.list_id == bindparam("list"), STANDS))
_SLOT_STATUS = Prepared(
    update(slot)
    .where(slot.c.id == bindparam("slot"), slot.c.status == bindparam("was"))
    .values(status=bindparam("becomes"), version=slot.c.version + 1)
)


def entry(conn: Connection, entry_id: str) -> Row | None:
    """One entry with its slot, or None."""
    return _ENTRY.first(conn, entry=entry_id)


def offers_in(conn: Connection, meeting_id: str) -> list[Row]:
    """The offers of a meeting that nobody has written down as over, the first to lapse first."""
    return _OFFERS.all(conn, meeting=meeting_id)


def offers_of(conn: Connection, slots: Collection[str]) -> list[Row]:
    """The offers of these slots."""
    return _OF_SLOTS.all(conn, slots=sorted(slots)) if slots else []


def entries_of(conn: Connection, lists: Collection[str], people: Collection[str]) -> list[Row]:
    """The entries with which these people wait, or are offered something, in these lists."""
    return _OF_PEOPLE.all(conn, lists=sorted(lists), people=sorted(people))


def lists_waited_for(conn: Connection, meetings: Collection[str]) -> list[str]:
    """The lists of these meetings in which somebody waits."""
    return [row[0] for row in conn.all(_LISTS, meetings=sorted(meetings))]


def lists_waited_for_beside(conn: Connection, slots: Collection[str]) -> list[str]:
    """The same for the meetings of these slots."""
    return [row[0] for row in conn.all(_LISTS_BESIDE, slots=sorted(slots))]


def due(conn: Connection, now: datetime) -> str | None:
    """The list in which an offer has lapsed that nobody has written down as over, None: there is none."""
    row = conn.first(_DUE, now=now)
    return None if row is None else str(row[0])


def barred_in(conn: Connection, list_id: str) -> list[Row]:
    """The offers of a list to people who may not speak any more."""
    return _BARRED.all(conn, list=list_id)


def entries_still_of(conn: Connection, person_id: str) -> list[Row]:
    """All entries with which a person waits or is offered something."""
    return _OF_PERSON.all(conn, person=person_id)


def in_line(conn: Connection, list_id: str) -> list[Row]:
    """Who may be offered a place, in order: not who is barred from speaking, or has got a place meanwhile."""
    return _IN_LINE.all(conn, list=list_id)


def standing_in(conn: Connection, list_id: str) -> int:
    """How many inscriptions a list has."""
    return int(conn.all(_STANDING, list=list_id)[0][0])


def remote_left(conn: Connection, meeting_id: str, besides: str | None = None) -> int | None:
    """The remote seconds of a meeting that are neither booked nor offered to others than `besides`; None: no cap."""
    unbooked = remote_unbooked(conn, meeting_id)
    return None if unbooked is None else unbooked - remote_offered(offers_in(conn, meeting_id), besides)


def remote_offered(offers: Sequence[Row], besides: str | None = None) -> int:
    """The remote seconds that these offers hold for others than the person `besides`."""
    return sum(each["seconds"] or 0 for each in offers if each["mode"] == "remote" and each["person_id"] != besides)


def tell(tx: Tx, kind: str, by: Author, row: Row) -> None:
    """Tells her, and whoever runs the session, what became of her waiting: nobody else knows of it."""
    until = row["offered_until"]
    append(
        tx, kind, ("waiting", row["id"]), by, hers(row),
        list=row["list_id"], waiting=row["position"], offered=row["slot_id"], until=until and until.isoformat(),
    )  # fmt: skip


def turn_slot(tx: Tx, by: Author, row: Row, *, was: str, becomes: str) -> None:
    """Makes the slot of an entry `offered` or `free`, where it `was` the other, and tells everybody."""
    if row["slot_id"] is None or tx.conn.run(_SLOT_STATUS, slot=row["slot_id"], was=was, becomes=becomes) == 0:
        return
    public = row["session_status"] != "draft"
    audience = Audience(public, row["body_id"], row["session_id"], row["meeting_id"])
    append(
        tx, f"slot.{'offered' if becomes == 'offered' else 'freed'}", ("slot", row["slot_id"]), by, audience,
        list=row["list_id"], slot=row["slot_id"], status=becomes, inscription=None,
        position=row["slot_position"], starts_after=row["starts_after"], seconds=row["seconds"],
    )  # fmt: skip
