from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme import items, meeting_changes, sessions
from scheduler.programme.calendar import meeting_events, offered_meetings, one_meeting_event, session_deadlines
from scheduler.programme.events import DeadlineEvent, MeetingEvent
from scheduler.programme.items import NewItem
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import places
from tests.scheduler.programme.scene import Scene, meeting

LINK = "https://join.example.org/1"
REGISTRATION = {
    "title": "Registration closes",
    "at": {"date": "2022-05-20", "time": "18:00", "timezone": "America/New_York"},
}


def test_a_meeting_is_shown_with_its_session_and_items(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene
) -> None:
    place = {"city": "Vienna", "venue": "VIC"}
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", place))
    item = writer.act_now(lambda tx: items.add(tx, scene.secretariat, "ahc-2", NewItem("5", "Criminalization")))
    said: dict[str, Any] = {"room": "M3", "languages": ("en",), "items": (item.id,), "join_url": LINK}
    made = meeting(writer, scene.secretariat, webcast_url="https://webcast.example.org", **said)

    assert meeting_events(conn) == [
        MeetingEvent(
            id=made.id,
            timezone="Europe/Vienna",
            starts_at=datetime(2022, 6, 8, 8, tzinfo=UTC),
            ends_at=datetime(2022, 6, 8, 11, tzinfo=UTC),
            cancelled=False,
            sequence=1,
            changed_at=clock.now(),
            number=1,
            title="1st meeting",
            session_code="ahc-2",
            session_title="Session ahc-2",
            city="Vienna",
            venue="VIC",
            room="M3",
            format="hybrid",
            languages=("en",),
            items=("5 Criminalization",),
            webcast_url="https://webcast.example.org",
            join_url=None,
        )
    ]
    assert one_meeting_event(conn, made.id) == meeting_events(conn)[0]


def test_calendars_show_no_draft(writer: Writer, conn: Connection, scene: Scene) -> None:
    hidden = meeting(writer, scene.secretariat, of="ahc-3")
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-3", {"deadlines": [REGISTRATION]}))

    assert meeting_events(conn) == []
    assert one_meeting_event(conn, hidden.id) is None
    assert session_deadlines(conn, "ahc-3") == []


def test_events_are_chosen_by_session_body_kind_and_item(writer: Writer, conn: Connection, scene: Scene) -> None:
    writer.act_now(lambda tx: places.session(tx, "hrc-1"))
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "hrc-1", {"kind": "briefing"}))
    item = writer.act_now(lambda tx: items.add(tx, scene.secretariat, "ahc-2", NewItem("5", "Criminalization")))
    later = meeting(writer, scene.secretariat, date="2022-06-09", items=(item.id,))
    sooner = meeting(writer, scene.secretariat, date="2022-06-01")
    other = meeting(writer, scene.secretariat, of="hrc-1", date="2022-06-02")

    def ids(**which: Any) -> list[str]:
        return [event.id for event in meeting_events(conn, **which)]

    assert ids() == [sooner.id, other.id, later.id]
    assert ids(session="ahc-2") == ids(session=scene.session) == [sooner.id, later.id]
    assert ids(body="ahc") == ids(body=scene.body) == [sooner.id, later.id]
    assert ids(kind="briefing") == [other.id]
    assert ids(body="ahc", kind="briefing") == []
    assert ids(session="ahc-2", item=item.id) == [later.id]


def test_links_are_offered_to_who_may_have_them(writer: Writer, conn: Connection, scene: Scene) -> None:
    for links_for in ("accredited", "speakers"):
        meeting(writer, scene.secretariat, join_url=LINK, links_for=links_for)
    accredited = Reader(scene.participant, frozenset({scene.session}))

    offered = {reader: offered_meetings(conn, reader, session="ahc-2") for reader in (PUBLIC, accredited)}

    assert [(each.withheld, each.whole.join_url, each.plain.join_url) for each in offered[PUBLIC]] == [
        (True, LINK, None)
    ] * 2
    assert sorted(each.withheld for each in offered[accredited]) == [False, True]
    assert meeting_events(conn, links=True) == [each.whole for each in offered[PUBLIC]]
    assert meeting_events(conn) == [each.plain for each in offered[PUBLIC]]


def test_a_meeting_stays_in_calendars_when_it_is_cancelled(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = meeting(writer, scene.secretariat)

    def cancel(tx: Any) -> None:
        change = meeting_changes.plan(tx, scene.secretariat, made.id, {"status": "cancelled"})
        meeting_changes.apply(tx, scene.secretariat, change)

    writer.act_now(cancel)

    assert [(event.id, event.cancelled, event.sequence) for event in meeting_events(conn)] == [(made.id, True, 1)]


def test_a_deadline_counts_in_the_zone_in_which_it_was_written(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene
) -> None:
    utc = {"title": "Papers", "at": "2022-05-10T10:00:00Z"}
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", {"deadlines": [REGISTRATION, utc]}))

    papers, registration = session_deadlines(conn, "ahc-2")

    assert registration == DeadlineEvent(
        id=registration.id,
        timezone="America/New_York",
        starts_at=datetime(2022, 5, 20, 22, tzinfo=UTC),
        ends_at=datetime(2022, 5, 20, 22, tzinfo=UTC),
        cancelled=False,
        sequence=0,
        changed_at=clock.now(),
        what="deadline",
        title="Registration closes",
        meeting_id=None,
        meeting_title=None,
        list_id=None,
        session_code="ahc-2",
        session_title="Session ahc-2",
    )
    assert (papers.title, papers.timezone) == ("Papers", "Europe/Vienna")
    assert session_deadlines(conn, scene.session) == [papers, registration]


@pytest.mark.parametrize(
    ("changed", "sequence"),
    [
        ({"title": "Registration ends"}, 0),
        ({"at": "2022-05-21T22:00:00Z"}, 1),
        ({"at": "2022-05-20T22:00:00Z"}, 0),
    ],
)
def test_a_changed_deadline_keeps_its_entry_and_leaves_meetings_alone(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene, *, changed: dict[str, Any], sequence: int
) -> None:
    meeting(writer, scene.secretariat)
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", {"deadlines": [REGISTRATION]}))
    (before,), meetings = session_deadlines(conn, "ahc-2"), meeting_events(conn)
    clock.advance(60)

    first = {"title": "Before all else", "at": "2022-05-02T08:00:00Z"}
    deadlines = [first, {**REGISTRATION, **changed}]
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", {"deadlines": deadlines}))

    _, after = session_deadlines(conn, "ahc-2")
    assert (after.id, after.sequence, after.changed_at) == (before.id, sequence, clock.now())
    assert meeting_events(conn) == meetings


def test_a_cancelled_sessions_deadlines_are_cancelled(writer: Writer, conn: Connection, scene: Scene) -> None:
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", {"deadlines": [REGISTRATION]}))
    writer.act_now(lambda tx: sessions.change(tx, scene.secretariat, "ahc-2", {"status": "cancelled"}))

    assert [(event.cancelled, event.sequence) for event in session_deadlines(conn, "ahc-2")] == [(True, 1)]
