from typing import Any

import pytest

from scheduler.errors import NotAllowedNow
from scheduler.journal.following import last_number
from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import PUBLIC
from scheduler.programme import queries, sessions
from scheduler.secretariat import cancelling
from scheduler.secretariat.cancelling import SessionPreview
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from scheduler.subscriptions.reach import count_reach
from tests.makers import places, speaking
from tests.makers.speaking import Scene


@pytest.fixture
def scene(writer: Writer) -> Scene:
    """A meeting in which one of two accredited people holds a slot."""

    def make(tx: Tx) -> Scene:
        made = speaking.scene(tx)
        ada = speaking.speaker(tx, made)
        speaking.colleague(tx, ada)
        booking.book(tx, ada, made.slots[0], Booking("in_person"))
        return made

    return writer.act_now(make)


def preview(writer: Writer, changes: dict[str, Any], code: str = "ahc-2") -> SessionPreview:
    return writer.act_now(lambda tx: cancelling.preview_session(tx, OPERATOR, code, changes, count_reach))


def test_cancelling_a_session_is_previewed_with_all_who_are_told(
    writer: Writer, conn: Connection, scene: Scene
) -> None:
    number = last_number(conn)

    seen = preview(writer, {"status": "cancelled", "title": "No session"})

    assert (seen.session.status, seen.session.title, seen.session.version) == ("cancelled", "No session", 1)
    found = seen.affected
    assert (found.people, found.booked, found.accredited, len(found.letters)) == (2, 1, 1, 1)
    assert [(zone.before is not None, zone.after) for zone in found.by_timezone] == [(True, None)]
    assert queries.session(conn, PUBLIC, "ahc-2").status == "published"
    assert last_number(conn) == number


def test_bringing_a_session_back_is_previewed_from_nothing(writer: Writer, scene: Scene) -> None:
    writer.act_now(lambda tx: sessions.change(tx, OPERATOR, "ahc-2", {"status": "cancelled"}))

    found = preview(writer, {"status": "published"}).affected

    assert [(zone.before, zone.after is not None) for zone in found.by_timezone] == [(None, True)]
    assert (found.people, len(found.letters)) == (2, 1)


def test_a_preview_is_refused_as_the_change_would_be(writer: Writer, scene: Scene) -> None:
    with pytest.raises(NotAllowedNow):
        preview(writer, {"status": "draft"})


def test_nobody_is_told_of_another_title_or_of_publishing(writer: Writer, scene: Scene) -> None:
    writer.act_now(lambda tx: places.session(tx, "ahc-3", status="draft"))

    assert preview(writer, {"title": "Other"}).affected.people == 0
    assert preview(writer, {"status": "published"}, "ahc-3").affected.people == 0


def test_a_session_without_meetings_tells_nobody(writer: Writer) -> None:
    writer.act_now(places.session)

    found = preview(writer, {"status": "cancelled"}).affected

    assert (found.people, found.letters, found.by_timezone) == (0, (), ())
