from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.errors import Forbidden, NotAllowedNow
from scheduler.journal.following import last_number
from scheduler.lists import booking, withdrawing
from scheduler.lists.booking import Booking
from scheduler.lists.queries import list_view
from scheduler.lists.slot_queries import slot_views
from scheduler.lists.tables import Slot
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import PUBLIC
from scheduler.people.tables import Person
from scheduler.programme import queries
from scheduler.programme.tables import Session
from scheduler.programme.views import MeetingView
from scheduler.secretariat import moving
from scheduler.secretariat.affected import Affected
from scheduler.secretariat.moving import MeetingPreview
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from scheduler.subscriptions import feeds, webhooks
from scheduler.subscriptions.feeds import NewFeed
from scheduler.subscriptions.reach import count_reach
from scheduler.subscriptions.webhooks import NewWebhook
from tests.makers import people, speaking
from tests.makers.people import MADE_AT

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """A meeting of 8 June from 10:00 to 13:00 in Vienna in which `speaker` (Bogota) holds the `slot` from 10:54."""

    of: speaking.Scene
    speaker: Actor
    listener: Actor
    slot: str


def _scene(tx: Tx) -> Scene:
    of = speaking.scene(tx)
    speaker = speaking.speaker(tx, of)
    listener = speaking.colleague(tx, speaker)
    tx.conn.update(Person, str(speaker.id), timezone="America/Bogota", language="es")
    booking.book(tx, speaker, of.slots[6], Booking("remote"))
    return Scene(of, speaker, listener, of.slots[6])


@pytest.fixture
def scene(writer: Writer) -> Scene:
    return writer.act_now(_scene)


def change(writer: Writer, scene: Scene, changes: dict[str, Any], **how: Any) -> MeetingView:
    return writer.act_now(lambda tx: moving.change_meeting(tx, OPERATOR, scene.of.meeting, changes, **how))


def preview(writer: Writer, scene: Scene, changes: dict[str, Any], **how: Any) -> MeetingPreview:
    return writer.act_now(
        lambda tx: moving.preview_meeting(tx, OPERATOR, scene.of.meeting, changes, count_reach, **how)
    )


def starts(conn: Connection, *slots: str) -> list[datetime]:
    return [each.starts_at for each in slot_views(conn, list(slots))]


def test_slots_and_bookings_move_with_the_meeting(writer: Writer, conn: Connection, scene: Scene) -> None:
    (before,) = slot_views(conn, [scene.slot])

    change(writer, scene, {"date": "2022-06-09", "start": "15:00", "end": "18:00"})

    (after,) = slot_views(conn, [scene.slot])
    moved = DAY + timedelta(hours=5)
    assert after == replace(before, starts_at=before.starts_at + moved, ends_at=before.ends_at + moved)
    assert after.speaker is not None
    assert after.speaker.id == scene.speaker.id


def test_free_slots_past_a_new_end_go(writer: Writer, conn: Connection, scene: Scene) -> None:
    shorter = change(writer, scene, {"end": "11:30"})

    assert shorter.end == "11:30"
    assert [row["id"] for row in speaking.slots(conn, scene.of.list)] == list(scene.of.slots[:10])


def test_a_booked_slot_past_a_new_end_forbids_it(writer: Writer, conn: Connection, scene: Scene) -> None:
    before, number = queries.meeting(conn, PUBLIC, scene.of.meeting), last_number(conn)

    for attempt in (change, preview):
        with pytest.raises(NotAllowedNow) as refused:
            attempt(writer, scene, {"end": "11:00", "room": "M3"})
        assert refused.value.data == {"slots": [scene.slot]}

    assert queries.meeting(conn, PUBLIC, scene.of.meeting) == before
    assert len(speaking.slots(conn, scene.of.list)) == 20
    assert last_number(conn) == number


def test_a_format_without_the_mode_in_which_somebody_is_to_speak_is_refused(
    writer: Writer, conn: Connection, scene: Scene
) -> None:
    before, number = queries.meeting(conn, PUBLIC, scene.of.meeting), last_number(conn)
    kept = scene.of.slots[2]
    writer.act_now(lambda tx: tx.conn.update(Slot, kept, reserved_mode="video"))
    inscription = speaking.slots(conn, scene.of.list)[6]["inscription_id"]

    for attempt in (change, preview):
        with pytest.raises(NotAllowedNow) as refused:
            attempt(writer, scene, {"format": "in_person"})
        assert refused.value.data == {"inscriptions": [inscription], "slots": [scene.slot, kept]}

    assert queries.meeting(conn, PUBLIC, scene.of.meeting) == before
    assert last_number(conn) == number


