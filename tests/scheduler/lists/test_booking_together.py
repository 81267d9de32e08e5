"""Many bookings decided by one call: as they would have been one by one."""

import asyncio
from collections import Counter
from typing import Any

from scheduler.errors import NotSignedIn, Refusal, SlotTaken
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.lists import booking
from scheduler.lists.booking import Booking, Wish
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import Actor
from scheduler.people.tables import Person
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import speakers

Asked = tuple[int, int, dict[str, Any]]
"""Who (a speaker's number), which slot (its number), and more of a Booking."""

REMOTE: dict[str, Any] = {"mode": "remote"}
ASKED: list[Asked] = [
    (0, 0, {}),
    (1, 0, {}),
    (0, 1, {}),
    (2, 1, REMOTE),
    (3, 2, REMOTE),
    (4, 2, REMOTE),
    (4, 3, REMOTE),
    (5, 3, {"person": new_id()}),
    (6, 99, {}),
    (7, 4, {"mode": "video", "topic": "Article 6"}),
    (8, 4, {}),
    (8, 5, {}),
    (9, 6, {}),
]


def world(writer: Writer, code: str) -> tuple[Scene, list[Actor]]:
    values = {"remote_budget_seconds": 1_100}
    scene = writer.act_now(lambda tx: speaking.scene(tx, code=code, capacity=6, meeting_values=values))
    people = writer.act_now(lambda tx: [speaking.speaker(tx, scene, f"{code} {n}") for n in range(10)])
    return scene, people


def wishes(scene: Scene, people: list[Actor], asked: list[Asked]) -> list[Wish]:
    return [
        Wish(
            str(people[who].id),
            scene.slots[slot] if slot < len(scene.slots) else new_id(),
            Booking(**{"mode": "in_person"} | more),
        )
        for who, slot, more in asked
    ]


def ends(outcome: InscriptionView | Refusal, scene: Scene) -> tuple[Any, ...]:
    """What became of a wish, in a form that two scenes share."""
    if isinstance(outcome, InscriptionView):
        return outcome.status, scene.slots.index(str(outcome.slot)), outcome.mode, outcome.topic
    return (outcome.code,)


def one_by_one(writer: Writer, each: Wish) -> InscriptionView | Refusal:
    return writer.act_now(lambda tx: booking.book_together(tx, [each]))[0]


def test_bookings_decided_together_end_as_one_by_one(writer: Writer) -> None:
    together, people = world(writer, "ahc-2")
    apart, others = world(writer, "ahc-3")

    at_once = writer.act_now(lambda tx: booking.book_together(tx, wishes(together, people, ASKED)))
    singly = [one_by_one(writer, each) for each in wishes(apart, others, ASKED)]

    found = [ends(each, together) for each in at_once]
    assert found == [ends(each, apart) for each in singly]
    assert [each[0] for each in found] == [
        "allotted",
        "slot-taken",
        "already-inscribed",
        "allotted",
        "allotted",
        "slot-taken",
        "remote-budget-exceeded",
        "not-allowed",
        "not-found",
        "allotted",
        "slot-taken",
        "allotted",
        "allotted",
    ]


def test_who_lost_is_told_what_is_free_after_all_who_won(writer: Writer, scene: Scene) -> None:
    people = speakers(writer, scene, 4)
    asked: list[Asked] = [(0, 5, {}), (1, 5, {}), (2, 4, {}), (3, 6, {})]

    outcomes = writer.act_now(lambda tx: booking.book_together(tx, wishes(scene, people, asked)))

    lost = outcomes[1]
    assert isinstance(lost, SlotTaken)
    assert [slot.id for slot in lost.data["nearest"]] == [scene.slots[n] for n in (3, 7, 2)]


def test_full_list_has_no_nearest_even_where_it_was_filled_meanwhile(writer: Writer) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, capacity=1))
    people = speakers(writer, scene, 2)

    outcomes = writer.act_now(lambda tx: booking.book_together(tx, wishes(scene, people, [(0, 0, {}), (1, 0, {})])))

    assert isinstance(outcomes[1], SlotTaken)
    assert outcomes[1].data["nearest"] == []


def test_who_was_erased_meanwhile_is_not_signed_in(writer: Writer, scene: Scene) -> None:
    people = speakers(writer, scene, 2)
    writer.act_now(lambda tx: tx.conn.update(Person, str(people[0].id), erased=True))

    outcomes = writer.act_now(lambda tx: booking.book_together(tx, wishes(scene, people, [(0, 0, {}), (1, 1, {})])))

    assert isinstance(outcomes[0], NotSignedIn)
    assert isinstance(outcomes[1], InscriptionView)


def test_each_booking_has_its_entry_in_the_order_of_asking(writer: Writer, conn: Connection, scene: Scene) -> None:
    people = speakers(writer, scene, 3)

    made = writer.act_now(
        lambda tx: booking.book_together(tx, wishes(scene, people, [(0, 2, {}), (1, 1, {}), (2, 0, {})]))
    )

    told = [entry.subject_id for entry in entries_after(conn, 0, 100) if entry.kind == "inscription.booked"]
    assert told == [each.id for each in made if isinstance(each, InscriptionView)]


async def test_rush_for_all_slots_gives_each_once(writer: Writer, conn: Connection, scene: Scene) -> None:
    people = speakers(writer, scene, 40)

    async def one(who: int, slot: int) -> str:
        wish = Wish(str(people[who].id), scene.slots[slot], Booking("in_person"))
        try:
            return str((await writer.act_together(booking.book_together, wish)).status)
        except Refusal as refusal:
            return refusal.code

    said = Counter(await asyncio.gather(*(one(who, (who * 7 + turn) % 20) for turn in range(20) for who in range(40))))

    assert said["allotted"] == 20
    assert set(said) == {"allotted", "slot-taken", "already-inscribed"}
    assert [row["status"] for row in speaking.slots(conn, scene.list)] == ["booked"] * 20
