from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import (
    AlreadyExists,
    Forbidden,
    Meaningless,
    ModeNotOffered,
    NotAllowedNow,
    NotFound,
    OverBudget,
    RemoteBudgetExceeded,
    VersionConflict,
)
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.lists import drawing_up, turns
from scheduler.lists.particulars import NewList
from scheduler.lists.turns import Interlude
from scheduler.lists.views import ClosesWhen, Counts, ListView, PolicyOptions, Window
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.programme.tables import Meeting
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, places, speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book, speakers


def add(writer: Writer, meeting: str, actor: Actor = OPERATOR, **said: Any) -> ListView:
    new: dict[str, Any] = {"title": "Item 5", "allocation": "timed", "slot_seconds": 600} | said
    return writer.act_now(lambda tx: drawing_up.add(tx, actor, meeting, NewList(**new)))


def change(writer: Writer, list_id: str, expected: int | None = None, **changes: Any) -> ListView:
    return writer.act_now(lambda tx: drawing_up.change(tx, OPERATOR, list_id, changes, expected))


def offsets(conn: Connection, list_id: str) -> list[tuple[int, int]]:
    return [(row["starts_after"], row["seconds"]) for row in speaking.slots(conn, list_id)]


@pytest.fixture
def meeting(writer: Writer) -> str:
    return writer.act_now(lambda tx: speaking.meeting(tx, places.session(tx)))


def test_list_with_all_that_can_be_said(writer: Writer) -> None:
    def place(tx: Tx) -> tuple[str, str]:
        of = places.session(tx)
        return speaking.meeting(tx, of), speaking.item(tx, of)

    meeting, item = writer.act_now(place)
    closes = {"date": "2022-06-07", "time": "18:00", "timezone": "America/New_York"}

    made = add(
        writer,
        meeting,
        item=item,
        position=3,
        opens_at="2022-05-30T00:00:00Z",
        closes_at=closes,
        closes_when={"item": item, "state": "ended"},
        modes=["remote", "video"],
        policy_options={"order": [["member_state"], ["ngo"]], "steps": []},
        seconds_default=240,
        seconds_by_category={"ngo": 120},
        window={"start": "11:00", "end": "12:00"},
        gap_seconds=60,
        capacity=4,
        one_per_organisation=True,
    )

    assert made == ListView(
        id=made.id,
        meeting=meeting,
        item=item,
        position=3,
        title="Item 5",
        allocation="timed",
        status="pending",
        opens_at=datetime(2022, 5, 30, tzinfo=UTC),
        opens_as="2022-05-30T00:00:00Z",
        closes_at=datetime(2022, 6, 7, 22, tzinfo=UTC),
        closes_as=closes,
        closes_when=ClosesWhen(item, "ended"),
        modes=("remote", "video"),
        policy="first_come",
        policy_options=PolicyOptions((("member_state",), ("ngo",)), ()),
        seconds_default=240,
        seconds_by_category={"ngo": 120},
        window=Window("11:00", "12:00", None),
        slot_seconds=600,
        gap_seconds=60,
        capacity=4,
        one_per_organisation=True,
        version=1,
        counts=Counts(5, 5, 0, 0, 0, 0),
        seconds_left=3_000,
        draw=None,
    )


def test_list_of_which_little_is_said_has_the_defaults(writer: Writer, meeting: str) -> None:
    made = add(writer, meeting)

    assert (made.position, made.item, made.closes_when, made.opens_as) == (1, None, None, None)
    assert (made.modes, made.gap_seconds, made.seconds_default) == (("in_person", "remote", "video"), 0, 180)
    assert (made.window, made.capacity, made.counts.slots) == (Window("10:00", "13:00", None), 18, 18)
    assert (made.policy_options, made.seconds_by_category) == (PolicyOptions((), ()), {})


def test_list_takes_what_earlier_lists_leave(writer: Writer, meeting: str) -> None:
    add(writer, meeting, window={"start": "10:00", "end": "11:30"})

    second = add(writer, meeting)

    assert (second.position, second.window, second.counts.slots) == (2, Window("11:30", "13:00", None), 9)
    with pytest.raises(OverBudget):
        add(writer, meeting)


