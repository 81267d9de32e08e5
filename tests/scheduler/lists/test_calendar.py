from datetime import UTC, datetime, timedelta
from uuid import UUID

from scheduler.lists import drawing_up, turns, withdrawing
from scheduler.lists.calendar import deadline_events, slot_events
from scheduler.lists.events import SlotEvent
from scheduler.lists.reader import reader_of
from scheduler.lists.turns import Interlude
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.reader import Reader
from scheduler.people.tables import Person
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import speaking
from tests.makers.speaking import STARTS_AT, Scene
from tests.scheduler.lists.conftest import Book, speakers

BOOKED_AT = datetime(2022, 5, 1, 12, tzinfo=UTC)
LINK = "https://video.example.org/secret"


def mine(conn: Connection, ada: Actor) -> SlotEvent:
    (event,) = slot_events(conn, reader_of(conn, ada), person=ada.id)
    return event


def test_turn_is_shown_with_its_meeting(conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[1], "remote", topic="Article 6")

    event = mine(conn, ada)

    assert (event.id, event.meeting_id, event.list_id) == (made.id, scene.meeting, scene.list)
    assert (event.starts_at, event.ends_at) == (STARTS_AT + timedelta(minutes=9), STARTS_AT + timedelta(minutes=18))
    assert (event.title, event.list_title, event.position) == ("Meeting 1", "Item 5", 2)
    assert (event.speaker, event.organisation) == ("Ada Example", "Organisation of Ada Example")
    assert (event.mode, event.topic, event.cancelled, event.withdrawn) == ("remote", "Article 6", False, False)
    assert (event.sequence, event.changed_at, event.timezone) == (0, BOOKED_AT, "Europe/Vienna")


def test_withdrawn_turn_stays_as_cancelled_and_moves_with_its_meeting(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[1])
    writer.act_now(lambda tx: withdrawing.withdraw(tx, ada, made.id))
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, starts_at=STARTS_AT + timedelta(days=1)))

    event = mine(conn, ada)

    assert (event.id, event.cancelled, event.withdrawn, event.position) == (made.id, True, True, 0)
    assert event.starts_at == STARTS_AT + timedelta(days=1, minutes=9)
    assert (event.sequence, event.changed_at) == (1, BOOKED_AT + timedelta(seconds=1))


def test_sequence_never_goes_back_when_she_withdraws(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[1])
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, join_url=LINK, links_sequence=3, sequence=2))
    before = mine(conn, ada)

    writer.act_now(lambda tx: withdrawing.withdraw(tx, ada, made.id))

    assert (before.sequence, before.join_url) == (5, LINK)
    assert (mine(conn, ada).sequence, mine(conn, ada).join_url) == (6, None)


def test_link_is_shown_and_counted_only_where_the_reader_may_have_it(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    book(ada, scene.slots[1])
    later = BOOKED_AT + timedelta(days=1)
    values = {"join_url": LINK, "links_for": "speakers", "links_sequence": 3, "links_shown_at": later}
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, **values))
    colleague = writer.act_now(lambda tx: speaking.colleague(tx, ada))

    (hers,) = slot_events(conn, reader_of(conn, ada), organisation=ada.organisation)
    (theirs,) = slot_events(conn, reader_of(conn, colleague), organisation=ada.organisation)

    assert (hers.join_url, hers.sequence, hers.changed_at) == (LINK, 3, later)
    assert (theirs.join_url, theirs.sequence, theirs.changed_at) == (None, 0, BOOKED_AT)


def test_moved_turn_counts_up(writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    book(ada, scene.slots[1])

    writer.act_now(lambda tx: turns.put(tx, OPERATOR, scene.list, Interlude("break", 600)))

    event = mine(conn, ada)
    assert (event.sequence, event.position) == (1, 3)
    assert event.starts_at == STARTS_AT + timedelta(minutes=19)
    assert event.changed_at == BOOKED_AT + timedelta(seconds=1)


def test_cancelled_meeting_cancels_its_turns(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    book(ada, scene.slots[1])
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="cancelled", sequence=1))

    event = mine(conn, ada)
    assert (event.cancelled, event.withdrawn, event.sequence) == (True, False, 1)