@pytest.mark.parametrize(("format_", "modes"), [("in_person", ("in_person",)), ("online", ("remote", "video"))])
def test_another_format_narrows_what_the_lists_offer_and_the_first_brings_it_back(
    writer: Writer, conn: Connection, scene: Scene, format_: str, modes: tuple[str, ...]
) -> None:
    hers = speaking.slots(conn, scene.of.list)[6]["inscription_id"]
    if format_ == "in_person":
        writer.act_now(lambda tx: withdrawing.withdraw(tx, scene.speaker, hers))
    seen = []

    for each in (format_, "hybrid"):
        change(writer, scene, {"format": each})
        seen.append(list_view(conn, scene.of.list, MADE_AT).modes)

    assert seen == [modes, ("in_person", "remote", "video")]


def test_a_later_start_moves_slots_and_takes_the_free_ones_past_the_end(
    writer: Writer, conn: Connection, scene: Scene
) -> None:
    change(writer, scene, {"start": "11:00"})

    assert starts(conn, scene.slot) == [datetime(2022, 6, 8, 9, 54, tzinfo=UTC)]
    assert len(speaking.slots(conn, scene.of.list)) == 13


def test_cancelling_changes_nothing_below_and_bringing_back_restores(
    writer: Writer, conn: Connection, scene: Scene
) -> None:
    slots = speaking.slots(conn, scene.of.list)

    cancelled = change(writer, scene, {"status": "cancelled"})
    assert (cancelled.status, speaking.slots(conn, scene.of.list)) == ("cancelled", slots)

    back = change(writer, scene, {"status": "scheduled"})
    assert (back.status, speaking.slots(conn, scene.of.list)) == ("scheduled", slots)


def test_a_preview_says_who_is_affected_and_changes_nothing(writer: Writer, conn: Connection, scene: Scene) -> None:
    before, number = queries.meeting(conn, PUBLIC, scene.of.meeting), last_number(conn)

    seen = preview(writer, scene, {"date": "2022-06-09", "start": "15:00", "end": "18:00"}, note="An earlier flight.")

    assert seen.meeting == replace(
        before,
        date="2022-06-09",
        start="15:00",
        end="18:00",
        starts_at=before.starts_at + DAY + timedelta(hours=5),
        ends_at=before.ends_at + DAY + timedelta(hours=5),
    )
    found = seen.affected
    assert (found.people, found.booked, found.accredited) == (2, 1, 1)
    assert (found.becomes_night, found.no_longer_night) == (0, 1)
    clocks = [
        (zone.timezone, zone.people, at.date, at.start, at.end, at.civil)
        for zone in found.by_timezone
        for at in (zone.before, zone.after)
        if at is not None
    ]
    assert clocks == [
        ("America/Bogota", 1, "2022-06-08", "03:00", "06:00", "night"),
        ("America/Bogota", 1, "2022-06-09", "08:00", "11:00", "day"),
        ("Europe/Vienna", 1, "2022-06-08", "10:00", "13:00", "day"),
        ("Europe/Vienna", 1, "2022-06-09", "15:00", "18:00", "day"),
    ]
    assert [(letter.timezone, letter.language) for letter in found.letters] == [
        ("America/Bogota", "es"),
        ("Europe/Vienna", "en"),
    ]
    assert [letter.text.split("\n")[1:] for letter in found.letters] == [["An earlier flight."]] * 2
    assert queries.meeting(conn, PUBLIC, scene.of.meeting) == before
    assert last_number(conn) == number


@pytest.mark.parametrize(
    ("changes", "people", "letters", "before", "after"),
    [
        ({"start": "09:00"}, 2, 2, True, True),
        ({"status": "cancelled"}, 2, 2, True, False),
        ({"room": "M3"}, 2, 2, True, True),
        ({"title": "Opening"}, 0, 0, False, False),
        ({"title": "Meeting 1"}, 0, 0, False, False),
    ],
)
def test_people_are_affected_by_what_they_are_told(
    writer: Writer, scene: Scene, *, changes: dict[str, Any], people: int, letters: int, before: bool, after: bool
) -> None:
    found = preview(writer, scene, changes).affected

    assert (found.people, len(found.letters)) == (people, letters)
    assert {(zone.before is not None, zone.after is not None) for zone in found.by_timezone} == (
        {(before, after)} if people else set()
    )


