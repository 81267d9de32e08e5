"""A turn that is withdrawn, taken back or made longer in a queue: what becomes of it, and of those behind it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from scheduler.errors import ModeNotOffered, NotAllowedNow, NotFound, OverBudget, RemoteBudgetExceeded
from scheduler.journal.entries import Entry
from scheduler.journal.following import entries_after
from scheduler.lists import changing, turns, withdrawing
from scheduler.lists.calendar import slot_events
from scheduler.lists.events import SlotEvent
from scheduler.lists.inscription_queries import one_inscription
from scheduler.lists.place import Rows, meeting
from scheduler.lists.queries import inscription, list_view
from scheduler.lists.reader import reader_of
from scheduler.lists.slot_queries import one_slot
from scheduler.lists.tables import Slot
from scheduler.lists.turns import Interlude
from scheduler.lists.views import InscriptionView, SlotView
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme.tables import Meeting
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import queueing
from tests.makers.people import MADE_AT
from tests.makers.speaking import STARTS_AT, Scene

_OF = Rows(select(*inscription.c).where(inscription.c.id == bindparam("inscription")))


@pytest.fixture
def scene(writer: Writer) -> Scene:
    return writer.act_now(queueing.scene)


@pytest.fixture
def abc(writer: Writer, scene: Scene) -> list[SlotView]:
    """Three turns of three minutes; the first and the last of remote speakers."""
    modes = ("remote", "in_person", "remote")
    return writer.act_now(lambda tx: [queueing.turn(tx, scene, *each) for each in zip("ABC", modes, strict=True)])


@pytest.fixture
def hers(writer: Writer, scene: Scene, ada: Actor) -> str:
    """Ada's inscription, with a turn."""
    made = writer.act_now(lambda tx: queueing.inscribed(tx, scene, ada))
    writer.act_now(lambda tx: queueing.allotted(tx, scene, made))
    return made


def withdraw(writer: Writer, inscription_id: str | None) -> None:
    writer.act_now(lambda tx: withdrawing.withdraw(tx, OPERATOR, str(inscription_id)))


def take_out(writer: Writer, slot: str) -> None:
    writer.act_now(lambda tx: turns.take_out(tx, OPERATOR, slot))


def told(conn: Connection, kind: str) -> list[Entry]:
    return [entry for entry in entries_after(conn, 0, 500) if entry.kind == kind]


def mine(conn: Connection, ada: Actor) -> SlotEvent:
    (event,) = slot_events(conn, reader_of(conn, ada), person=ada.id)
    return event


def test_withdrawn_turn_goes_and_those_behind_move_up(
    writer: Writer, conn: Connection, scene: Scene, abc: list[SlotView]
) -> None:
    withdraw(writer, abc[0].inscription)

    assert queueing.planned(conn, scene.list) == [(abc[1].id, 0), (abc[2].id, 180)]
    with pytest.raises(NotFound):
        one_slot(conn, PUBLIC, abc[0].id)
    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(180,)]
    (entry,) = told(conn, "inscription.withdrawn")
    assert entry.data == {"list": scene.list, "slot": abc[0].id, "status": "withdrawn"}
    assert [entry.subject_id for entry in told(conn, "slot.moved")] == [abc[1].id, abc[2].id]
    assert list_view(conn, scene.list, MADE_AT).counts.slots == 2


def test_withdrawal_while_pending_is_not_told_to_the_public(
    writer: Writer, conn: Connection, scene: Scene, abc: list[SlotView]
) -> None:
    hers = writer.act_now(lambda tx: queueing.speaker(tx, scene, "Dora"))

    withdraw(writer, hers)

    (entry,) = told(conn, "inscription.withdrawn")
    assert (entry.audience.public, entry.data) == (False, {"list": scene.list})
    assert len(queueing.planned(conn, scene.list)) == 3
    assert told(conn, "slot.moved") == []


def test_who_was_called_cannot_withdraw(writer: Writer, abc: list[SlotView]) -> None:
    writer.act_now(lambda tx: tx.conn.update(Slot, abc[0].id, status="speaking"))

    with pytest.raises(NotAllowedNow):
        withdraw(writer, abc[0].inscription)
    with pytest.raises(NotAllowedNow):
        take_out(writer, abc[0].id)
    with pytest.raises(NotAllowedNow):
        writer.act_now(lambda tx: turns.change(tx, OPERATOR, abc[0].id, {"seconds": 60}))


def test_turn_that_the_chair_takes_out_leaves_her_pending(
    writer: Writer, conn: Connection, scene: Scene, abc: list[SlotView]
) -> None:
    take_out(writer, abc[0].id)

    assert queueing.planned(conn, scene.list) == [(abc[1].id, 0), (abc[2].id, 180)]
    view = one_inscription(conn, Reader(OPERATOR), str(abc[0].inscription))
    assert (view.status, view.slot, view.version) == ("pending", None, 3)
    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(180,)]
    (entry,) = told(conn, "inscription.returned")
    assert (entry.subject_id, entry.audience.public, entry.audience.person) == (view.id, True, view.person.id)
    assert entry.data == {"list": scene.list, "slot": abc[0].id, "status": "withdrawn"}
    assert told(conn, "slot.removed") == []