def test_whatever_is_shown_counts_as_the_last_change(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    book(ada, scene.slots[1])
    moment = BOOKED_AT + timedelta(days=2)
    writer.act_now(lambda tx: tx.conn.update(Person, str(ada.id), name="Ada Other", shown_at=moment))

    (shown,) = slot_events(conn, Reader(OPERATOR), session=scene.session)
    assert (shown.speaker, shown.changed_at) == ("Ada Other", moment)
    assert mine(conn, ada).changed_at == BOOKED_AT  # her own calendar does not name her


def test_turns_of_a_session_come_in_the_order_of_speaking(
    writer: Writer, conn: Connection, scene: Scene, book: Book
) -> None:
    ada, bob = speakers(writer, scene, 2)
    later, sooner = book(ada, scene.slots[5]), book(bob, scene.slots[3])

    found = slot_events(conn, Reader(OPERATOR), session=scene.session)

    assert [event.id for event in found] == [sooner.id, later.id]


def test_turns_and_deadlines_of_a_draft_are_shown_to_those_who_know_of_it(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[1])
    writer.act_now(lambda tx: drawing_up.change(tx, OPERATOR, scene.list, {"closes_at": "2022-06-01T10:00:00Z"}))
    writer.act_now(lambda tx: tx.conn.update(Session, scene.session, status="draft"))
    hers, operator = reader_of(conn, ada), Reader(OPERATOR)

    assert slot_events(conn, hers, person=ada.id) == []
    assert [event.id for event in slot_events(conn, operator, session=scene.session)] == [made.id]
    assert deadline_events(conn, "ahc-2") == deadline_events(conn, "ahc-2", hers) == []
    assert [event.what for event in deadline_events(conn, "ahc-2", operator)] == ["closes"]


def test_deadlines_are_shown_on_the_clock_they_were_written_for(writer: Writer, conn: Connection) -> None:
    closes = {"date": "2022-06-07", "time": "18:00", "timezone": "America/New_York"}
    scene = writer.act_now(lambda tx: speaking.scene(tx, opens_at="2022-05-02T00:00:00Z", closes_at=closes))

    opening, closing = deadline_events(conn, "ahc-2")

    assert (opening.what, opening.starts_at, opening.timezone) == (
        "opens",
        datetime(2022, 5, 2, tzinfo=UTC),
        "Europe/Vienna",
    )
    assert (closing.what, closing.ends_at, closing.timezone) == (
        "closes",
        datetime(2022, 6, 7, 22, tzinfo=UTC),
        "America/New_York",
    )
    assert (closing.title, closing.meeting_title, closing.list_id) == ("Item 5", "Meeting 1", scene.list)
    assert len({opening.id, closing.id, scene.list}) == 3
    assert str(UUID(closing.id)) == closing.id


def test_deadline_that_moves_keeps_its_id_and_counts_up(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, closes_at="2022-06-01T00:00:00Z"))
    (before,) = deadline_events(conn, scene.session)

    changes = {"closes_at": "2022-06-02T00:00:00Z", "title": "Item 5, second reading"}
    writer.act_now(lambda tx: drawing_up.change(tx, OPERATOR, scene.list, changes))

    (after,) = deadline_events(conn, scene.session)
    assert (after.id, after.sequence, after.changed_at) == (
        before.id,
        before.sequence + 1,
        before.changed_at + timedelta(seconds=1),
    )


def test_deadlines_of_a_cancelled_meeting_are_cancelled(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, closes_at="2022-06-01T00:00:00Z"))
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="cancelled", status_sequence=1))

    (event,) = deadline_events(conn, scene.session)
    assert (event.cancelled, event.sequence) == (True, 1)
