from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import (
    AlreadyExists,
    Forbidden,
    LocalTimeAmbiguous,
    Meaningless,
    NotAllowedNow,
    NotFound,
    OutsideSession,
    OverlappingMeeting,
    Refusal,
    VersionConflict,
)
from scheduler.people.permission import Actor
from scheduler.people.reader import PUBLIC
from scheduler.programme import items, meeting_changes, queries, sessions
from scheduler.programme.calendar import one_meeting_event
from scheduler.programme.events import MeetingEvent
from scheduler.programme.items import NewItem
from scheduler.programme.tables import Meeting
from scheduler.programme.views import MeetingView
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.scheduler.programme.scene import Scene, meeting, told

BEFORE = {
    "starts_at": "2022-06-08T08:00:00Z",
    "ends_at": "2022-06-08T11:00:00Z",
    "timezone": "Europe/Vienna",
    "date": "2022-06-08",
    "start": "10:00",
    "end": "13:00",
}


def change(
    writer: Writer,
    by: Actor,
    of: str,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    note: str | None = None,
) -> MeetingView:
    return writer.act_now(
        lambda tx: meeting_changes.apply(
            tx,
            by,
            meeting_changes.plan(tx, by, of, changes, expected_version=expected_version),
            note=note,
        )
    )


def event(conn: Connection, of: MeetingView, *, links: bool = False) -> MeetingEvent:
    found = one_meeting_event(conn, of.id, links=links)
    assert found is not None
    return found


def test_a_meeting_that_moves_is_told_with_both_times(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat)
    changes = {"date": "2022-06-09", "title": "Opening"}

    moved, entries = told(conn, lambda: change(writer, scene.of_body, made.id, changes, note="The room was needed."))

    assert (moved.date, moved.starts_at, moved.version) == ("2022-06-09", datetime(2022, 6, 9, 8, tzinfo=UTC), 2)
    assert queries.meeting(conn, PUBLIC, made.id) == moved
    after = BEFORE | {"starts_at": "2022-06-09T08:00:00Z", "ends_at": "2022-06-09T11:00:00Z", "date": "2022-06-09"}
    note = {"note": "The room was needed."}
    assert [(entry.kind, entry.data) for entry in entries] == [
        ("meeting.moved", {"before": BEFORE, "after": after} | note),
        ("meeting.changed", {"fields": ["title"]} | note),
    ]


def test_what_stays_as_it_is_changes_nothing(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat, languages=("en",))
    same = {"title": "1st meeting", "date": "2022-06-08", "timezone": None, "format": None, "languages": ["en"]}

    unchanged, entries = told(conn, lambda: change(writer, scene.secretariat, made.id, same))

    assert (unchanged, entries) == (made, [])


def test_null_clears_to_what_a_new_meeting_would_have(writer: Writer, scene: Scene) -> None:
    said: dict[str, Any] = {
        "timezone": "America/New_York",
        "format": "online",
        "languages": ("en",),
        "room": "M3",
        "links_for": "speakers",
        "replies": "end_of_day",
        "remote_budget_seconds": 1800,
    }
    made = meeting(writer, scene.secretariat, **said)

    cleared = change(writer, scene.secretariat, made.id, {"number": None, **dict.fromkeys(said)})

    assert {name: getattr(cleared, name) for name in ("number", *said)} == {
        "number": 1,
        "timezone": "Europe/Vienna",
        "format": "hybrid",
        "languages": (),
        "room": None,
        "links_for": "accredited",
        "replies": "after_list",
        "remote_budget_seconds": None,
    }


def test_a_fold_settles_one_wall_clock_and_does_not_stay_for_another(writer: Writer, scene: Scene) -> None:
    days = {"starts_on": "2022-05-30", "ends_on": "2023-10-29"}
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", days))
    made = meeting(writer, scene.secretariat, date="2022-10-30", start="02:30", end="05:00", fold=1)

    longer = change(writer, scene.secretariat, made.id, {"end": "06:00"})

    assert (longer.fold, longer.starts_at) == (1, made.starts_at)
    with pytest.raises(LocalTimeAmbiguous):
        change(writer, scene.secretariat, made.id, {"date": "2023-10-29"})