def test_bringing_back_is_previewed_from_nothing(writer: Writer, scene: Scene) -> None:
    change(writer, scene, {"status": "cancelled"})

    moved = preview(writer, scene, {"date": "2022-06-09"}).affected
    back = preview(writer, scene, {"status": "scheduled"}).affected

    assert moved.people == 0
    assert [(zone.timezone, zone.before, zone.after is not None) for zone in back.by_timezone] == [
        ("America/Bogota", None, True),
        ("Europe/Vienna", None, True),
    ]
    assert (back.becomes_night, back.no_longer_night) == (1, 0)


def test_quiet_hours_at_the_time_of_telling_are_counted(writer: Writer, scene: Scene) -> None:
    def be_quiet(tx: Tx) -> None:
        # It is noon in London: 14:00 in Vienna and 07:00 in Bogota.
        tx.conn.update(Person, str(scene.speaker.id), quiet_start="22:00", quiet_end="07:30")
        tx.conn.update(Person, str(scene.listener.id), quiet_start="22:00", quiet_end="07:30")

    writer.act_now(be_quiet)

    assert preview(writer, scene, {"start": "09:00"}).affected.quiet_then == 1


def test_private_feeds_and_webhooks_that_are_reached_are_counted(writer: Writer, scene: Scene) -> None:
    def subscribe(tx: Tx) -> None:
        of = str(scene.speaker.organisation)
        focal_point = people.person(tx, "Foc", grants=(Grant("focal_point", "organisation", of),))
        stranger = people.person(tx, "Str")
        chair = people.person(tx, "Cha", grants=(Grant("chair", "session", scene.of.session),))
        for actor, feed in (
            (scene.speaker, NewFeed("mine")),
            (scene.listener, NewFeed("mine")),
            (stranger, NewFeed("session", "ahc-2")),
            (focal_point, NewFeed("organisation")),
            (chair, NewFeed("chair", "ahc-2")),
        ):
            feeds.make(tx, actor, feed)
        for kinds, session in (((), None), (("meeting",), "ahc-2"), (("meeting.cancelled",), None), (("list",), None)):
            webhooks.make(tx, OPERATOR, NewWebhook("https://hook.example.org", kinds, session))

    writer.act_now(subscribe)

    def reached(changes: dict[str, Any]) -> tuple[int, int]:
        found = preview(writer, scene, changes).affected
        return found.feeds, found.webhooks

    assert reached({"start": "09:00"}) == (4, 2)
    assert reached({"status": "cancelled"}) == (4, 3)
    assert reached({"title": "Opening"}) == (4, 2)
    assert reached({"title": "Meeting 1"}) == (0, 0)


def test_nobody_is_told_of_a_drafts_meeting(writer: Writer, scene: Scene) -> None:
    def hide(tx: Tx) -> None:
        tx.conn.update(Session, scene.of.session, status="draft")
        webhooks.make(tx, OPERATOR, NewWebhook("https://hook.example.org"))

    writer.act_now(hide)

    assert preview(writer, scene, {"start": "09:00"}).affected == Affected(0, 0, 0, 0, 1, 0, (), 0, 0, ())


def test_erased_and_withdrawn_people_are_not_affected(writer: Writer, scene: Scene) -> None:
    def leave(tx: Tx) -> None:
        withdrawing.withdraw_booking(tx, scene.speaker, scene.slot)
        tx.conn.update(Person, str(scene.listener.id), erased=True)

    writer.act_now(leave)

    found = preview(writer, scene, {"start": "09:00"}).affected
    assert (found.people, found.booked, found.accredited) == (1, 0, 1)


def test_a_participant_may_not_even_look(writer: Writer, scene: Scene) -> None:
    of, by, changes = scene.of.meeting, scene.speaker, {"start": "09:00"}

    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: moving.preview_meeting(tx, by, of, changes, count_reach))
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: moving.change_meeting(tx, by, of, changes))
