from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.errors import Forbidden, LocalTimeAmbiguous, LocalTimeSkipped, Meaningless, NotAllowedNow, NotFound
from scheduler.journal.following import entries_after, last_number
from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import PUBLIC
from scheduler.programme import meetings, queries, sessions
from scheduler.programme.meetings import NewMeeting
from scheduler.programme.tables import Meeting
from scheduler.programme.views import SessionView
from scheduler.secretariat import postponing
from scheduler.secretariat.postponing import Day, MovedMeeting, PostponedPreview
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from scheduler.subscriptions.reach import count_reach
from tests.makers import people, places, speaking
from tests.makers.speaking import Scene

DEADLINE = {"title": "Papers", "at": {"date": "2022-05-20", "time": "18:00", "timezone": "America/New_York"}}


@pytest.fixture
def scene(writer: Writer) -> Scene:
    """The meeting of 8 June, a Wednesday, and a second one on the 9th; a deadline."""

    def make(tx: Tx) -> Scene:
        made = speaking.scene(tx)
        meetings.add(tx, OPERATOR, "ahc-2", NewMeeting("Meeting 2", "2022-06-09", "22:00", "01:00"))
        sessions.change(tx, OPERATOR, "ahc-2", {"deadlines": [DEADLINE]})
        return made

    return writer.act_now(make)


def move(writer: Writer, starts_on: str, **how: Any) -> SessionView:
    return writer.act_now(lambda tx: postponing.move_session(tx, OPERATOR, "ahc-2", starts_on, **how))


def preview(writer: Writer, starts_on: str, **how: Any) -> PostponedPreview:
    return writer.act_now(lambda tx: postponing.preview_move(tx, OPERATOR, "ahc-2", starts_on, count_reach, **how))


def dates(conn: Connection) -> list[tuple[int, str, datetime]]:
    return [(each.number, each.date, each.starts_at) for each in queries.meetings(conn, PUBLIC, "ahc-2")]


def test_a_session_moves_with_its_meetings_and_without_its_deadlines(
    writer: Writer, conn: Connection, scene: Scene
) -> None:
    number, before = last_number(conn), queries.session(conn, PUBLIC, "ahc-2")

    moved = move(writer, "2022-11-14", note="The building is closed.")

    assert queries.session(conn, PUBLIC, "ahc-2") == moved
    assert (moved.starts_on, moved.ends_on, moved.version) == ("2022-11-14", "2022-11-25", before.version + 1)
    assert moved.deadlines == before.deadlines
    # An hour later in UTC: Vienna's clocks were put back in between.
    assert dates(conn) == [
        (1, "2022-11-23", datetime(2022, 11, 23, 9, tzinfo=UTC)),
        (2, "2022-11-24", datetime(2022, 11, 24, 21, tzinfo=UTC)),
    ]
    entries = entries_after(conn, number, 10)
    assert [entry.kind for entry in entries] == ["session.moved", "meeting.moved", "meeting.moved"]
    assert entries[0].data == {
        "before": {"starts_on": "2022-05-30", "ends_on": "2022-06-10"},
        "after": {"starts_on": "2022-11-14", "ends_on": "2022-11-25"},
        "note": "The building is closed.",
    }
    assert [entry.audience.meeting for entry in entries[1:]] == [
        each.id for each in queries.meetings(conn, PUBLIC, "ahc-2")
    ]


def test_a_session_comes_forward_too(writer: Writer, conn: Connection, scene: Scene) -> None:
    move(writer, "2022-05-23")

    assert [day for _, day, _ in dates(conn)] == ["2022-06-01", "2022-06-02"]


def test_a_move_to_where_it_is_changes_nothing(writer: Writer, conn: Connection, scene: Scene) -> None:
    number, before = last_number(conn), queries.session(conn, PUBLIC, "ahc-2")

    assert move(writer, "2022-05-30") == before
    assert last_number(conn) == number


def test_a_preview_names_each_meeting_on_another_weekday(writer: Writer, conn: Connection, scene: Scene) -> None:
    number, before = last_number(conn), queries.session(conn, PUBLIC, "ahc-2")
    first, second = queries.meetings(conn, PUBLIC, "ahc-2")

    by_days, by_weeks = preview(writer, "2022-06-02"), preview(writer, "2022-06-06")

    assert by_days.other_weekday == by_days.meetings
    assert by_days.meetings == (
        MovedMeeting(first.id, 1, "Meeting 1", Day("2022-06-08", "wednesday"), Day("2022-06-11", "saturday")),
        MovedMeeting(second.id, 2, "Meeting 2", Day("2022-06-09", "thursday"), Day("2022-06-12", "sunday")),
    )
    assert (by_weeks.other_weekday, len(by_weeks.meetings)) == ((), 2)
    assert (by_weeks.session.starts_on, by_weeks.session.ends_on) == ("2022-06-06", "2022-06-17")
    assert (queries.session(conn, PUBLIC, "ahc-2"), last_number(conn)) == (before, number)


