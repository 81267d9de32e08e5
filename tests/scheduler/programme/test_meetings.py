from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import (
    AlreadyExists,
    LocalTimeAmbiguous,
    LocalTimeSkipped,
    Meaningless,
    NotFound,
    OutsideSession,
    OverlappingMeeting,
    Refusal,
    UnknownTimezone,
)
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme import items, meetings, queries, sessions
from scheduler.programme.calendar import one_meeting_event
from scheduler.programme.items import NewItem
from scheduler.programme.meetings import NewMeeting
from scheduler.programme.rules import LONGEST
from scheduler.programme.views import MeetingView
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.scheduler.programme.scene import Scene, meeting, told

NEW = NewMeeting("2nd meeting", "2022-06-08", "15:00", "18:00")


def test_a_meeting_gets_what_was_not_said_from_its_session(writer: Writer, conn: Connection, scene: Scene) -> None:
    made, entries = told(conn, lambda: meeting(writer, scene.of_body))

    assert made == MeetingView(
        id=made.id,
        session="ahc-2",
        number=1,
        title="1st meeting",
        date="2022-06-08",
        start="10:00",
        end="13:00",
        fold=None,
        timezone="Europe/Vienna",
        starts_at=datetime(2022, 6, 8, 8, tzinfo=UTC),
        ends_at=datetime(2022, 6, 8, 11, tzinfo=UTC),
        room=None,
        format="hybrid",
        languages=(),
        items=(),
        remote_budget_seconds=None,
        remote_booked_seconds=0,
        end_if_exceeded=None,
        webcast_url=None,
        join_url=None,
        links_for="accredited",
        replies="after_list",
        status="scheduled",
        version=1,
    )
    assert queries.meeting(conn, PUBLIC, made.id) == made
    (entry,) = entries
    assert (entry.kind, entry.subject_id, entry.by.person, entry.by.role) == (
        "meeting.created",
        made.id,
        scene.of_body.id,
        "secretariat",
    )
    audience = entry.audience
    assert (audience.public, audience.body, audience.session, audience.meeting) == (
        True,
        scene.body,
        scene.session,
        made.id,
    )


def test_a_meeting_keeps_all_that_was_said(writer: Writer, conn: Connection, scene: Scene) -> None:
    item = writer.act_now(lambda tx: items.add(tx, scene.secretariat, "ahc-2", NewItem("5", "Criminalization")))
    said: dict[str, Any] = {
        "number": 7,
        "date": "2022-06-09",
        "start": "22:00",
        "end": "01:00",
        "timezone": "America/New_York",
        "room": "M3",
        "format": "online",
        "languages": ("en", "fr"),
        "items": (item.id,),
        "remote_budget_seconds": 1800,
        "end_if_exceeded": "00:00",
        "webcast_url": "https://webcast.example.org/7",
        "join_url": "https://join.example.org/7",
        "links_for": "speakers",
        "replies": "end_of_day",
    }

    made = meeting(writer, scene.secretariat, **said)

    assert {name: getattr(made, name) for name in said} == said
    assert (made.starts_at, made.ends_at) == (
        datetime(2022, 6, 10, 2, tzinfo=UTC),
        datetime(2022, 6, 10, 5, tzinfo=UTC),
    )
    assert queries.meeting(conn, Reader(scene.secretariat), made.id) == made


def test_numbers_go_on_from_the_highest(writer: Writer, scene: Scene) -> None:
    made = [meeting(writer, scene.secretariat, number=number).number for number in (None, 9, None, 3, None)]

    assert made == [1, 9, 10, 3, 11]


def test_a_number_is_given_once_a_session(writer: Writer, scene: Scene) -> None:
    meeting(writer, scene.secretariat)

    with pytest.raises(AlreadyExists):
        meeting(writer, scene.secretariat, number=1)
    assert meeting(writer, scene.secretariat, of="ahc-3", number=1).number == 1


