"""The chair's hand on the order: a turn for one who waits, and a turn put somewhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from scheduler.errors import Meaningless, NotAllowedNow
from scheduler.ids import new_id
from scheduler.lists import arranging, at_hand, queues
from scheduler.lists.allotting import Given, give
from scheduler.lists.arranging import Hand
from scheduler.lists.at_hand import Named
from scheduler.lists.claims import check_accredited
from scheduler.lists.place import Place, Row, Rows
from scheduler.lists.queries import inscription
from scheduler.lists.rules import CALLED, most_seconds
from scheduler.lists.slot_queries import NO_SLOT, slot_views
from scheduler.lists.slots import Turn, moved_behind, packed, until, waiting_from
from scheduler.lists.turns import behind, list_of, permitted
from scheduler.lists.views import SlotView
from scheduler.people.permission import Actor
from scheduler.storage.versions import check_version
from scheduler.storage.writer import Tx

_INSCRIPTION = Rows(
    select(*inscription.c).where(
        inscription.c.id == bindparam("inscription"), inscription.c.list_id == bindparam("list")
    )
)


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A turn for a pending inscription: behind the slot `after` (None: the first), or with `last` at the end.

    `seconds` None: what she asked for, as far as the list gives it to her category.
    """

    inscription: str
    seconds: int | None = None
    after: str | None = None
    last: bool = False


def allot(tx: Tx, actor: Actor, list_id: str, new: NewTurn) -> SlotView:
    """Gives a turn to somebody who is pending in a queue list, whatever the policy says; also during the meeting.

    Those behind it move back. The session's chair and secretariat may.

    Raises:
        NotFound, Forbidden, Meaningless: no such list; she may not; `inscription` or `after` is not of this list.
        NotAccredited: the speaker's organisation is not approved in the session any more.
        NotAllowedNow: she is not pending; the meeting is cancelled or over.
        OverBudget, RemoteBudgetExceeded: it, or a turn behind it (`slots`), has no room; too few remote minutes.
    """
    row, place, by = permitted(tx.conn, actor, list_id)
    asked = _INSCRIPTION.first(tx.conn, inscription=new.inscription, list=list_id)
    if asked is None:
        raise Meaningless("There is no such inscription in this list.", field="inscription")
    rows = arranging.rows_of(tx.conn, list_id)
    turns = [arranging.turn_of(each) for each in rows]
    at = len(turns) if new.last else max(behind(rows, new.after), waiting_from(turns))
    _check_accredited(tx, row, place, asked)
    place.check_alive()
    if row["allocation"] != "queue":
        raise NotAllowedNow("The slots of this list are booked. Choose one that is free.", allowed=["book"])
    if asked["status"] != "pending":
        raise NotAllowedNow(f"This inscription is {asked['status']}; only one that is pending is allotted.", allowed=[])
    turn = Turn(new_id(), 0, new.seconds or _seconds(row, asked), spare=False)
    said = {
        "kind": "statement",
        "status": "booked",
        "inscription_id": asked["id"],
        "placed_at": None if new.last else tx.now,
    }
    queues.arrange(tx, by, place, list_id, [*turns[:at], turn, *turns[at:]], added={turn.id: said})
    made = next(each for each in arranging.rows_of(tx.conn, list_id) if each["id"] == turn.id)
    give(tx, by, place, [Given(asked, made)])
    return slot_views(tx.conn, [turn.id])[0]


def move(tx: Tx, actor: Actor, slot_id: str, after: str | None, expected_version: int | None = None) -> SlotView:
    """Puts a slot behind another of its list, or before all that were not called yet (None).

    In a queue those between follow; in a timed list those from the one to the other share their time in the new order,
    and nobody else is moved. An allocation keeps it there if it can. The session's chair and secretariat may.

    Raises:
        NotFound, Forbidden, Meaningless: there is no such slot; she may not; `after` is no other slot of its list.
        NotAllowedNow: it, or in a timed list one between, has been called; the meeting is cancelled or over.
        OverBudget, VersionConflict: a turn has no room in its window; somebody was first.
    """
    row, place, by = permitted(tx.conn, actor, list_of(tx.conn, slot_id), NO_SLOT)
    rows = arranging.rows_of(tx.conn, row["id"])
    if after == slot_id:
        raise Meaningless("A slot cannot be put behind itself. Name another.", field="after")
    behind(rows, after)
    place.check_alive()
    here = next(each for each in rows if each["id"] == slot_id)
    check_version(expected_version, here["version"], lambda: slot_views(tx.conn, [slot_id])[0])
    if here["status"] in CALLED:
        raise NotAllowedNow("This turn has been called. The floor decides on it.", allowed=[])
    turns = [arranging.turn_of(each) for each in rows]
    order = moved_behind(turns, slot_id, after)
    if [turn.id for turn in order] != [turn.id for turn in turns]:
        hand = Hand(slot_id, after)
        if row["allocation"] == "queue":
            queues.arrange(tx, by, place, row["id"], order, hand=hand)
        else:
            arranging.apply(
                tx, by, place, rows, until(_shared(turns, order, row["gap_seconds"]), row["window_end"]),
                positions={turn.id: each["position"] for turn, each in zip(order, rows, strict=True)}, hand=hand,
            )  # fmt: skip
    return slot_views(tx.conn, [slot_id])[0]


def _check_accredited(tx: Tx, row: Row, place: Place, asked: Row) -> None:
    hand = at_hand.read_list(tx.conn, row, place, Named({}, [asked["person_id"]], [asked["organisation_id"]]))
    speaker = hand.speakers.get(asked["person_id"])
    check_accredited(hand, place, {asked["organisation_id"], speaker.organisation if speaker else None})


def _seconds(row: Row, asked: Row) -> int:
    most = most_seconds(asked["category"], row["seconds_default"], row["seconds_by_category"])
    return min(asked["seconds_requested"] or most, most)


def _shared(turns: Sequence[Turn], order: Sequence[Turn], gap: int) -> list[Turn]:
    """A timed list in a new order: the turns whose place is another share the time that they had."""
    places = [at for at, (one, other) in enumerate(zip(turns, order, strict=True)) if one.id != other.id]
    first, end = places[0], places[-1] + 1
    if any(turn.called for turn in turns[first:end]):
        raise NotAllowedNow("A turn between the two has been called. Those that were called stay.", allowed=[])
    return [*order[:first], *packed(order[first:end], turns[first].starts_after, gap), *order[end:]]
