"""Two turns change hands: whether each speaker could hold the other's slot, and then doing it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, null, select, update

from scheduler.errors import AlreadyInscribed, NotAllowedNow, RemoteBudgetExceeded
from scheduler.journal.entries import Author, append
from scheduler.lists import arranging, offering, queues
from scheduler.lists.numbered import numbered
from scheduler.lists.place import Place, Row, Rows, list_, meeting
from scheduler.lists.queries import inscription, slot
from scheduler.lists.remote_minutes import TOO_FEW, spend_remote
from scheduler.lists.rules import CALLED, Claim, Reserve, check_mode, check_reserve, most_seconds
from scheduler.lists.tables import Inscription, Slot
from scheduler.storage.connection import Connection, Prepared, UniqueTaken
from scheduler.storage.many import among
from scheduler.storage.versions import shown_after
from scheduler.storage.writer import Tx

_HELD = Rows(
    select(
        *slot.c,
        *(list_.c.allocation, list_.c.modes, list_.c.one_per_organisation),
        *(list_.c.seconds_default, list_.c.seconds_by_category),
        *(meeting.c.remote_budget_seconds, meeting.c.remote_booked_seconds),
        *(meeting.c.sequence, meeting.c.links_sequence),
    )
    .select_from(slot.join(list_, list_.c.id == slot.c.list_id).join(meeting, meeting.c.id == slot.c.meeting_id))
    .where(slot.c.inscription_id == bindparam("inscription"))
)
_LET_GO = Prepared(update(slot).where(among(slot.c.id, "slots")).values(inscription_id=null()))
_UNKEY = Prepared(update(inscription).where(among(inscription.c.id, "inscriptions")).values(organisation_key=null()))
_SHOWN = Prepared(
    select(inscription.c.sequence, inscription.c.shown_at).where(inscription.c.id == bindparam("inscription"))
)


@dataclass(frozen=True, slots=True)
class Side:
    """An inscription's row, where it stands, and the slot that it holds with what its list and meeting settle."""

    row: Row
    place: Place
    held: Row

    def seconds_for(self, other: "Side") -> int:
        """How long the other side's turn would be in this slot."""
        seconds: int = self.held["seconds"]
        if self.held["allocation"] == "timed":
            return seconds
        limits = self.held["seconds_default"], self.held["seconds_by_category"]
        return min(seconds, most_seconds(other.row["category"], *limits))


def checked(conn: Connection, one: tuple[Row, Place], other: tuple[Row, Place]) -> tuple[Side, Side]:
    """Both sides, where nothing speaks against their changing places.

    Raises:
        ModeNotOffered, CategoryNotEligible: one of them could not hold the other's slot.
        NotAllowedNow, RemoteBudgetExceeded: one of them has no turn to come; a meeting is cancelled or over; a
            meeting's remote minutes would not suffice.
    """
    sides = _side(conn, *one), _side(conn, *other)
    for who, there in (sides, sides[::-1]):
        reserve = Reserve(*(there.held[f"reserved_{what}"] for what in ("category", "mode", "organisation_id")))
        check_mode(who.row["mode"], there.held["modes"], there.place.format)
        check_reserve(reserve, Claim(who.row["organisation_id"], who.row["category"], who.row["mode"]))
    for each in sides:
        each.place.check_alive()
        if each.held["status"] in CALLED:
            raise NotAllowedNow("One of the two has been called. The floor decides on that turn.", allowed=[])
    for meeting_id, more in _remote(sides).items():
        held = next(each.held for each in sides if each.place.meeting == meeting_id)
        budget = held["remote_budget_seconds"]
        if budget is not None and more > 0 and held["remote_booked_seconds"] + more > budget:
            raise RemoteBudgetExceeded(TOO_FEW)
    return sides


