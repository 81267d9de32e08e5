from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.errors import Forbidden, NotFound
from scheduler.ids import new_id
from scheduler.lists import drawing_up, queries, turns, withdrawing
from scheduler.lists.inscription_queries import (
    inscriptions_of_list,
    inscriptions_of_organisation,
    inscriptions_of_person,
    one_inscription,
)
from scheduler.lists.particulars import NewList
from scheduler.lists.slot_queries import one_slot, slots_of_list
from scheduler.lists.tables import Inscription
from scheduler.lists.turns import Interlude
from scheduler.lists.views import Counts, InscriptionView, SlotView
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import PUBLIC, Reader
from scheduler.people.views import Named
from scheduler.programme.tables import Session
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, speaking
from tests.makers.speaking import STARTS_AT, Scene
from tests.scheduler.lists.conftest import Book, speakers

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)


def ids(found: list[tuple[Any, Any]]) -> list[str]:
    return [view.id for view, _ in found]


def test_list_counts_its_turns_and_inscriptions(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    book(ada, scene.slots[0])
    writer.act_now(lambda tx: turns.put(tx, OPERATOR, scene.list, Interlude("break", 60, after=scene.slots[0])))

    view, stretch = queries.speakers_list(conn, PUBLIC, scene.list, NOW)

    assert view.counts == Counts(slots=19, free=18, booked=1, pending=0, allotted=1, waiting=0)
    assert stretch == (STARTS_AT, STARTS_AT.replace(hour=10, minute=52), "Europe/Vienna")


def test_lists_come_by_position_and_page_by_page(writer: Writer, conn: Connection, scene: Scene) -> None:
    def another(position: int) -> str:
        new = NewList("Other", "queue", position=position, window={"start": "10:00", "end": "11:00"})
        return writer.act_now(lambda tx: drawing_up.add(tx, OPERATOR, scene.meeting, new)).id

    third, second = another(7), another(4)

    def page(after: tuple[int, str] | None, limit: int) -> list[str]:
        return ids(queries.lists_of_meeting(conn, PUBLIC, scene.meeting, NOW, after=after, limit=limit))

    assert page(None, 50) == [scene.list, second, third]
    assert page(None, 1) == [scene.list]
    assert page((1, scene.list), 50) == [second, third]


def test_list_without_slots_has_no_stretch(writer: Writer, conn: Connection, scene: Scene) -> None:
    new = NewList("Other", "queue", window={"start": "10:00", "end": "11:00"})
    made = writer.act_now(lambda tx: drawing_up.add(tx, OPERATOR, scene.meeting, new))

    assert queries.speakers_list(conn, PUBLIC, made.id, NOW)[1] is None


def test_next_deadline_is_the_next_of_the_meetings_lists(writer: Writer, conn: Connection) -> None:
    opens, closes = "2022-05-02T00:00:00Z", "2022-05-03T00:00:00Z"
    scene = writer.act_now(lambda tx: speaking.scene(tx, opened=False, opens_at=opens, closes_at=closes))

    found = [queries.next_deadline(conn, scene.meeting, NOW.replace(day=day)) for day in (1, 2, 3)]

    assert found == [datetime(2022, 5, 2, tzinfo=UTC), datetime(2022, 5, 3, tzinfo=UTC), None]


def test_slot_shows_who_speaks_when(conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[2], "video", topic="Secret")

    view, stretch = one_slot(conn, PUBLIC, scene.slots[2])

    starts_at = datetime(2022, 6, 8, 8, 18, tzinfo=UTC)
    ends_at = datetime(2022, 6, 8, 8, 27, tzinfo=UTC)
    assert view == SlotView(
        id=scene.slots[2],
        list=scene.list,
        position=3,
        kind="statement",
        title=None,
        seconds=540,
        starts_at=starts_at,
        ends_at=ends_at,
        reserved_for=None,
        inscription=made.id,
        speaker=Named(str(ada.id), "Ada Example"),
        organisation=Named(str(ada.organisation), "Organisation of Ada Example"),
        mode="video",
        status="booked",
        version=2,
    )
    assert stretch == (starts_at, ends_at, "Europe/Vienna")


def test_slots_come_by_position_and_page_by_page(conn: Connection, scene: Scene) -> None:
    first = slots_of_list(conn, PUBLIC, scene.list, after=None, limit=2)
    rest = slots_of_list(conn, PUBLIC, scene.list, after=(2, scene.slots[1]), limit=50)

    assert ids(first) + ids(rest) == list(scene.slots)


def test_slots_are_filtered_by_what_is_free_and_for_which_mode(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    book(ada, scene.slots[0], "remote")
    reserved = {"reserved_for": {"mode": "in_person"}}
    writer.act_now(lambda tx: turns.change(tx, OPERATOR, scene.slots[1], reserved))
    writer.act_now(lambda tx: drawing_up.change(tx, OPERATOR, scene.list, {"modes": ["in_person", "remote"]}))

    def found(**which: Any) -> list[str]:
        return ids(slots_of_list(conn, PUBLIC, scene.list, after=None, limit=50, **which))

    rest = list(scene.slots[2:])
    assert found(free=True) == [scene.slots[1], *rest]
    assert found(free=False) == [scene.slots[0]]
    assert found(mode="remote") == [scene.slots[0], *rest]
    assert found(mode="in_person") == [scene.slots[1], *rest]
    assert found(mode="remote", free=True) == rest
    assert found(mode="video") == []


def test_draft_is_known_to_those_who_run_it_alone(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[0])
    writer.act_now(lambda tx: tx.conn.update(Session, scene.session, status="draft"))
    bob = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob"))
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),)))

    for reader in (PUBLIC, Reader(bob)):
        for read in (
            lambda: queries.speakers_list(conn, reader, scene.list, NOW),  # noqa: B023  -- it is called at once
            lambda: queries.lists_of_meeting(conn, reader, scene.meeting, NOW, after=None, limit=1),  # noqa: B023  -- so
            lambda: one_slot(conn, reader, scene.slots[0]),  # noqa: B023  -- so
            lambda: slots_of_list(conn, reader, scene.list, after=None, limit=1),  # noqa: B023  -- so
            lambda: inscriptions_of_list(conn, reader, scene.list, after=None, limit=1),  # noqa: B023  -- so
            lambda: one_inscription(conn, reader, made.id),  # noqa: B023  -- so
        ):
            with pytest.raises(NotFound):
                read()
    assert queries.speakers_list(conn, Reader(chair), scene.list, NOW)[0].id == scene.list
    assert one_slot(conn, Reader(chair), scene.slots[0])[0].id == scene.slots[0]


