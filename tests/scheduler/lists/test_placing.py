from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from scheduler.accreditation.tables import Accreditation
from scheduler.clock.now import SettableClock
from scheduler.errors import (
    Forbidden,
    Meaningless,
    NotAccredited,
    NotAllowedNow,
    NotFound,
    OverBudget,
    RemoteBudgetExceeded,
    VersionConflict,
)
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.lists import placing
from scheduler.lists.inscription_queries import one_inscription
from scheduler.lists.place import Rows, meeting
from scheduler.lists.placing import NewTurn
from scheduler.lists.queries import inscription, list_view, slot
from scheduler.lists.tables import Slot
from scheduler.lists.views import SlotView
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import Reader
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, queueing, speaking
from tests.makers.people import MADE_AT
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book

_INSCRIPTIONS = Rows(select(*inscription.c).order_by(inscription.c.created_at, inscription.c.id))
_SLOTS = Rows(select(*slot.c).order_by(slot.c.position))


@pytest.fixture
def scene(writer: Writer) -> Scene:
    return writer.act_now(queueing.scene)


@pytest.fixture
def abc(writer: Writer, scene: Scene) -> list[str]:
    """The slots of three who have turns of three minutes."""
    return writer.act_now(lambda tx: [queueing.turn(tx, scene, name).id for name in "ABC"])


def allot(writer: Writer, scene: Scene, new: NewTurn, actor: Actor = OPERATOR) -> SlotView:
    return writer.act_now(lambda tx: placing.allot(tx, actor, scene.list, new))


def move(writer: Writer, slot_id: str, after: str | None, expected: int | None = None) -> SlotView:
    return writer.act_now(lambda tx: placing.move(tx, OPERATOR, slot_id, after, expected))


def waiting(writer: Writer, scene: Scene, name: str = "Dora", mode: str = "in_person", seconds: int = 0) -> str:
    asked = {"seconds_requested": seconds} if seconds else {}
    return writer.act_now(lambda tx: queueing.speaker(tx, scene, name, mode, **asked))


def test_pending_inscription_is_given_a_turn_at_the_end(
    writer: Writer, conn: Connection, scene: Scene, abc: list[str]
) -> None:
    hers = waiting(writer, scene)

    made = allot(writer, scene, NewTurn(hers, last=True))

    assert (made.position, made.kind, made.status, made.inscription, made.seconds) == (
        4,
        "statement",
        "booked",
        hers,
        180,
    )
    assert made.starts_at == datetime(2022, 6, 8, 8, 9, tzinfo=UTC)
    assert queueing.planned(conn, scene.list) == [*zip(abc, (0, 180, 360), strict=True), (made.id, 540)]
    row = next(row for row in _INSCRIPTIONS.all(conn) if row["id"] == hers)
    assert (row["status"], row["slot_id"], row["sequence"], row["version"]) == ("allotted", made.id, 0, 2)
    counts = list_view(conn, scene.list, MADE_AT).counts
    assert (counts.slots, counts.booked, counts.pending, counts.allotted) == (4, 4, 0, 4)
    (entry,) = [
        each for each in entries_after(conn, 0, 500) if each.subject_id == hers and each.kind.endswith("allotted")
    ]
    assert (entry.audience.public, entry.audience.person) == (True, row["person_id"])
    assert entry.data == {
        "list": scene.list, "slot": made.id, "status": "booked", "position": 4, "starts_after": 540, "seconds": 180,
    }  # fmt: skip


def test_turn_is_given_behind_another_and_those_behind_move(
    writer: Writer, conn: Connection, scene: Scene, abc: list[str]
) -> None:
    made = allot(writer, scene, NewTurn(waiting(writer, scene), 60, after=abc[0]))

    assert queueing.planned(conn, scene.list) == [(abc[0], 0), (made.id, 180), (abc[1], 240), (abc[2], 420)]
    rows = {row["id"]: row for row in _SLOTS.all(conn)}
    assert rows[made.id]["placed_at"] == datetime(2022, 5, 1, 12, tzinfo=UTC)
    assert [rows[each]["version"] for each in abc] == [1, 2, 2]
    assert [row["sequence"] for row in _INSCRIPTIONS.all(conn) if row["slot_id"] == abc[2]] == [1]


