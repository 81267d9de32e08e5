from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, Meaningless, NotAccredited, NotAllowedNow, NotFound, VersionConflict
from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.floor.reading import floor_now
from scheduler.journal.following import entries_after, last_number
from scheduler.lists.queries import inscription, slot
from scheduler.lists.slot_changes import changes_after
from scheduler.people.permission import OPERATOR, Grant
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, speaking
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import Sat, item_in_two, sat


@pytest.fixture
def here(writer: Writer, clock: SettableClock) -> Sat:
    return sat(writer, clock)


def tables(conn: Connection, here: Sat) -> tuple[str, list[tuple[str, str]]]:
    """The meeting's status, and of its slots and their inscriptions."""
    joined = slot.join(inscription, inscription.c.id == slot.c.inscription_id)
    rows = select(slot.c.status, inscription.c.status).select_from(joined).where(slot.c.list_id == here.scene.list)
    m = table(Meeting).c
    status = conn.all(select(m.status).where(m.id == here.scene.meeting))[0][0]
    return status, [(row[0], row[1]) for row in conn.all(rows.order_by(slot.c.position))]


def test_a_meeting_to_come_shows_the_queue_of_its_lists(conn: Connection, here: Sat) -> None:
    seen = floor_now(conn, here.scene.meeting, STARTS_AT)

    assert (seen.version, seen.status, seen.current, seen.total) == (4, "scheduled", None, 4)
    assert [each.slot for each in seen.queue] == list(here.slots)
    assert [each.speaker and each.speaker.name for each in seen.queue] == ["A", "B", "C", "D"]
    assert seen.queue[0].on_deck is True


def test_each_command_is_one_version_and_shows_at_once(conn: Connection, here: Sat) -> None:
    seen = here.play((0, "open"), (1, "call"), (1.5, "start"), (4, "call"))

    assert (seen.version, seen.status, seen.pace_seconds) == (8, "in_progress", -30.0)
    assert seen.current is not None
    assert (seen.current.slot, seen.current.position, seen.current.started_at) == (here.slots[1], 2, None)
    assert [(each.slot, each.spoken_seconds, each.status) for each in seen.done] == [(here.slots[0], 150.0, "spoken")]
    assert floor_now(conn, here.scene.meeting, STARTS_AT + timedelta(minutes=4)) == seen


def test_tables_follow_the_floor_there_and_back(conn: Connection, here: Sat) -> None:
    here.play((0, "open"), (1, "call"), (1, "start"), (4, "call"), (5, "absent"))
    waiting = ("booked", "allotted")
    assert tables(conn, here) == ("in_progress", [("spoken", "spoken"), ("absent", "absent"), waiting, waiting])

    here.do(5.5, "undo")
    assert tables(conn, here)[1][1] == ("called", "allotted")
    here.do(6, "undo")
    assert tables(conn, here)[1] == [("speaking", "allotted"), waiting, waiting, waiting]


def test_a_command_that_may_share_its_batch_is_refused(writer: Writer, conn: Connection, here: Sat) -> None:
    with pytest.raises(RuntimeError, match="alone=True"):
        writer.act_now(lambda tx: actions.run(tx, OPERATOR, here.scene.meeting, Command("open")))

    assert floor_now(conn, here.scene.meeting, STARTS_AT).status == "scheduled"


def test_a_meeting_opens_from_an_hour_before_its_start_and_past_its_end(here: Sat) -> None:
    with pytest.raises(NotAllowedNow) as early:
        here.do(-60.1, "open")

    assert early.value.data["allowed"] == ["announce"]
    assert here.do(-60, "open").status == "in_progress"


def test_a_meeting_can_be_opened_after_its_planned_end(here: Sat) -> None:
    assert here.do(200, "open").status == "in_progress"


def test_two_chairs_at_one_version_one_wins_and_the_other_sees_the_floor(here: Sat) -> None:
    opened = here.do(0, "open")
    called = here.do(1, "call", expected_version=opened.version)

    with pytest.raises(VersionConflict) as conflict:
        here.do(1, "call", expected_version=opened.version)

    assert conflict.value.data["current"] == called


def test_who_may_run_the_floor(writer: Writer, here: Sat) -> None:
    chair = writer.act_now(
        lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", here.scene.session),))
    )
    assert here.do(0, "open", chair).status == "in_progress"

    nobody = writer.act_now(lambda tx: people.person(tx, "Nobody"))
    with pytest.raises(Forbidden):
        here.do(1, "call", nobody)


def test_a_draft_is_unknown_to_whoever_does_not_run_it(writer: Writer, conn: Connection, here: Sat) -> None:
    nobody = writer.act_now(lambda tx: people.person(tx, "Nobody"))
    writer.act_now(lambda tx: tx.conn.update(Session, here.scene.session, status="draft"))

    with pytest.raises(NotFound):
        here.do(0, "open", nobody)
    with pytest.raises(NotFound):
        floor_now(conn, here.scene.meeting, STARTS_AT)


def test_a_cancelled_meeting_shows_so_and_takes_no_command(writer: Writer, conn: Connection, here: Sat) -> None:
    writer.act_now(lambda tx: tx.conn.update(Session, here.scene.session, status="cancelled"))

    assert floor_now(conn, here.scene.meeting, STARTS_AT).status == "cancelled"
    with pytest.raises(NotAllowedNow) as refused:
        here.do(0, "open")
    assert refused.value.data["allowed"] == []