def exchange(tx: Tx, by: Author, sides: tuple[Side, Side]) -> None:
    """Gives each the other's slot; permission is asked and `checked` passed before. Whoever held them is told.

    Raises:
        AlreadyInscribed: one of them has a place in the other's list already, or her organisation the only one.
        RemoteBudgetExceeded: too few remote minutes.
    """
    one, other = _shortened(tx, by, sides)
    for meeting_id, more in sorted(_remote((one, other)).items()):
        if more:
            spend_remote(tx.conn, meeting_id, more)
    tx.conn.run(_LET_GO, slots=[one.held["id"], other.held["id"]])
    tx.conn.run(_UNKEY, inscriptions=[one.row["id"], other.row["id"]])
    for who, there in ((one, other), (other, one)):
        _seat(tx, who, there)
    for who, there in ((one, other), (other, one)):
        append(
            tx, "inscription.swapped", ("inscription", who.row["id"]), by,
            there.place.audience(who.row["organisation_id"], who.row["person_id"]),
            list=there.held["list_id"], slot=there.held["id"], status="booked", **arranging.standing_of(there.held),
            **{"with": other.row["id"] if who is one else one.row["id"]},
            before={"meeting": who.place.meeting, "list": who.held["list_id"], "slot": who.held["id"]},
            **numbered(tx, there.place, "change", there.held["id"]),
        )  # fmt: skip
    offering.catch_up_meetings(tx, {one.place.meeting, other.place.meeting})


def _side(conn: Connection, row: Row, place: Place) -> Side:
    held = _HELD.first(conn, inscription=row["id"])
    if row["status"] != "allotted" or held is None:
        raise NotAllowedNow("Only two who have a turn to come can swap, and one of them has none.", allowed=[])
    return Side(row, place, held)


def _remote(sides: Sequence[Side]) -> Counter[str]:
    """By meeting how many remote seconds more it would have."""
    more: Counter[str] = Counter()
    for who, there in (sides, sides[::-1]):
        if who.row["mode"] == "remote":
            more[who.place.meeting] -= who.held["seconds"]
            more[there.place.meeting] += there.seconds_for(who)
    return more


def _shortened(tx: Tx, by: Author, sides: tuple[Side, Side]) -> tuple[Side, Side]:
    """The sides, once turns of a queue are no longer than it allows who gets them; those behind move up."""
    one, other = sides
    lengths = {one.held["id"]: one.seconds_for(other), other.held["id"]: other.seconds_for(one)}
    for each in sides:
        if lengths[each.held["id"]] < each.held["seconds"]:
            rows = arranging.rows_of(tx.conn, each.held["list_id"])
            turns = [
                replace(turn, seconds=min(turn.seconds, lengths.get(turn.id, turn.seconds)))
                for turn in map(arranging.turn_of, rows)
            ]
            queues.arrange(tx, by, each.place, each.held["list_id"], turns)
    one, other = (_again(tx.conn, each) for each in sides)
    return one, other


def _again(conn: Connection, side: Side) -> Side:
    """As it stands after turns were shortened: its slot, and what its calendar has shown."""
    shown = conn.all(_SHOWN, inscription=side.row["id"])[0]
    return replace(
        side,
        row=side.row | {"sequence": shown[0], "shown_at": shown[1]},
        held=_HELD.all(conn, inscription=side.row["id"])[0],
    )


def _seat(tx: Tx, who: Side, there: Side) -> None:
    # The number that a calendar shows counts the meeting's changes too, and must not fall where she changes meetings.
    counted = who.held["sequence"] + who.held["links_sequence"] - there.held["sequence"]
    rise = max(0, counted) if who.place.meeting != there.place.meeting else 0
    key = who.row["organisation_id"] if there.held["one_per_organisation"] else None
    try:
        tx.conn.update(
            Inscription, who.row["id"], list_id=there.held["list_id"], meeting_id=there.place.meeting,
            slot_id=there.held["id"], organisation_key=key, sequence=who.row["sequence"] + 1 + rise,
            shown_at=shown_after(tx.now, who.row["shown_at"]), version=who.row["version"] + 1,
            foreseen_start=None, foreseen_seconds=None, foreseen_at=None,
        )  # fmt: skip
    except UniqueTaken as taken:
        raise AlreadyInscribed("One of the two, or its organisation, has a place in the other's list.") from taken
    tx.conn.update(Slot, there.held["id"], inscription_id=who.row["id"], version=there.held["version"] + 1)