@pytest.mark.parametrize(
    ("fields", "refusal", "field"),
    [
        ({"date": "2022-06-11"}, OutsideSession, "date"),
        ({"date": "2022-05-29"}, OutsideSession, "date"),
        ({"date": "2022-06-31"}, Meaningless, "date"),
        ({"start": "24:00"}, Meaningless, "start"),
        ({"end": "1:00"}, Meaningless, "end"),
        ({"start": "08:00", "end": "20:01"}, Meaningless, "end"),
        ({"end": "10:00"}, Meaningless, "end"),
        ({"timezone": "UTC+2"}, UnknownTimezone, "timezone"),
        ({"items": (new_id(),)}, Meaningless, "items"),
    ],
)
def test_a_meeting_without_meaning_is_refused(
    writer: Writer, conn: Connection, scene: Scene, *, fields: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        meeting(writer, scene.secretariat, **fields)

    assert [fault.field for fault in refused.value.faults] == [field]
    assert queries.meetings(conn, PUBLIC, "ahc-2") == []
    assert entries_after(conn, 0, 10) == []


def test_twelve_hours_are_not_too_long(writer: Writer, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat, start="08:00", end="20:00")

    assert made.ends_at - made.starts_at == LONGEST


def test_items_of_another_session_are_refused(writer: Writer, scene: Scene) -> None:
    foreign = writer.act_now(lambda tx: items.add(tx, scene.secretariat, "ahc-3", NewItem("5", "Elsewhere")))

    with pytest.raises(Meaningless):
        meeting(writer, scene.secretariat, items=(foreign.id,))


@pytest.mark.parametrize(("day", "refusal"), [("2022-03-27", LocalTimeSkipped), ("2022-10-30", LocalTimeAmbiguous)])
def test_a_local_time_that_is_not_one_is_refused(
    writer: Writer, scene: Scene, day: str, refusal: type[Refusal]
) -> None:
    days = {"starts_on": "2022-03-27", "ends_on": "2022-10-30"}
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", days))

    with pytest.raises(refusal):
        meeting(writer, scene.secretariat, date=day, start="02:30", end="05:00")


def test_fold_settles_a_start_that_exists_twice(writer: Writer, scene: Scene) -> None:
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", {"ends_on": "2022-10-30"}))

    made = meeting(writer, scene.secretariat, date="2022-10-30", start="02:30", end="05:00", fold=1)

    assert made.starts_at == datetime(2022, 10, 30, 1, 30, tzinfo=UTC)


def test_two_meetings_do_not_share_a_room(writer: Writer, scene: Scene) -> None:
    first = meeting(writer, scene.secretariat, room="Boardroom D")

    with pytest.raises(OverlappingMeeting) as refused:
        meeting(writer, scene.secretariat, room="Boardroom D", start="12:59", end="15:00")

    assert refused.value.data == {"meetings": [first.id]}


@pytest.mark.parametrize(
    "fields",
    [
        {"room": "Boardroom D", "start": "13:00", "end": "15:00"},
        {"room": "Boardroom C"},
        {"room": None},
        {"room": "Boardroom D", "status": "cancelled"},
    ],
)
def test_a_meeting_is_in_nobodys_way(writer: Writer, scene: Scene, fields: dict[str, Any]) -> None:
    meeting(writer, scene.secretariat, room="Boardroom D")

    assert meeting(writer, scene.secretariat, **fields).number == 2


def test_several_are_added_at_once(writer: Writer, conn: Connection, scene: Scene) -> None:
    new = [replace(NEW, date=f"2022-06-0{day}", room="M3") for day in (1, 2, 3)]

    made, entries = told(conn, lambda: writer.act_now(lambda tx: meetings.add_all(tx, scene.of_body, "ahc-2", new)))

    assert [(each.number, each.date) for each in made] == [(1, "2022-06-01"), (2, "2022-06-02"), (3, "2022-06-03")]
    assert queries.meetings(conn, PUBLIC, "ahc-2") == made
    assert [entry.subject_id for entry in entries] == [each.id for each in made]


@pytest.mark.parametrize(
    ("wrong", "refusal", "fields", "data"),
    [
        ({"start": "25:00"}, Meaningless, ["2.start"], {"index": 2}),
        ({"number": 1}, AlreadyExists, [], {"index": 2}),
    ],
)
def test_several_are_added_all_or_none(
    writer: Writer,
    conn: Connection,
    scene: Scene,
    *,
    wrong: dict[str, Any],
    refusal: type[Refusal],
    fields: list[str],
    data: dict[str, Any],
) -> None:
    new = [NEW, replace(NEW, title="3rd meeting"), replace(NEW, **wrong)]

    with pytest.raises(refusal) as refused:
        writer.act_now(lambda tx: meetings.add_all(tx, scene.of_body, "ahc-2", new))

    assert [fault.field for fault in refused.value.faults] == fields
    assert refused.value.data == data
    assert queries.meetings(conn, PUBLIC, "ahc-2") == []


def test_a_meeting_of_a_draft_is_told_to_those_who_run_it(writer: Writer, conn: Connection, scene: Scene) -> None:
    made, (entry,) = told(conn, lambda: meeting(writer, scene.of_body, of="ahc-3"))

    assert entry.audience.public is False
    assert queries.meeting(conn, Reader(scene.chair), made.id) == made
    with pytest.raises(NotFound):
        queries.meeting(conn, PUBLIC, made.id)


def test_calendars_show_a_new_meeting_as_changed_when_it_was_added(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene
) -> None:
    clock.set(datetime(2022, 5, 2, 9, 30, 15, 999_999, tzinfo=UTC))
    made = meeting(writer, scene.secretariat)

    event = one_meeting_event(conn, made.id)

    assert event is not None
    assert (event.sequence, event.changed_at) == (0, datetime(2022, 5, 2, 9, 30, 15, tzinfo=UTC))
