from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import (
    AlreadyExists,
    LocalTimeSkipped,
    Meaningless,
    NotAllowedNow,
    NotFound,
    OutsideSession,
    Refusal,
    UnknownTimezone,
    VersionConflict,
)
from scheduler.people.permission import Actor
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme import queries, sessions
from scheduler.programme.calendar import meeting_events, one_meeting_event
from scheduler.programme.sessions import NewSession
from scheduler.programme.views import SessionView
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.scheduler.programme.scene import Scene, meeting, told

VIENNA = {"code": "ahc-4", "body": "ahc", "title": "Fourth session", "timezone": "Europe/Vienna"}
DAYS = {"starts_on": "2023-01-09", "ends_on": "2023-01-20"}
REGISTRATION = {
    "title": "Registration closes",
    "at": {"date": "2023-01-06", "time": "18:00", "timezone": "America/New_York"},
}


def add(writer: Writer, by: Actor, **said: Any) -> SessionView:
    return writer.act_now(lambda tx: sessions.add(tx, by, NewSession(**{**VIENNA, **DAYS, **said})))


def change(writer: Writer, by: Actor, of: str, changes: dict[str, Any], **how: Any) -> SessionView:
    return writer.act_now(lambda tx: sessions.change(tx, by, of, changes, **how))


def test_a_session_begins_as_a_draft_with_the_contracts_defaults(
    writer: Writer, conn: Connection, scene: Scene
) -> None:
    made, (entry,) = told(conn, lambda: add(writer, scene.of_body))

    assert made == SessionView(
        id=made.id,
        code="ahc-4",
        body="ahc",
        title="Fourth session",
        timezone="Europe/Vienna",
        starts_on="2023-01-09",
        ends_on="2023-01-20",
        kind="session",
        format="hybrid",
        city=None,
        venue=None,
        description=None,
        deadlines=(),
        reply_seconds=(600, 300),
        status="draft",
        version=1,
        meetings_count=0,
    )
    assert queries.session(conn, Reader(scene.of_body), "ahc-4") == made
    assert (entry.kind, entry.audience.public, entry.audience.body, entry.audience.session) == (
        "session.created",
        False,
        scene.body,
        made.id,
    )


def test_a_session_keeps_all_that_was_said(writer: Writer, conn: Connection, scene: Scene) -> None:
    said: dict[str, Any] = {
        "body": scene.body,
        "kind": "briefing",
        "format": "online",
        "city": "Vienna",
        "venue": "M Building",
        "description": "Two\nlines.",
        "reply_seconds": (300, 120),
        "status": "published",
    }

    made = add(writer, scene.secretariat, **said, deadlines=[REGISTRATION])

    assert {name: getattr(made, name) for name in said} == said | {"body": "ahc"}
    assert made.deadlines == (
        {
            "title": "Registration closes",
            "at": datetime(2023, 1, 6, 23, tzinfo=UTC),
            "as": REGISTRATION["at"],
        },
    )
    assert queries.session(conn, PUBLIC, made.id) == made