@pytest.mark.parametrize(
    ("changes", "end_if_exceeded"),
    [
        ({"date": "2022-06-09"}, "12:00"),
        ({"start": "15:00", "end": "18:00"}, "17:00"),
        ({"start": "22:30", "end": "01:30"}, "00:30"),
        ({"start": "15:00", "end": "18:00", "end_if_exceeded": "16:45"}, "16:45"),
    ],
)
def test_an_earlier_end_keeps_its_distance_from_the_start(
    writer: Writer, scene: Scene, changes: dict[str, Any], end_if_exceeded: str
) -> None:
    made = meeting(writer, scene.secretariat, end_if_exceeded="12:00")

    assert change(writer, scene.secretariat, made.id, changes).end_if_exceeded == end_if_exceeded


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"date": "2022-07-01"}, OutsideSession, "date"),
        ({"end": "23:00"}, Meaningless, "end"),
        ({"items": ["5b0c1a52-0d7c-4d4a-9d1f-6a3f5d1f0a11"]}, Meaningless, "items"),
    ],
)
def test_a_change_without_meaning_is_refused(
    writer: Writer, conn: Connection, scene: Scene, *, changes: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    made = meeting(writer, scene.secretariat)

    with pytest.raises(refusal) as refused:
        change(writer, scene.secretariat, made.id, changes, expected_version=7)

    assert [fault.field for fault in refused.value.faults] == [field]
    assert queries.meeting(conn, PUBLIC, made.id) == made


def test_a_stale_change_gets_the_meeting_as_it_is(writer: Writer, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat, join_url="https://join.example.org/1")
    present = change(writer, scene.secretariat, made.id, {"title": "Opening"})

    with pytest.raises(VersionConflict) as refused:
        change(writer, scene.of_body, made.id, {"title": "Closing"}, expected_version=1)

    assert refused.value.data == {"current": present}
    assert change(writer, scene.of_body, made.id, {"title": "Closing"}, expected_version=2).version == 3


def test_a_number_that_is_taken_is_refused(writer: Writer, scene: Scene) -> None:
    meeting(writer, scene.secretariat)
    second = meeting(writer, scene.secretariat)

    with pytest.raises(AlreadyExists):
        change(writer, scene.secretariat, second.id, {"number": 1})


def test_cancelling_frees_the_room_and_bringing_back_needs_it(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat, room="M3")

    cancelled, entries = told(conn, lambda: change(writer, scene.secretariat, made.id, {"status": "cancelled"}))
    meeting(writer, scene.secretariat, room="M3")

    assert (cancelled.status, [entry.kind for entry in entries]) == ("cancelled", ["meeting.cancelled"])
    with pytest.raises(OverlappingMeeting):
        change(writer, scene.secretariat, made.id, {"status": "scheduled"})
    back, entries = told(
        conn, lambda: change(writer, scene.secretariat, made.id, {"status": "scheduled", "room": None})
    )
    assert (back.status, [entry.kind for entry in entries]) == ("scheduled", ["meeting.restored", "meeting.changed"])


@pytest.mark.parametrize(
    ("status", "changes", "allowed"),
    [
        ("in_progress", {"status": "cancelled"}, []),
        ("closed", {"status": "scheduled"}, []),
        ("closed", {"end": "12:00"}, []),
        ("suspended", {"start": "09:00"}, ["end"]),
    ],
)
def test_what_has_begun_is_its_chairs(
    writer: Writer, scene: Scene, status: str, changes: dict[str, Any], allowed: list[str]
) -> None:
    made = meeting(writer, scene.secretariat)
    writer.act_now(lambda tx: tx.conn.update(Meeting, made.id, status=status))

    with pytest.raises(NotAllowedNow) as refused:
        change(writer, scene.secretariat, made.id, changes)

    assert refused.value.data == {"allowed": allowed}


def test_the_end_of_a_meeting_in_progress_can_move(writer: Writer, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat)
    writer.act_now(lambda tx: tx.conn.update(Meeting, made.id, status="in_progress"))

    longer = change(writer, scene.secretariat, made.id, {"end": "14:00"})

    assert (longer.end, longer.status) == ("14:00", "in_progress")


@pytest.mark.parametrize(
    ("changes", "sequence", "shown"),
    [
        ({"date": "2022-06-09"}, 1, True),
        ({"timezone": "Europe/Berlin"}, 1, True),
        ({"room": "M3"}, 1, True),
        ({"format": "online"}, 1, True),
        ({"status": "cancelled"}, 1, True),
        ({"title": "Opening"}, 0, True),
        ({"languages": ["fr"]}, 0, True),
        ({"webcast_url": "https://webcast.example.org"}, 0, True),
        ({"join_url": "https://join.example.org/2"}, 0, False),
        ({"links_for": "speakers"}, 0, False),
        ({"remote_budget_seconds": 60}, 0, False),
        ({"replies": "end_of_day", "end_if_exceeded": "12:30"}, 0, False),
    ],
)
def test_public_calendars_hear_of_what_they_show(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene, *, changes: Any, sequence: int, shown: bool
) -> None:
    made = meeting(writer, scene.secretariat, join_url="https://join.example.org/1")
    before = event(conn, made)
    clock.advance(3_600)

    change(writer, scene.secretariat, made.id, changes)

    after = event(conn, made)
    assert (after.sequence, after.changed_at) == (sequence, clock.now() if shown else before.changed_at)
    assert (after == before) is not shown


def test_calendars_with_links_hear_of_a_new_link(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene
) -> None:
    made = meeting(writer, scene.secretariat)
    clock.advance(3_600)

    _, (entry,) = told(
        conn, lambda: change(writer, scene.secretariat, made.id, {"join_url": "https://join.example.org/1"})
    )

    shown = event(conn, made, links=True)
    assert (shown.join_url, shown.sequence, shown.changed_at) == ("https://join.example.org/1", 1, clock.now())
    assert event(conn, made).join_url is None
    assert (entry.kind, entry.audience.public, entry.audience.meeting) == ("meeting.changed", False, made.id)


def test_two_changes_within_a_second_are_two_moments(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat)
    moments = [event(conn, made).changed_at]
    for title in ("Opening", "Closing"):
        change(writer, scene.secretariat, made.id, {"title": title})
        moments.append(event(conn, made).changed_at)

    assert moments == sorted(set(moments))


def test_only_the_secretariat_of_its_session_changes_a_meeting(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat)

    for actor in (scene.of_other, scene.chair, scene.focal_point, scene.participant):
        with pytest.raises(Forbidden):
            change(writer, actor, made.id, {"date": "2022-07-01"}, expected_version=9)
    assert queries.meeting(conn, PUBLIC, made.id) == made
    assert change(writer, scene.of_body, made.id, {"title": "Opening"}).title == "Opening"


def test_a_meeting_of_a_draft_is_there_for_those_who_may_know(writer: Writer, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat, of="ahc-3")

    for actor in (scene.of_other, scene.focal_point, scene.participant):
        with pytest.raises(NotFound):
            change(writer, actor, made.id, {"title": "Opening"})
    with pytest.raises(Forbidden):
        change(writer, scene.chair, made.id, {"title": "Opening"})


def test_agenda_items_are_named_as_they_stand(writer: Writer, conn: Connection, scene: Scene) -> None:
    item = writer.act_now(lambda tx: items.add(tx, scene.secretariat, "ahc-2", NewItem("5", "Criminalization")))
    made = meeting(writer, scene.secretariat)

    change(writer, scene.secretariat, made.id, {"items": [item.id]})

    assert event(conn, made).items == ("5 Criminalization",)