def test_what_is_not_there_is_not_found(conn: Connection) -> None:
    for read in (
        lambda: queries.list_view(conn, new_id(), NOW),
        lambda: queries.speakers_list(conn, PUBLIC, new_id(), NOW),
        lambda: one_slot(conn, PUBLIC, new_id()),
        lambda: one_inscription(conn, PUBLIC, new_id()),
    ):
        with pytest.raises(NotFound):
            read()


def seen(view: InscriptionView) -> tuple[Any, ...]:
    return view.person.name, view.mode, view.status, view.topic, view.delivered_by, view.warnings != ()


def test_inscription_is_read_in_full_by_whom_it_concerns_alone(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[0], language="zh", topic="Secret")
    writer.act_now(lambda tx: tx.conn.update(Inscription, made.id, delivered_by="Sub Stitute"))
    org = Grant("focal_point", "organisation", ada.organisation)
    focal = writer.act_now(lambda tx: speaking.colleague(tx, ada, "Focal", grants=(org,)))
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),)))
    colleague = writer.act_now(lambda tx: speaking.colleague(tx, ada, "Colleague"))
    full = ("Ada Example", "in_person", "allotted", "Secret", "Sub Stitute", True)
    cut = ("Ada Example", "in_person", "allotted", None, None, False)

    for reader, expected in (
        (Reader(ada), full),
        (Reader(focal), full),
        (Reader(chair), full),
        (Reader(OPERATOR), full),
        (Reader(colleague), cut),
        (PUBLIC, cut),
    ):
        (of_list,) = inscriptions_of_list(conn, reader, scene.list, after=None, limit=50)
        assert seen(one_inscription(conn, reader, made.id)) == expected
        assert seen(of_list[0]) == expected


def test_pending_and_withdrawn_inscriptions_are_for_whom_they_concern(
    writer: Writer, conn: Connection, scene: Scene, book: Book
) -> None:
    ada, bob, cleo = speakers(writer, scene, 3)
    stays, leaves, waits = (book(who, slot) for who, slot in zip((ada, bob, cleo), scene.slots, strict=False))
    writer.act_now(lambda tx: withdrawing.withdraw(tx, bob, leaves.id))
    writer.act_now(lambda tx: tx.conn.update(Inscription, waits.id, status="pending"))

    def known(reader: Reader) -> set[str]:
        return set(ids(inscriptions_of_list(conn, reader, scene.list, after=None, limit=50)))

    assert known(PUBLIC) == {stays.id}
    assert known(Reader(bob)) == {stays.id, leaves.id}
    assert known(Reader(cleo)) == {stays.id, waits.id}
    assert known(Reader(OPERATOR)) == {stays.id, leaves.id, waits.id}


def test_inscriptions_of_a_person_are_hers_page_by_page(
    writer: Writer, conn: Connection, scene: Scene, book: Book
) -> None:
    ada, bob = speakers(writer, scene, 2)
    first = book(ada, scene.slots[0])
    book(bob, scene.slots[1])
    writer.act_now(lambda tx: withdrawing.withdraw(tx, ada, first.id))
    second = book(ada, scene.slots[2])
    writer.act_now(lambda tx: tx.conn.update(Inscription, second.id, created_at=NOW.replace(microsecond=7)))

    both = inscriptions_of_person(conn, Reader(ada), after=None, limit=50)
    after_first = inscriptions_of_person(conn, Reader(ada), after=both[0][1], limit=50)

    assert [(view.id, view.status) for view, _ in both] == [(first.id, "withdrawn"), (second.id, "allotted")]
    assert ids(after_first) == [second.id]
    assert both[1][0].created_at == NOW


def test_inscriptions_of_an_organisation_are_for_its_focal_points(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[0], topic="Secret")
    organisation = str(ada.organisation)
    grants = (Grant("focal_point", "organisation", organisation),)
    focal = writer.act_now(lambda tx: speaking.colleague(tx, ada, grants=grants))

    ((view, _),) = inscriptions_of_organisation(conn, Reader(focal), organisation, after=None, limit=50)

    assert (view.id, view.topic) == (made.id, "Secret")
    with pytest.raises(Forbidden):
        inscriptions_of_organisation(conn, Reader(ada), organisation, after=None, limit=50)
    with pytest.raises(NotFound):
        inscriptions_of_organisation(conn, Reader(OPERATOR), new_id(), after=None, limit=50)
