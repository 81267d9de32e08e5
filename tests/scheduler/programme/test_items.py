from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import AlreadyExists, Meaningless, NotFound, VersionConflict
from scheduler.ids import new_id
from scheduler.people.permission import Actor
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme import items, queries
from scheduler.programme.calendar import meeting_events
from scheduler.programme.items import NewItem
from scheduler.programme.views import ItemView
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.scheduler.programme.scene import Scene, meeting, told


def add(writer: Writer, by: Actor, number: str, of: str = "ahc-2", **said: Any) -> ItemView:
    return writer.act_now(lambda tx: items.add(tx, by, of, NewItem(number, f"Title of {number}", **said)))


def change(writer: Writer, by: Actor, item: str, changes: dict[str, Any], **how: Any) -> ItemView:
    return writer.act_now(lambda tx: items.change(tx, by, item, changes, **how))


def test_items_stand_in_the_order_in_which_they_were_added(writer: Writer, conn: Connection, scene: Scene) -> None:
    first, (entry,) = told(conn, lambda: add(writer, scene.of_body, "1"))
    others = [add(writer, scene.secretariat, number) for number in ("10", "2")]
    below = add(writer, scene.secretariat, "2 (a)", parent=others[1].id)

    assert first == ItemView(first.id, "1", "Title of 1", None, "pending", "ahc-2", 1, None, None, 1)
    assert below.parent == others[1].id
    assert queries.items(conn, PUBLIC, "ahc-2") == [first, *others, below]
    assert queries.items(conn, PUBLIC, scene.session, after=(first.position, first.id), limit=2) == others
    assert queries.item(conn, PUBLIC, below.id) == below
    assert (entry.kind, entry.subject_id, entry.audience.public, entry.audience.session) == (
        "item.created",
        first.id,
        True,
        scene.session,
    )


def test_a_number_is_given_once_a_session(writer: Writer, scene: Scene) -> None:
    add(writer, scene.secretariat, "1")
    second = add(writer, scene.secretariat, "2")

    with pytest.raises(AlreadyExists):
        add(writer, scene.secretariat, "1")
    with pytest.raises(AlreadyExists):
        change(writer, scene.secretariat, second.id, {"number": "1"})
    assert add(writer, scene.secretariat, "1", of="ahc-3").position == 1


def test_a_parent_is_an_item_of_the_same_session(writer: Writer, scene: Scene) -> None:
    foreign = add(writer, scene.secretariat, "1", of="ahc-3")
    mine = add(writer, scene.secretariat, "1")

    for parent in (foreign.id, new_id()):
        with pytest.raises(Meaningless):
            add(writer, scene.secretariat, "2", parent=parent)
        with pytest.raises(Meaningless):
            change(writer, scene.secretariat, mine.id, {"parent": parent})


def test_no_item_stands_below_itself(writer: Writer, scene: Scene) -> None:
    top = add(writer, scene.secretariat, "1")
    middle = add(writer, scene.secretariat, "1 (a)", parent=top.id)
    bottom = add(writer, scene.secretariat, "1 (a) (i)", parent=middle.id)

    for parent in (top, middle, bottom):
        with pytest.raises(Meaningless) as refused:
            change(writer, scene.secretariat, top.id, {"parent": parent.id})
        assert [fault.field for fault in refused.value.faults] == ["parent"]
    assert change(writer, scene.secretariat, bottom.id, {"parent": None}).parent is None


def test_an_item_remembers_when_it_started_and_ended(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene
) -> None:
    item = add(writer, scene.secretariat, "1")
    steps = []
    for minute, status in enumerate(("started", "ended", "started", "ended", "pending", "ended")):
        clock.set(datetime(2022, 6, 8, 8, minute, 0, 500_000, tzinfo=UTC))
        changed, (entry,) = told(conn, partial(change, writer, scene.secretariat, item.id, {"status": status}))
        times = [at and (at.minute, at.microsecond) for at in (changed.started_at, changed.ended_at)]
        steps.append((changed.status, *times))
        assert (entry.kind, entry.data) == ("item.changed", {"fields": ["status"], "status": status})

    assert steps == [
        ("started", (0, 0), None),
        ("ended", (0, 0), (1, 0)),
        ("started", (0, 0), None),
        ("ended", (0, 0), (3, 0)),
        ("pending", None, None),
        ("ended", (5, 0), (5, 0)),
    ]


def test_an_item_may_be_added_as_it_stands(writer: Writer, clock: SettableClock, scene: Scene) -> None:
    item = add(writer, scene.secretariat, "1", status="started")

    assert (item.status, item.started_at, item.ended_at) == ("started", clock.now(), None)


def test_calendars_hear_of_a_new_name_alone(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene
) -> None:
    item = add(writer, scene.secretariat, "1")
    meeting(writer, scene.secretariat, items=(item.id,))
    (before,) = meeting_events(conn)
    clock.advance(60)
    change(writer, scene.secretariat, item.id, {"status": "started"})
    assert meeting_events(conn) == [before]

    change(writer, scene.secretariat, item.id, {"title": "Opening"})

    (after,) = meeting_events(conn)
    assert (after.items, after.sequence, after.changed_at) == (("1 Opening",), 0, clock.now())


def test_an_unchanged_item_is_left_alone(writer: Writer, conn: Connection, scene: Scene) -> None:
    item = add(writer, scene.secretariat, "1")
    same = {"number": "1", "title": "Title of 1", "parent": None, "status": "pending"}

    again, entries = told(conn, lambda: change(writer, scene.secretariat, item.id, same))

    assert (again, entries) == (item, [])


def test_a_stale_change_gets_the_item_as_it_is(writer: Writer, scene: Scene) -> None:
    item = add(writer, scene.secretariat, "1")

    with pytest.raises(VersionConflict) as refused:
        change(writer, scene.secretariat, item.id, {"title": "Other"}, expected_version=4)

    assert refused.value.data == {"current": item}


def test_the_public_knows_no_item_of_a_draft(writer: Writer, conn: Connection, scene: Scene) -> None:
    item = add(writer, scene.secretariat, "1", of="ahc-3")

    with pytest.raises(NotFound):
        queries.item(conn, PUBLIC, item.id)
    with pytest.raises(NotFound):
        queries.items(conn, PUBLIC, "ahc-3")
    assert queries.items(conn, Reader(scene.chair), "ahc-3") == [item]