@pytest.mark.parametrize(
    ("command", "said", "field"),
    [
        ("call", {"slot": "00000000-0000-4000-8000-000000000000"}, "slot"),
        ("absent", {}, "slot"),
        ("announce", {}, "text"),
        ("point_of_order", {}, "organisation"),
        ("right_of_reply", {"organisation": "00000000-0000-4000-8000-000000000000"}, "organisation"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    here: Sat, command: str, said: dict[str, Any], field: str
) -> None:
    here.do(0, "open")

    with pytest.raises(Meaningless) as refused:
        here.do(1, command, **said)

    assert refused.value.faults[0].field == field


def test_a_call_with_nobody_waiting_asks_for_a_slot(here: Sat) -> None:
    here.play((0, "open"), *((1 + n, "absent", {"slot": each}) for n, each in enumerate(here.slots)))

    with pytest.raises(NotAllowedNow):
        here.do(9, "call")
    back = here.do(9, "call", slot=here.slots[2])
    assert back.current is not None
    others = [here.slots[0], here.slots[1], here.slots[3]]
    assert (back.current.slot, [each.slot for each in back.done]) == (here.slots[2], others)


def test_a_point_of_order_takes_the_floor_and_gives_it_back(writer: Writer, here: Sat) -> None:
    ngo = writer.act_now(lambda tx: str(speaking.speaker(tx, here.scene, "Zoe").organisation))
    here.play((0, "open"), (1, "call"), (1, "start"))

    seen = here.do(2, "point_of_order", organisation=ngo)
    assert seen.current is not None
    assert seen.interrupted is not None
    assert (seen.current.kind, seen.current.seconds) == ("point_of_order", 120)
    assert seen.current.organisation is not None
    assert seen.current.organisation.id == ngo
    assert (seen.interrupted.slot, seen.interrupted.elapsed_seconds) == (here.slots[0], 60.0)

    resumed = here.do(3, "finish").current
    assert resumed is not None
    assert (resumed.slot, resumed.elapsed_seconds, resumed.paused) == (here.slots[0], 60.0, False)


def test_no_organisation_takes_the_floor_that_is_not_accredited(writer: Writer, here: Sat) -> None:
    stranger = writer.act_now(lambda tx: people.organisation(tx, "Strangers"))
    here.do(0, "open")

    with pytest.raises(NotAccredited):
        here.do(1, "point_of_order", organisation=stranger)


def test_a_delegation_has_two_replies_the_second_shorter_behind_the_list(writer: Writer, here: Sat) -> None:
    hers = writer.act_now(lambda tx: str(speaking.speaker(tx, here.scene, "Zoe").organisation))
    here.do(0, "open")

    here.do(1, "right_of_reply", organisation=hers)
    seen = here.do(1, "right_of_reply", organisation=hers)

    assert [(each.kind, each.seconds) for each in seen.queue][-2:] == [("right_of_reply", 600), ("right_of_reply", 300)]
    with pytest.raises(NotAllowedNow):
        here.do(2, "right_of_reply", organisation=hers)
    assert here.do(2, "undo").total == 5
    assert here.do(3, "right_of_reply", organisation=hers, seconds=60).queue[-1].seconds == 60


def test_replies_wait_for_the_last_meeting_of_the_day_where_the_meeting_says_so(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    later: dict[str, Any] = {
        "date": "2022-06-08",
        "starts_at": STARTS_AT + timedelta(hours=4),
        "ends_at": STARTS_AT.replace(hour=15),
    }
    here, evening = item_in_two(writer, clock, **later)
    writer.act_now(lambda tx: tx.conn.update(Meeting, here.scene.meeting, replies="end_of_day"))
    hers = writer.act_now(lambda tx: str(speaking.speaker(tx, here.scene, "Zoe").organisation))
    here.do(0, "open")

    seen = here.do(1, "right_of_reply", organisation=hers)
    assert (seen.version, seen.total) == (6, 4)
    there = floor_now(conn, evening, STARTS_AT)
    assert [(each.kind, each.organisation and each.organisation.id) for each in there.queue] == [
        ("right_of_reply", hers)
    ]

    here.do(2, "undo")
    there = floor_now(conn, evening, STARTS_AT)
    assert (there.version, there.queue) == (2, ())


def test_an_announcement_reaches_who_waits_also_before_the_opening(conn: Connection, here: Sat) -> None:
    here.do(-30, "announce", text="We begin ten minutes late.")
    assert floor_now(conn, here.scene.meeting, STARTS_AT).notice is not None

    notice = here.do(10, "open").notice
    assert notice is not None
    assert (notice.text, notice.at) == ("We begin ten minutes late.", "2022-06-08T07:30:00.000Z")


def test_an_entry_of_a_command_tells_whose_status_changed(conn: Connection, here: Sat) -> None:
    here.play((0, "open"), (1, "call"), (1, "start"), (4, "call"))

    entry = entries_after(conn, 0, 500)[-1]

    assert (entry.kind, entry.meeting_number, entry.audience.public) == ("floor.call", 8, True)
    assert entry.data is not None
    told = {each["slot"]: each["status"] for each in entry.data["slots"]}
    assert told == {here.slots[0]: "spoken", here.slots[1]: "called"}


def test_a_command_of_the_floor_tells_of_each_slot_whose_status_it_changed(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock, "AB")
    here.play((0, "open"), (1, "call"), (1, "start"))
    before = last_number(conn)

    here.do(4, "call")

    told, further = changes_after(conn, here.scene.list, before)
    assert further is None
    assert {(each.slot, each.status) for each in told} == {(here.slots[0], "spoken"), (here.slots[1], "called")}
