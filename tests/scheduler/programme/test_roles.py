"""Who may do what to the programme, cell by cell: acts down, roles across."""

from collections.abc import Callable

import pytest

from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.programme import bodies, items, meeting_changes, meetings, queries, sessions
from scheduler.programme.bodies import NewBody
from scheduler.programme.items import NewItem
from scheduler.programme.meetings import NewMeeting
from scheduler.programme.sessions import NewSession
from scheduler.storage.writer import Tx, Writer
from tests.scheduler.programme.scene import Scene, meeting, outcomes

ROLES = ("secretariat", "of_body", "of_other", "chair", "focal_point", "participant")
NEW_SESSION = NewSession("ahc-4", "ahc", "Fourth session", "Europe/Vienna", "2023-01-09", "2023-01-20")
NEW_MEETING = NewMeeting("1st meeting", "2022-06-08", "10:00", "13:00")

YES, NO, UNKNOWN = "done", "not-allowed", "not-found"
WHOLE_SERVICE = (YES, NO, NO, NO, NO, NO)
ITS_SECRETARIAT = (YES, YES, NO, NO, NO, NO)
OF_A_DRAFT = (YES, YES, UNKNOWN, NO, UNKNOWN, UNKNOWN)

CELLS: dict[str, tuple[Callable[[Tx, Actor], object], tuple[str, ...]]] = {
    "create a body": (lambda tx, by: bodies.add(tx, by, NewBody("ga", "General Assembly")), WHOLE_SERVICE),
    "change a body": (lambda tx, by: bodies.change(tx, by, "ahc", {"name": "Other"}), ITS_SECRETARIAT),
    "change no body": (lambda tx, by: bodies.change(tx, by, "none", {"name": "Other"}), (UNKNOWN,) * 6),
    "create a session": (lambda tx, by: sessions.add(tx, by, NEW_SESSION), ITS_SECRETARIAT),
    "change a session": (lambda tx, by: sessions.change(tx, by, "ahc-2", {"title": "Other"}), ITS_SECRETARIAT),
    "change a draft": (lambda tx, by: sessions.change(tx, by, "ahc-3", {"title": "Other"}), OF_A_DRAFT),
    "give a session away": (
        lambda tx, by: sessions.change(tx, by, "ahc-2", {"body": "hrc"}),
        (YES, NO, NO, NO, NO, NO),
    ),
    "add an item": (lambda tx, by: items.add(tx, by, "ahc-2", NewItem("9", "Other matters")), ITS_SECRETARIAT),
    "add an item to a draft": (lambda tx, by: items.add(tx, by, "ahc-3", NewItem("9", "Other matters")), OF_A_DRAFT),
    "add a meeting": (lambda tx, by: meetings.add(tx, by, "ahc-2", NEW_MEETING), ITS_SECRETARIAT),
    "add meetings": (lambda tx, by: meetings.add_all(tx, by, "ahc-2", [NEW_MEETING]), ITS_SECRETARIAT),
    "add a meeting to a draft": (lambda tx, by: meetings.add(tx, by, "ahc-3", NEW_MEETING), OF_A_DRAFT),
    "read a session": (lambda tx, by: queries.session(tx.conn, Reader(by), "ahc-2"), (YES,) * 6),
    "read a draft": (
        lambda tx, by: queries.session(tx.conn, Reader(by), "ahc-3"),
        (YES, YES, UNKNOWN, YES, UNKNOWN, UNKNOWN),
    ),
}


@pytest.mark.parametrize("act", CELLS)
def test_each_role_may_do_what_the_table_says(writer: Writer, scene: Scene, act: str) -> None:
    do, cells = CELLS[act]

    assert outcomes(writer, scene, do) == dict(zip(ROLES, cells, strict=True))


@pytest.mark.parametrize(("of", "cells"), [("ahc-2", ITS_SECRETARIAT), ("ahc-3", OF_A_DRAFT)])
def test_each_role_may_change_what_is_in_a_session(
    writer: Writer, scene: Scene, of: str, cells: tuple[str, ...]
) -> None:
    held = meeting(writer, scene.secretariat, of=of)
    item = writer.act_now(lambda tx: items.add(tx, scene.secretariat, of, NewItem("9", "Other matters")))
    expected = dict(zip(ROLES, cells, strict=True))

    assert outcomes(writer, scene, lambda tx, by: meeting_changes.plan(tx, by, held.id, {"title": "O"})) == expected
    assert outcomes(writer, scene, lambda tx, by: items.change(tx, by, item.id, {"title": "O"})) == expected