def test_turn_is_given_before_all(writer: Writer, conn: Connection, scene: Scene, abc: list[str]) -> None:
    made = allot(writer, scene, NewTurn(waiting(writer, scene)))

    assert [id_ for id_, _ in queueing.planned(conn, scene.list)] == [made.id, *abc]


def test_seconds_are_those_asked_for_within_the_limit_of_her_category(writer: Writer) -> None:
    scene = writer.act_now(lambda tx: queueing.scene(tx, seconds_by_category={"member_state": 240}))

    given = [
        allot(writer, scene, NewTurn(waiting(writer, scene, name, seconds=asked), last=True)).seconds
        for name, asked in (("A", 0), ("B", 90), ("C", 600))
    ]

    assert given == [240, 90, 240]


def test_only_who_is_pending_in_this_list_is_allotted(writer: Writer, scene: Scene, abc: list[str]) -> None:
    hers = waiting(writer, scene)
    allot(writer, scene, NewTurn(hers, last=True))

    with pytest.raises(NotAllowedNow):
        allot(writer, scene, NewTurn(hers, last=True))
    for wrong, field in ((NewTurn(new_id()), "inscription"), (NewTurn(hers, after=new_id()), "after")):
        with pytest.raises(Meaningless) as refused:
            allot(writer, scene, wrong)
        assert refused.value.faults[0].field == field
    with pytest.raises(NotFound):
        allot(writer, replace(scene, list=new_id()), NewTurn(hers))


def test_only_chair_and_secretariat_allot_and_move(writer: Writer, scene: Scene, abc: list[str], ada: Actor) -> None:
    hers = waiting(writer, scene)
    grants = (Grant("chair", "session", scene.session),)
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=grants))

    with pytest.raises(Forbidden):
        allot(writer, scene, NewTurn(hers), ada)
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: placing.move(tx, ada, abc[1], None))
    assert allot(writer, scene, NewTurn(hers), chair).inscription == hers


def test_who_lost_her_accreditation_is_not_allotted(writer: Writer, scene: Scene) -> None:
    hers = waiting(writer, scene)

    writer.act_now(lambda tx: tx.conn.run(update(table(Accreditation)).values(status="objected")))

    with pytest.raises(NotAccredited):
        allot(writer, scene, NewTurn(hers, last=True))


def test_turn_without_room_in_the_window_is_refused(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(lambda tx: queueing.scene(tx, window={"start": "10:00", "end": "10:10"}, gap_seconds=10))
    first = writer.act_now(lambda tx: queueing.turn(tx, scene, "A", seconds=400))
    hers = waiting(writer, scene)

    assert list_view(conn, scene.list, MADE_AT).seconds_left == 190
    with pytest.raises(OverBudget) as refused:
        allot(writer, scene, NewTurn(hers, 191, last=True))
    assert refused.value.data["slots"] == []
    with pytest.raises(OverBudget) as refused:
        allot(writer, scene, NewTurn(hers, 191))
    assert refused.value.data["slots"] == [first.id]
    assert one_inscription(conn, Reader(OPERATOR), hers).status == "pending"
    assert allot(writer, scene, NewTurn(hers, 190, last=True)).starts_at == datetime(2022, 6, 8, 8, 6, 50, tzinfo=UTC)
    assert list_view(conn, scene.list, MADE_AT).seconds_left == 0


def test_remote_turns_keep_the_meetings_cap(writer: Writer, conn: Connection, scene: Scene) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, remote_budget_seconds=300))
    first, second = (waiting(writer, scene, name, "remote") for name in "AB")
    allot(writer, scene, NewTurn(first, last=True))

    with pytest.raises(RemoteBudgetExceeded):
        allot(writer, scene, NewTurn(second, last=True))
    allot(writer, scene, NewTurn(second, 120, last=True))
    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(300,)]


