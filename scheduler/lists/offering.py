"""Offering what becomes free to those who wait for it: in their order, to one at a time, until a deadline.

An offer lapses by the clock, whether anybody looks or not: from its deadline on it is over, and the next in line has
had hers since that very moment. Acts and readings that come later write that down first, the worker each second.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.journal.entries import CLOCK, Author
from scheduler.lists import offers
from scheduler.lists.place import Place, Row, known_list, timing_of
from scheduler.lists.rules import Claim, status_now
from scheduler.lists.slot_queries import could_book, free_slots
from scheduler.lists.tables import Waiting
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import Reader
from scheduler.storage.writer import Tx

OFFER_SECONDS = 900
"""How long an offer holds, where the settings do not say otherwise (`offer_seconds`)."""


def catch_up_due(tx: Tx, *, limit: int = 100) -> None:
    """Writes down the offers that have lapsed, and makes those that follow from it."""
    for _ in range(limit):
        list_id = offers.due(tx.conn, tx.now)
        if list_id is None:
            return
        catch_up(tx, list_id)


def catch_up_meetings(tx: Tx, meetings: Collection[str]) -> None:
    """The same for the lists of these meetings in which somebody waits, with what has become free there."""
    for list_id in offers.lists_waited_for(tx.conn, meetings):
        catch_up(tx, list_id)


def catch_up(tx: Tx, list_id: str) -> None:
    """Lets offers of a list lapse whose time is up, and offers what is free to those who wait.

    While its meeting is cancelled nobody loses her place: what was offered to her is taken back.
    """
    row, place = known_list(tx.conn, Reader(OPERATOR), list_id)
    if "cancelled" in {place.meeting_status, place.session_status}:
        _release_all(tx, _open_in(tx, place, list_id))
        return
    _release_all(tx, offers.barred_in(tx.conn, list_id))
    while True:
        over = [each for each in _open_in(tx, place, list_id) if each["offered_until"] <= tx.now]
        if not over:
            break
        _lapse(tx, over[0])
        _fill(tx, row, place, over[0]["offered_until"])
    _fill(tx, row, place, tx.now)


def turned(tx: Tx, list_id: str, status: str) -> None:
    """A list has opened: what is free in it is offered. Or it has closed: what is offered in it lapses."""
    catch_up(tx, list_id)
    if status == "closed":
        _, place = known_list(tx.conn, Reader(OPERATOR), list_id)
        for each in _open_in(tx, place, list_id):
            _lapse(tx, each)


def release(tx: Tx, slots: Collection[str]) -> None:
    """Takes back what is offered of these slots, which go or are kept for others: she keeps her place in line."""
    _release_all(tx, offers.offers_of(tx.conn, slots))


def leave(tx: Tx, by: Author, row: Row, status: str, slot: str | None = None) -> None:
    """An entry comes to its end, `taken` (with the slot that she has) or `left`; what she was offered is free again."""
    tx.conn.update(Waiting, row["id"], status=status, slot_id=slot or row["slot_id"])
    if row["status"] == "offered" and row["slot_id"] != slot:
        offers.turn_slot(tx, by, row, was="offered", becomes="free")
    offers.tell(tx, f"waiting.{status}", by, row | {"slot_id": slot or row["slot_id"]})


def _open_in(tx: Tx, place: Place, list_id: str) -> list[Row]:
    return [each for each in offers.offers_in(tx.conn, place.meeting) if each["list_id"] == list_id]


def _lapse(tx: Tx, row: Row) -> None:
    tx.conn.update(Waiting, row["id"], status="lapsed")
    offers.tell(tx, "waiting.lapsed", CLOCK, row)
    offers.turn_slot(tx, CLOCK, row, was="offered", becomes="free")


def _release_all(tx: Tx, rows: Collection[Row]) -> None:
    for row in rows:
        tx.conn.update(Waiting, row["id"], status="waiting", slot_id=None, offered_until=None)
        offers.tell(tx, "waiting.released", CLOCK, row)
        offers.turn_slot(tx, CLOCK, row, was="offered", becomes="free")


@dataclass(slots=True)
class _Room:
    """What there is to offer: so many places (None: as many as slots), these free slots, so many remote seconds."""

    places: int | None
    slots: list[Row] | None
    remote: int | None

    def take(self, who: Row) -> Row | None:
        """The first slot that she could book, taken off; for a queue nothing but a place."""
        if self.slots is None:
            return {"id": None}
        claim = Claim(who["organisation_id"], who["category"], who["mode"])
        for slot in self.slots:
            if could_book(slot, claim, self.remote):
                self.slots.remove(slot)
                if who["mode"] == "remote" and self.remote is not None:
                    self.remote -= slot["seconds"]
                return slot
        return None


def _fill(tx: Tx, row: Row, place: Place, at: datetime) -> None:
    """Offers what is free at a moment to those in line, each the first that she could book."""
    if place.meeting_status == "closed" or status_now(timing_of(row), at) != "open":
        return
    line = offers.in_line(tx.conn, row["id"])
    room = _room(tx, row, place, at) if line else _Room(0, [], None)
    for who in line:
        if room.places == 0:
            return
        slot = room.take(who)
        until = _until(tx, row, place, slot, at) if slot else at
        if slot is not None and until > at:
            room.places = room.places and room.places - 1
            _offer(tx, who["id"], slot, until)


def _room(tx: Tx, row: Row, place: Place, at: datetime) -> _Room:
    places = None
    if row["capacity"] is not None:
        taken = offers.standing_in(tx.conn, row["id"]) + len(_open_in(tx, place, row["id"]))
        places = max(0, row["capacity"] - taken)
    if row["allocation"] == "queue":
        return _Room(places, None, None)
    free = [slot for slot in free_slots(tx.conn, row["id"]) if place.sitting.at(slot["starts_after"]) > at]
    return _Room(places, free, offers.remote_left(tx.conn, place.meeting))


def _until(tx: Tx, row: Row, place: Place, slot: Row, at: datetime) -> datetime:
    """Not longer than one can take it: until the list closes, or the turn begins."""
    ends = [at + timedelta(seconds=tx.settled.get("offer_seconds", OFFER_SECONDS))]
    if row["closes_at"] is not None and row["closes_at"] > at:
        ends.append(row["closes_at"])
    if slot["id"] is not None:
        ends.append(place.sitting.at(slot["starts_after"]))
    return min(ends).replace(microsecond=0)


def _offer(tx: Tx, entry_id: str, slot: Row, until: datetime) -> None:
    tx.conn.update(Waiting, entry_id, status="offered", slot_id=slot["id"], offered_until=until)
    made = offers.entry(tx.conn, entry_id)
    if made is not None:
        offers.turn_slot(tx, CLOCK, made, was="free", becomes="offered")
        offers.tell(tx, "waiting.offered", CLOCK, made)
