from typing import Any

import pytest
from sqlalchemy import select

from scheduler.errors import (
    Forbidden,
    ModeNotOffered,
    NotAllowedNow,
    NotFound,
    RemoteBudgetExceeded,
    VersionConflict,
)
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.lists import changing, turns, withdrawing
from scheduler.lists.calendar import slot_events
from scheduler.lists.place import Rows, meeting
from scheduler.lists.queries import inscription
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import Reader
from scheduler.programme.tables import Meeting
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book, speakers

_ALL = Rows(select(*inscription.c))


def change(
    writer: Writer, actor: Actor, of: InscriptionView, expected: int | None = None, **to: Any
) -> InscriptionView:
    return writer.act_now(lambda tx: changing.change(tx, actor, of.id, to, expected))


def remote_booked(conn: Connection) -> int:
    return int(conn.all(select(meeting.c.remote_booked_seconds))[0][0])


def test_speaker_changes_what_she_says(writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[0], language="en", topic="Article 6")

    changed = change(writer, ada, made, topic=None, language="ru", on_behalf_of="Group of Friends")

    assert (changed.topic, changed.language, changed.on_behalf_of) == (None, "ru", "Group of Friends")
    assert ([each.code for each in changed.warnings], changed.version) == (["language-not-interpreted"], 2)
    entry = entries_after(conn, 0, 100)[-1]
    assert (entry.kind, entry.audience.public) == ("inscription.changed", True)


def test_topic_is_nothing_that_the_public_hears_of(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    change(writer, ada, book(ada, scene.slots[0]), topic="Article 7")

    assert entries_after(conn, 0, 100)[-1].audience.public is False
    (row,) = _ALL.all(conn)
    assert row["sequence"] == 0


def test_unchanged_change_changes_nothing(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[0], topic="Article 6")
    before = len(entries_after(conn, 0, 100))

    assert change(writer, ada, made, topic="Article 6", mode="in_person").version == 1
    assert len(entries_after(conn, 0, 100)) == before


def test_remote_minutes_follow_the_mode(writer: Writer, conn: Connection, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, meeting_values={"remote_budget_seconds": 600}))
    ada, bob = speakers(writer, scene, 2)
    made, other = book(ada, scene.slots[0]), book(bob, scene.slots[1])

    assert change(writer, ada, made, mode="remote").mode == "remote"
    assert remote_booked(conn) == 540
    with pytest.raises(RemoteBudgetExceeded):
        change(writer, bob, other, mode="remote")
    change(writer, ada, made, mode="video")
    assert remote_booked(conn) == 0


def test_new_mode_counts_for_calendars(writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    change(writer, ada, book(ada, scene.slots[0]), mode="remote")

    (row,) = _ALL.all(conn)
    assert (row["sequence"], row["shown_at"].second) == (1, 1)


def test_mode_that_the_list_or_the_slot_does_not_take_is_refused(writer: Writer, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, modes=["in_person", "remote"]))
    (ada,) = speakers(writer, scene, 1)
    kept = {"reserved_for": {"mode": "in_person"}}
    writer.act_now(lambda tx: turns.change(tx, OPERATOR, scene.slots[0], kept))
    made = book(ada, scene.slots[0])

    for mode in ("video", "remote"):
        with pytest.raises(ModeNotOffered):
            change(writer, ada, made, mode=mode)


def test_substitute_is_named_by_who_may_act_for_the_speaker_and_journaled_apart(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    grants = (Grant("focal_point", "organisation", ada.organisation),)
    focal = writer.act_now(lambda tx: speaking.colleague(tx, ada, grants=grants))
    colleague = writer.act_now(lambda tx: speaking.colleague(tx, ada, "Other"))
    made = book(ada, scene.slots[0])

    assert change(writer, focal, made, delivered_by="Sub Stitute").delivered_by == "Sub Stitute"
    with pytest.raises(Forbidden):
        change(writer, colleague, made, delivered_by="Somebody")
    entry = entries_after(conn, 0, 100)[-1]
    assert (entry.kind, entry.audience.public, entry.by.role) == ("inscription.substituted", False, "focal_point")
    (shown,) = slot_events(conn, Reader(ada), person=ada.id)
    assert (shown.delivered_by, shown.sequence) == ("Sub Stitute", 0)


def test_change_on_a_stale_reading_is_refused_with_the_present_one(
    writer: Writer, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[0])
    change(writer, ada, made, topic="First")

    with pytest.raises(VersionConflict) as refused:
        change(writer, ada, made, 1, topic="Second")

    assert refused.value.data["current"].topic == "First"


def test_withdrawn_inscription_is_not_changed(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[0])
    writer.act_now(lambda tx: withdrawing.withdraw(tx, ada, made.id))

    with pytest.raises(NotAllowedNow):
        change(writer, ada, made, topic="x")


def test_inscriptions_of_a_closed_meeting_rest(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[0])
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="closed"))

    with pytest.raises(NotAllowedNow):
        change(writer, ada, made, topic="x")


def test_inscription_that_is_not_there_is_not_found(writer: Writer, ada: Actor) -> None:
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: changing.change(tx, ada, new_id(), {"topic": "x"}))