def test_her_calendar_shows_the_turn_cancelled_and_then_the_new_one(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, hers: str
) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, join_url="https://x.example", links_sequence=2))
    seen = [mine(conn, ada)]
    take_out(writer, str(_OF.all(conn, inscription=hers)[0]["slot_id"]))
    seen.append(mine(conn, ada))
    writer.act_now(lambda tx: queueing.turn(tx, scene, "Bea"))
    writer.act_now(lambda tx: queueing.allotted(tx, scene, hers))
    seen.append(mine(conn, ada))
    withdraw(writer, hers)
    seen.append(mine(conn, ada))

    assert [event.id for event in seen] == [hers] * 4
    assert [(event.cancelled, event.starts_at - STARTS_AT) for event in seen] == [
        (False, timedelta()),
        (True, timedelta()),
        (False, timedelta(minutes=3)),
        (True, timedelta(minutes=3)),
    ]
    for before, after in pairwise(seen):
        assert after.sequence > before.sequence
        assert after.changed_at > before.changed_at


def test_withdrawing_while_waiting_again_keeps_the_cancelled_turn(
    writer: Writer, conn: Connection, ada: Actor, hers: str
) -> None:
    take_out(writer, str(_OF.all(conn, inscription=hers)[0]["slot_id"]))
    before = mine(conn, ada)

    withdraw(writer, hers)

    event = mine(conn, ada)
    assert (event.cancelled, event.starts_at, event.sequence) == (True, before.starts_at, before.sequence + 1)


def test_longer_turn_moves_those_behind_it_and_takes_remote_minutes(
    writer: Writer, conn: Connection, scene: Scene, abc: list[SlotView]
) -> None:
    changed = writer.act_now(lambda tx: turns.change(tx, OPERATOR, abc[0].id, {"seconds": 300}))

    assert (changed.seconds, changed.version) == (300, 2)
    assert queueing.planned(conn, scene.list) == [(abc[0].id, 0), (abc[1].id, 300), (abc[2].id, 480)]
    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(480,)]


def test_panel_is_put_among_the_turns_and_taken_out_again(
    writer: Writer, conn: Connection, scene: Scene, abc: list[SlotView]
) -> None:
    panel = writer.act_now(
        lambda tx: turns.put(tx, OPERATOR, scene.list, Interlude("panel", 600, "Panel", after=abc[0].id))
    )

    assert (panel.kind, panel.position, panel.starts_at) == ("panel", 2, datetime(2022, 6, 8, 8, 3, tzinfo=UTC))
    assert queueing.planned(conn, scene.list)[1:] == [(panel.id, 180), (abc[1].id, 780), (abc[2].id, 960)]
    take_out(writer, panel.id)
    assert [start for _, start in queueing.planned(conn, scene.list)] == [0, 180, 360]
    assert [entry.subject_id for kind in ("slot.added", "slot.removed") for entry in told(conn, kind)] == [panel.id] * 2


def test_panel_without_room_is_refused(writer: Writer, scene: Scene, abc: list[SlotView]) -> None:
    with pytest.raises(OverBudget) as refused:
        writer.act_now(lambda tx: turns.put(tx, OPERATOR, scene.list, Interlude("panel", 10_400, after=abc[0].id)))

    assert refused.value.data["slots"] == [abc[2].id]


def change(writer: Writer, inscription_id: str | None, **changes: Any) -> InscriptionView:
    return writer.act_now(lambda tx: changing.change(tx, OPERATOR, str(inscription_id), changes))


def test_new_mode_takes_remote_minutes_only_where_she_has_a_turn(
    writer: Writer, conn: Connection, scene: Scene, abc: list[SlotView]
) -> None:
    waiting = writer.act_now(lambda tx: queueing.speaker(tx, scene, "Dora"))
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, remote_budget_seconds=400))

    assert change(writer, waiting, mode="remote").mode == "remote"
    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(360,)]
    with pytest.raises(RemoteBudgetExceeded):
        change(writer, abc[1].inscription, mode="remote")
    change(writer, abc[0].inscription, mode="video")
    change(writer, abc[1].inscription, mode="remote")
    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(360,)]


def test_wish_for_more_time_changes_no_turn(
    writer: Writer, conn: Connection, scene: Scene, abc: list[SlotView]
) -> None:
    changed = change(writer, abc[0].inscription, seconds_requested=600, topic="Article 6")

    assert (changed.seconds_requested, [each.code for each in changed.warnings]) == (600, ["seconds-above-limit"])
    assert [start for _, start in queueing.planned(conn, scene.list)] == [0, 180, 360]


def test_mode_that_the_list_does_not_offer_is_refused(writer: Writer) -> None:
    scene = writer.act_now(lambda tx: queueing.scene(tx, modes=["in_person"]))
    hers = writer.act_now(lambda tx: queueing.speaker(tx, scene, "Dora"))

    with pytest.raises(ModeNotOffered):
        change(writer, hers, mode="video")