def test_each_list_of_a_meeting_has_a_position_of_its_own(writer: Writer, meeting: str) -> None:
    first = add(writer, meeting, title="First", window={"start": "10:00", "end": "11:00"})
    second = add(writer, meeting, title="Second", window={"start": "11:00", "end": "12:00"})

    with pytest.raises(AlreadyExists, match="The list 'First' is at position 1 already"):
        add(writer, meeting, position=1, window={"start": "12:00", "end": "13:00"})
    with pytest.raises(AlreadyExists, match="The list 'Second' is at position 2 already"):
        change(writer, first.id, position=2)

    assert change(writer, second.id, position=2).version == 1
    assert change(writer, second.id, position=3).position == 3
    assert change(writer, first.id, position=2).position == 2


def test_windows_that_overlap_stand_as_they_are_written(writer: Writer, conn: Connection, meeting: str) -> None:
    first = add(writer, meeting, window={"start": "10:00", "end": "10:20"})
    second = add(writer, meeting, window={"start": "10:10", "end": "10:30"})

    assert [offsets(conn, each.id) for each in (first, second)] == [[(0, 600), (600, 600)], [(600, 600), (1_200, 600)]]


def test_queue_list_has_no_slots(writer: Writer, meeting: str) -> None:
    made = add(writer, meeting, allocation="queue", slot_seconds=None)

    assert (made.allocation, made.capacity, made.counts.slots) == ("queue", None, 0)


def test_slots_lie_in_the_window_and_not_behind_it(writer: Writer, conn: Connection, meeting: str) -> None:
    made = add(writer, meeting, window={"start": "11:00", "end": "11:25"}, gap_seconds=60)

    assert offsets(conn, made.id) == [(3_600, 600), (4_260, 600)]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"slot_seconds": None}, "slot_seconds"),
        ({"slot_seconds": 10_801}, "slot_seconds"),
        ({"slot_seconds": 5}, "slot_seconds"),
        ({"capacity": 19}, "capacity"),
        ({"item": "c0ffee00-0000-4000-8000-000000000000"}, "item"),
        ({"closes_when": {"item": "c0ffee00-0000-4000-8000-000000000000", "state": "ended"}}, "closes_when.item"),
        ({"opens_at": "2022-06-01T00:00:00Z", "closes_at": "2022-06-01T00:00:00Z"}, "closes_at"),
        ({"opens_at": "soon"}, "opens_at"),
        ({"window": {"start": "09:00", "end": "10:00"}}, "window"),
    ],
)
def test_list_that_cannot_be_meant_is_refused(writer: Writer, meeting: str, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Meaningless) as refused:
        add(writer, meeting, **said)

    assert refused.value.faults[0].field == field


def test_mode_that_the_format_does_not_have_is_refused(writer: Writer, meeting: str) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, meeting, format="in_person"))

    with pytest.raises(ModeNotOffered):
        add(writer, meeting, modes=["remote"])
    assert add(writer, meeting).modes == ("in_person",)


def test_only_the_secretariat_draws_up_lists(writer: Writer, scene: Scene) -> None:
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),)))

    with pytest.raises(Forbidden):
        add(writer, scene.meeting, chair)
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: drawing_up.change(tx, chair, scene.list, {"title": "x"}))
    with pytest.raises(NotFound):
        add(writer, new_id(), chair)


def test_cancelled_meeting_takes_no_list(writer: Writer, scene: Scene) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="cancelled"))

    with pytest.raises(NotAllowedNow):
        add(writer, scene.meeting, window={"start": "10:00", "end": "11:00"})
    with pytest.raises(NotAllowedNow):
        change(writer, scene.list, title="Other")


def test_change_keeps_the_rest_and_counts_up(writer: Writer, conn: Connection, scene: Scene) -> None:
    changed = change(writer, scene.list, title="Item 6", capacity=None)

    assert (changed.title, changed.slot_seconds, changed.version, changed.status) == ("Item 6", 540, 3, "open")
    entry = entries_after(conn, 0, 100)[-1]
    assert (entry.kind, entry.data) == ("list.changed", {"list": scene.list, "fields": ["title"]})


def test_change_to_what_is_so_already_changes_nothing(writer: Writer, conn: Connection, scene: Scene) -> None:
    before = len(entries_after(conn, 0, 100))

    assert change(writer, scene.list, title="Item 5", gap_seconds=0, modes=None).version == 2
    assert len(entries_after(conn, 0, 100)) == before