@pytest.mark.parametrize(
    ("said", "refusal", "field"),
    [
        ({"code": "AHC"}, Meaningless, "code"),
        ({"body": "nowhere"}, Meaningless, "body"),
        ({"timezone": "Vienna"}, UnknownTimezone, "timezone"),
        ({"starts_on": "2023-02-30"}, Meaningless, "starts_on"),
        ({"ends_on": "2023-01-08"}, Meaningless, "ends_on"),
        ({"deadlines": [{"title": "Never"}]}, Meaningless, "deadlines.0.at"),
        (
            {
                "deadlines": [
                    REGISTRATION,
                    {"title": "Gap", "at": {"date": "2022-03-27", "time": "02:30", "timezone": "Europe/Vienna"}},
                ]
            },
            LocalTimeSkipped,
            "deadlines.1.at.time",
        ),
    ],
)
def test_a_session_without_meaning_is_refused(
    writer: Writer, scene: Scene, said: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        add(writer, scene.secretariat, **said)

    assert [fault.field for fault in refused.value.faults] == [field]


@pytest.mark.parametrize("code", ["ahc", "ahc-2"])
def test_a_code_is_given_once_over_bodies_and_sessions(writer: Writer, scene: Scene, code: str) -> None:
    with pytest.raises(AlreadyExists):
        add(writer, scene.secretariat, code=code)
    with pytest.raises(AlreadyExists):
        change(writer, scene.secretariat, "ahc-3", {"code": code})


def test_publishing_opens_a_session_and_its_meetings_to_all(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene
) -> None:
    held = meeting(writer, scene.secretariat, of="ahc-3")
    clock.advance(60)

    published, (entry,) = told(conn, lambda: change(writer, scene.of_body, "ahc-3", {"status": "published"}))

    assert queries.session(conn, PUBLIC, "ahc-3") == published
    assert queries.meeting(conn, PUBLIC, held.id) == held
    assert (entry.kind, entry.audience.public) == ("session.published", True)
    event = one_meeting_event(conn, held.id)
    assert event is not None
    assert event.changed_at == clock.now()


def test_a_published_session_never_returns_to_draft(writer: Writer, scene: Scene) -> None:
    with pytest.raises(NotAllowedNow) as refused:
        change(writer, scene.secretariat, "ahc-2", {"status": "draft"})
    assert refused.value.data == {"allowed": ["cancelled"]}

    change(writer, scene.secretariat, "ahc-2", {"status": "cancelled"})
    with pytest.raises(NotAllowedNow) as refused:
        change(writer, scene.secretariat, "ahc-2", {"status": "draft"})
    assert refused.value.data == {"allowed": ["published"]}


def test_a_draft_is_not_cancelled_but_published(writer: Writer, scene: Scene) -> None:
    with pytest.raises(NotAllowedNow) as refused:
        change(writer, scene.secretariat, "ahc-3", {"status": "cancelled"})

    assert refused.value.data == {"allowed": ["published"]}


def test_a_cancelled_sessions_meetings_read_cancelled_until_it_is_back(
    writer: Writer, conn: Connection, scene: Scene
) -> None:
    held = meeting(writer, scene.secretariat)

    _, (entry, of_meeting) = told(
        conn, lambda: change(writer, scene.secretariat, "ahc-2", {"status": "cancelled"}, note="No quorum.")
    )

    assert (entry.kind, entry.data) == ("session.cancelled", {"note": "No quorum."})
    assert (of_meeting.kind, of_meeting.subject_id, of_meeting.meeting_number) == ("meeting.called_off", held.id, 1)
    assert queries.meeting(conn, PUBLIC, held.id).status == "cancelled"
    assert [each.status for each in queries.meetings(conn, PUBLIC, "ahc-2")] == ["cancelled"]
    assert [(event.cancelled, event.sequence) for event in meeting_events(conn)] == [(True, 1)]

    _, entries = told(conn, lambda: change(writer, scene.secretariat, "ahc-2", {"status": "published"}))

    assert [each.kind for each in entries] == ["session.restored", "meeting.called_on"]
    assert queries.meeting(conn, PUBLIC, held.id) == held
    assert [(event.cancelled, event.sequence) for event in meeting_events(conn)] == [(False, 2)]


def test_meetings_are_not_left_outside_their_session(writer: Writer, scene: Scene) -> None:
    first, last = (meeting(writer, scene.secretariat, date=day) for day in ("2022-05-31", "2022-06-08"))

    with pytest.raises(OutsideSession) as refused:
        change(writer, scene.secretariat, "ahc-2", {"starts_on": "2022-06-01", "ends_on": "2022-06-07"})

    assert refused.value.data == {"meetings": [first.id, last.id]}
    shorter = change(writer, scene.secretariat, "ahc-2", {"starts_on": "2022-05-31", "ends_on": "2022-06-08"})
    assert (shorter.starts_on, shorter.ends_on, shorter.meetings_count) == ("2022-05-31", "2022-06-08", 2)


def test_another_zone_is_for_new_meetings(writer: Writer, conn: Connection, scene: Scene) -> None:
    held = meeting(writer, scene.secretariat)

    changed = change(writer, scene.secretariat, "ahc-2", {"timezone": "America/New_York"})

    assert changed.timezone == "America/New_York"
    assert queries.meeting(conn, PUBLIC, held.id) == held
    assert meeting(writer, scene.secretariat, date="2022-06-09").timezone == "America/New_York"


def test_null_clears(writer: Writer, scene: Scene) -> None:
    made = add(writer, scene.secretariat, kind="briefing", city="Vienna", deadlines=[REGISTRATION])

    cleared = change(writer, scene.secretariat, "ahc-4", dict.fromkeys(("kind", "city", "deadlines", "reply_seconds")))

    assert (made.city, cleared.kind, cleared.city, cleared.deadlines, cleared.reply_seconds) == (
        "Vienna",
        "session",
        None,
        (),
        (600, 300),
    )


def test_an_unchanged_session_is_left_alone(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = add(writer, scene.secretariat, deadlines=[REGISTRATION])
    same = {**VIENNA, **DAYS, "deadlines": [REGISTRATION], "status": "draft", "reply_seconds": [600, 300]}

    again, entries = told(conn, lambda: change(writer, scene.secretariat, "ahc-4", same))

    assert (again, entries) == (made, [])


def test_a_stale_change_gets_the_session_as_it_is(writer: Writer, scene: Scene) -> None:
    present = change(writer, scene.secretariat, "ahc-2", {"title": "Second session, resumed"})

    with pytest.raises(VersionConflict) as refused:
        change(writer, scene.of_body, "ahc-2", {"title": "Other"}, expected_version=1)

    assert refused.value.data == {"current": present}


def test_a_session_goes_by_another_code_from_then_on(writer: Writer, conn: Connection, scene: Scene) -> None:
    held = meeting(writer, scene.secretariat)

    _, (entry,) = told(conn, lambda: change(writer, scene.secretariat, "ahc-2", {"code": "ahc-two"}))

    assert entry.data == {"fields": ["code"]}
    assert queries.meeting(conn, PUBLIC, held.id).session == "ahc-two"
    with pytest.raises(NotFound):
        queries.session(conn, PUBLIC, "ahc-2")


@pytest.mark.parametrize(
    ("changes", "sequence", "shown"),
    [
        ({"city": "Geneva"}, 1, True),
        ({"venue": "Palais"}, 1, True),
        ({"title": "Other"}, 0, True),
        ({"code": "other"}, 0, True),
        ({"description": "Other"}, 0, False),
        ({"format": "online"}, 0, False),
        ({"timezone": "UTC"}, 0, False),
        ({"ends_on": "2022-06-11"}, 0, False),
        ({"deadlines": [REGISTRATION]}, 0, False),
        ({"reply_seconds": [300]}, 0, False),
    ],
)
def test_calendars_of_meetings_hear_of_what_they_show(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene, *, changes: Any, sequence: int, shown: bool
) -> None:
    meeting(writer, scene.secretariat)
    (before,) = meeting_events(conn)
    clock.advance(3_600)

    change(writer, scene.secretariat, "ahc-2", changes)

    (after,) = meeting_events(conn)
    assert (after.sequence, after.changed_at) == (sequence, clock.now() if shown else before.changed_at)
    assert (after == before) is not shown
