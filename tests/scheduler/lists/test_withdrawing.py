from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from scheduler.errors import Forbidden, NotAllowedNow, NotFound
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.lists import opening, withdrawing
from scheduler.lists.inscription_queries import one_inscription
from scheduler.lists.place import Rows, meeting
from scheduler.lists.queries import inscription
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme.tables import Meeting
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book

_ALL = Rows(select(*inscription.c))


def withdraw(writer: Writer, actor: Actor, inscription_id: str) -> None:
    writer.act_now(lambda tx: withdrawing.withdraw(tx, actor, inscription_id))


def test_withdrawing_frees_the_slot_and_keeps_where_it_was(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[2], "remote")

    withdraw(writer, ada, made.id)

    freed = speaking.slots(conn, scene.list)[2]
    assert (freed["status"], freed["inscription_id"]) == ("free", None)
    (row,) = _ALL.all(conn)
    assert (row["status"], row["held_after"], row["held_seconds"], row["version"]) == ("withdrawn", 1_080, 540, 2)
    # In the very second of the booking, and yet shown as later.
    assert (row["sequence"], row["shown_at"]) == (1, datetime(2022, 5, 1, 12, 0, 1, tzinfo=UTC))
    assert one_inscription(conn, Reader(ada), made.id).slot is None
    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(0,)]
    entry = entries_after(conn, 0, 100)[-1]
    assert (entry.kind, entry.data) == (
        "inscription.withdrawn",
        {"list": scene.list, "slot": scene.slots[2], "status": "free"},
    )


def test_sequence_takes_in_the_links_that_a_cancelled_entry_does_not_show(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[2])
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, links_sequence=4))

    withdraw(writer, ada, made.id)

    assert _ALL.all(conn)[0]["sequence"] == 5


def test_minutes_are_given_back_also_where_the_cap_was_lowered_meanwhile(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    bob = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob"))
    book(bob, scene.slots[0], "remote")
    made = book(ada, scene.slots[2], "remote")
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, remote_budget_seconds=0))

    withdraw(writer, ada, made.id)

    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(540,)]


def test_withdrawn_speaker_may_book_again(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    first = book(ada, scene.slots[2])
    withdraw(writer, ada, first.id)

    assert book(ada, scene.slots[2]).id != first.id


def test_withdrawal_is_possible_on_a_closed_list_and_only_once(
    writer: Writer, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[2])
    writer.act_now(lambda tx: opening.close_list(tx, OPERATOR, scene.list))

    withdraw(writer, ada, made.id)

    with pytest.raises(NotAllowedNow):
        withdraw(writer, ada, made.id)


def test_who_may_act_for_the_speaker_may_withdraw_her(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    bob = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob"))
    grants = (Grant("focal_point", "organisation", ada.organisation),)
    focal = writer.act_now(lambda tx: speaking.colleague(tx, ada, grants=grants))
    colleague = writer.act_now(lambda tx: speaking.colleague(tx, ada, "Other"))
    made = book(ada, scene.slots[2])

    for stranger in (bob, colleague):
        with pytest.raises(Forbidden):
            withdraw(writer, stranger, made.id)
    withdraw(writer, focal, made.id)


def test_withdrawn_inscription_is_nothing_that_others_may_know_of(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[2])
    assert one_inscription(conn, PUBLIC, made.id).person.name == "Ada Example"

    withdraw(writer, ada, made.id)

    with pytest.raises(NotFound):
        one_inscription(conn, PUBLIC, made.id)


def test_booking_of_a_slot_is_withdrawn_by_the_slot(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    book(ada, scene.slots[2])

    writer.act_now(lambda tx: withdrawing.withdraw_booking(tx, ada, scene.slots[2]))

    for nothing in (scene.slots[2], new_id()):
        with pytest.raises(NotFound):
            writer.act_now(lambda tx: withdrawing.withdraw_booking(tx, ada, nothing))  # noqa: B023  -- called at once


def test_inscriptions_of_a_cancelled_meeting_rest(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[2])
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="cancelled"))

    with pytest.raises(NotAllowedNow):
        withdraw(writer, ada, made.id)