def test_change_on_a_stale_reading_is_refused_with_the_present_one(writer: Writer, scene: Scene) -> None:
    with pytest.raises(VersionConflict) as refused:
        change(writer, scene.list, expected=1, title="Item 6")

    assert (refused.value.data["current"].version, refused.value.data["current"].title) == (2, "Item 5")


def test_allocation_never_changes(writer: Writer, scene: Scene) -> None:
    with pytest.raises(Meaningless) as refused:
        change(writer, scene.list, allocation="queue")

    assert refused.value.faults[0].field == "allocation"


def test_longer_window_adds_free_slots(writer: Writer, conn: Connection, meeting: str) -> None:
    made = add(writer, meeting, window={"start": "10:00", "end": "10:20"})
    before = speaking.slots(conn, made.id)

    change(writer, made.id, window={"start": "10:00", "end": "10:30"})

    after = speaking.slots(conn, made.id)
    assert (after[:2], [row["starts_after"] for row in after]) == (before, [0, 600, 1_200])
    told = [entry.subject_id for entry in entries_after(conn, 0, 100) if entry.kind == "slot.added"]
    assert told == [after[2]["id"]]


def test_shorter_window_takes_free_slots_and_keeps_booked_ones(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[1])

    changed = change(writer, scene.list, window={"start": "10:30", "end": "11:00"})

    assert (changed.counts.slots, changed.counts.free) == (3, 2)
    assert [row["inscription_id"] for row in speaking.slots(conn, scene.list)] == [None, made.id, None]
    assert offsets(conn, scene.list) == [(1_800, 540), (2_340, 540), (2_880, 540)]
    assert "slot.moved" in {entry.kind for entry in entries_after(conn, 0, 100)}


def test_window_without_room_for_a_booked_slot_is_refused(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    book(ada, scene.slots[5])
    before = speaking.slots(conn, scene.list)

    with pytest.raises(NotAllowedNow) as refused:
        change(writer, scene.list, window={"start": "10:00", "end": "10:30"})

    assert refused.value.data["slots"] == [scene.slots[5]]
    assert speaking.slots(conn, scene.list) == before


def test_longer_slots_move_those_behind_and_remote_minutes_follow(writer: Writer, conn: Connection, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, meeting_values={"remote_budget_seconds": 1_300}))
    ada, bob = speakers(writer, scene, 2)
    book(ada, scene.slots[0], "remote")
    book(bob, scene.slots[1], "remote")

    with pytest.raises(RemoteBudgetExceeded):
        change(writer, scene.list, slot_seconds=700)
    change(writer, scene.list, slot_seconds=650)

    assert offsets(conn, scene.list)[:3] == [(0, 650), (650, 650), (1_300, 650)]
    assert len(offsets(conn, scene.list)) == 16


def test_panel_keeps_its_place_when_slots_are_laid_out_again(writer: Writer, conn: Connection, scene: Scene) -> None:
    panel = Interlude("panel", 1_800, after=scene.slots[1])
    writer.act_now(lambda tx: turns.put(tx, OPERATOR, scene.list, panel))

    change(writer, scene.list, slot_seconds=600)

    assert offsets(conn, scene.list)[:4] == [(0, 600), (600, 600), (1_200, 1_800), (3_000, 600)]


def test_one_of_each_organisation_can_be_asked_for_while_each_has_one(
    writer: Writer, scene: Scene, ada: Actor, book: Book
) -> None:
    other = writer.act_now(lambda tx: speaking.colleague(tx, ada))
    book(ada, scene.slots[0])

    assert change(writer, scene.list, one_per_organisation=True).one_per_organisation
    change(writer, scene.list, one_per_organisation=False)
    book(other, scene.slots[1])
    with pytest.raises(NotAllowedNow):
        change(writer, scene.list, one_per_organisation=True)


def test_passed_deadline_is_told_before_it_is_taken_away(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene
) -> None:
    change(writer, scene.list, closes_at="2022-06-01T00:00:00Z")
    clock.set(datetime(2022, 6, 1, tzinfo=UTC))

    assert change(writer, scene.list, closes_at=None).status == "open"
    assert [(e.kind, e.by.role) for e in entries_after(conn, 0, 100)][-3:] == [
        ("list.closed", "clock"),
        ("list.changed", "secretariat"),
        ("list.opened", "secretariat"),
    ]