def test_turn_is_moved_and_those_between_follow(writer: Writer, conn: Connection, scene: Scene, abc: list[str]) -> None:
    moved = move(writer, abc[0], abc[1])

    assert (moved.position, moved.starts_at) == (2, datetime(2022, 6, 8, 8, 3, tzinfo=UTC))
    assert queueing.planned(conn, scene.list) == [(abc[1], 0), (abc[0], 180), (abc[2], 360)]
    rows = {row["id"]: row for row in _SLOTS.all(conn)}
    assert [rows[each]["version"] for each in abc] == [2, 2, 1]
    assert [rows[each]["placed_at"] is not None for each in abc] == [True, False, False]
    assert sorted((row["slot_id"], row["sequence"]) for row in _INSCRIPTIONS.all(conn)) == sorted(
        zip(abc, (1, 1, 0), strict=True)
    )
    told = [each for each in entries_after(conn, 0, 500) if each.kind == "slot.moved"]
    assert {each.subject_id: (each.data or {}).get("after", "pushed") for each in told} == {
        abc[0]: abc[1],
        abc[1]: "pushed",
    }


def test_move_to_where_it_is_changes_nothing(writer: Writer, conn: Connection, scene: Scene, abc: list[str]) -> None:
    before = len(entries_after(conn, 0, 500))

    assert move(writer, abc[1], abc[0]).version == 1
    assert move(writer, abc[0], None).version == 1
    assert len(entries_after(conn, 0, 500)) == before


def test_of_two_chairs_the_second_is_shown_what_the_first_did(writer: Writer, scene: Scene, abc: list[str]) -> None:
    first = move(writer, abc[2], None, expected=1)

    with pytest.raises(VersionConflict) as refused:
        move(writer, abc[2], abc[0], expected=1)

    assert refused.value.data["current"] == first


def test_slot_is_not_moved_behind_itself_or_one_of_another_list(writer: Writer, scene: Scene, abc: list[str]) -> None:
    for after in (abc[0], new_id()):
        with pytest.raises(Meaningless) as refused:
            move(writer, abc[0], after)
        assert refused.value.faults[0].field == "after"
    with pytest.raises(NotFound):
        move(writer, new_id(), None)


def test_who_was_called_stays_and_nobody_is_put_before_her(
    writer: Writer, conn: Connection, scene: Scene, abc: list[str]
) -> None:
    writer.act_now(lambda tx: tx.conn.update(Slot, abc[0], status="spoken"))

    with pytest.raises(NotAllowedNow):
        move(writer, abc[0], abc[2])
    move(writer, abc[2], None)

    assert queueing.planned(conn, scene.list) == [(abc[0], 0), (abc[2], 180), (abc[1], 360)]


def test_slot_of_a_timed_list_shares_the_time_of_those_between(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, code="ahc-3"))
    before = [(row["id"], row["starts_after"]) for row in speaking.slots(conn, scene.list)]
    ids = [id_ for id_, _ in before]

    moved = move(writer, scene.slots[3], scene.slots[0])

    assert moved.position == 2
    after = [(row["id"], row["starts_after"]) for row in speaking.slots(conn, scene.list)]
    assert [id_ for id_, _ in after] == [ids[0], ids[3], ids[1], ids[2], *ids[4:]]
    assert [start for _, start in after] == [start for _, start in before]
    assert after[4:] == before[4:]


def test_nobody_is_allotted_a_turn_of_a_timed_list(writer: Writer, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, code="ahc-3"))
    eva = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Eva"))
    made = book(eva, scene.slots[0])

    with pytest.raises(NotAllowedNow) as refused:
        allot(writer, scene, NewTurn(made.id, last=True))

    assert refused.value.data == {"allowed": ["book"]}


def test_cap_of_a_timed_list_is_not_touched_by_a_move(writer: Writer, conn: Connection, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, code="ahc-3", meeting_values={"remote_budget_seconds": 540}))
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Eva"))
    book(ada, scene.slots[0], "remote")

    move(writer, scene.slots[0], scene.slots[2])

    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(540,)]