def test_a_preview_counts_people_once_over_all_meetings(writer: Writer, scene: Scene) -> None:
    def book(tx: Tx) -> None:
        ada = speaking.speaker(tx, scene)
        speaking.colleague(tx, ada)
        booking.book(tx, ada, scene.slots[0], Booking("in_person"))

    writer.act_now(book)

    found = preview(writer, "2022-06-06").affected

    assert (found.people, found.booked, found.accredited, len(found.letters)) == (2, 1, 1, 1)
    (zone,) = found.by_timezone
    assert [(at.date, at.start, at.end_date, at.end) for at in (zone.before, zone.after) if at is not None] == [
        ("2022-06-08", "10:00", "2022-06-10", "01:00"),
        ("2022-06-15", "10:00", "2022-06-17", "01:00"),
    ]


@pytest.mark.parametrize(
    ("starts_on", "refusal"), [("2022-03-19", LocalTimeSkipped), ("2022-10-22", LocalTimeAmbiguous)]
)
def test_a_wall_clock_that_is_none_on_its_new_day_is_refused_by_name(
    writer: Writer, conn: Connection, scene: Scene, *, starts_on: str, refusal: type[Meaningless]
) -> None:
    night = NewMeeting("Night", "2022-06-07", "02:30", "05:00")
    made = writer.act_now(lambda tx: meetings.add(tx, OPERATOR, "ahc-2", night))
    before = dates(conn)

    for attempt in (move, preview):
        with pytest.raises(refusal) as refused:
            attempt(writer, starts_on)
        assert refused.value.data["meeting"] == made.id
        assert len(refused.value.data["candidates"]) == 2
        assert [fault.field for fault in refused.value.faults] == ["starts_on"]
    assert dates(conn) == before


def test_a_session_that_has_begun_stays(writer: Writer, conn: Connection, scene: Scene) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="closed"))

    with pytest.raises(NotAllowedNow) as refused:
        move(writer, "2022-06-06")

    assert refused.value.data == {"meetings": [scene.meeting]}


def test_no_turn_is_cut_off_by_a_night_that_is_an_hour_shorter(writer: Writer, conn: Connection) -> None:
    night = {"date": "2022-06-05", "start": "00:00", "end": "04:00"}
    hours = {"starts_at": datetime(2022, 6, 4, 22, tzinfo=UTC), "ends_at": datetime(2022, 6, 5, 2, tzinfo=UTC)}
    scene = writer.act_now(lambda tx: speaking.scene(tx, meeting_values={**night, **hours}, slot_seconds=3_600))
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene))
    writer.act_now(lambda tx: booking.book(tx, ada, scene.slots[3], Booking("in_person")))

    with pytest.raises(NotAllowedNow) as refused:
        move(writer, "2022-03-21")
    assert refused.value.data == {"slots": [scene.slots[3]]}


@pytest.mark.parametrize("starts_on", ["2022-06-31", "9999-01-01", "2100-12-31"])
def test_a_day_that_is_none_is_refused(writer: Writer, scene: Scene, starts_on: str) -> None:
    with pytest.raises(Meaningless) as refused:
        move(writer, starts_on)

    assert [fault.field for fault in refused.value.faults] == ["starts_on"]


@pytest.mark.parametrize(("code", "refusal"), [("ahc-2", Forbidden), ("ahc-3", NotFound)])
def test_only_its_secretariat_moves_a_session(
    writer: Writer, scene: Scene, code: str, refusal: type[Forbidden | NotFound]
) -> None:
    participant = writer.act_now(people.person)
    writer.act_now(lambda tx: places.session(tx, "ahc-3", status="draft"))

    with pytest.raises(refusal):
        writer.act_now(lambda tx: postponing.move_session(tx, participant, code, "2022-06-06"))
    with pytest.raises(refusal):
        writer.act_now(lambda tx: postponing.preview_move(tx, participant, code, "2022-06-06", count_reach))
