from datetime import timedelta

import pytest

from scheduler.outbox.actions import claim, drop, plan, settle
from scheduler.outbox.queries import counts, next_due, rows
from scheduler.outbox.views import Settled
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers.outbox import NOON, due

LATER = timedelta(hours=1)


def test_planning_twice_makes_one_row(writer: Writer, conn: Connection) -> None:
    assert writer.act_now(lambda tx: plan(tx, [due("a"), due("b")], "rostrum.test")) == 2
    assert writer.act_now(lambda tx: plan(tx, [due("b"), due("c"), due("c")], "rostrum.test")) == 1
    assert counts(conn) == {"planned": 3, "sending": 0, "sent": 0, "failed": 0, "dropped": 0}


def test_a_key_that_stands_spoils_nothing_else_of_its_act(writer: Writer, conn: Connection) -> None:
    writer.act_now(lambda tx: plan(tx, [due("a", due_at=NOON)], "rostrum.test"))

    writer.act_now(lambda tx: (plan(tx, [due("a", due_at=NOON + LATER)], "h"), plan(tx, [due("b")], "h")))

    assert {row.due_at for row in rows(conn)} == {NOON}
    assert len(rows(conn)) == 2


def test_message_id_is_of_the_given_host_and_never_the_same(writer: Writer, conn: Connection) -> None:
    writer.act_now(lambda tx: plan(tx, [due("a"), due("b")], "rostrum.test"))

    assert {row.message_id for row in rows(conn)} == {f"<{row.id}@rostrum.test>" for row in rows(conn)}


def test_nothing_to_plan_is_planned_at_once(writer: Writer) -> None:
    assert writer.act_now(lambda tx: plan(tx, [], "rostrum.test")) == 0


def test_what_was_dropped_untried_is_planned_anew_with_the_new_times(writer: Writer, conn: Connection) -> None:
    writer.act_now(lambda tx: plan(tx, [due("a", data={"lead": 15})], "rostrum.test"))
    before = rows(conn)[0]
    writer.act_now(lambda tx: drop(tx, "Her quiet hours changed.", subject_id="slot-1"))

    made = writer.act_now(lambda tx: plan(tx, [due("a", due_at=NOON + LATER, data={"lead": 60})], "rostrum.test"))

    after = rows(conn)[0]
    assert (made, after.status, after.due_at, after.last_error) == (1, "planned", NOON + LATER, None)
    assert (after.id, after.message_id) == (before.id, before.message_id)
    assert next_due(conn) == NOON + LATER


def test_what_was_sent_is_never_planned_anew(writer: Writer, conn: Connection) -> None:
    writer.act_now(lambda tx: plan(tx, [due("a")], "rostrum.test"))
    writer.act_now(lambda tx: settle(tx, [Settled(each, "sent") for each in claim(tx)]))

    assert writer.act_now(lambda tx: plan(tx, [due("a")], "rostrum.test")) == 0
    assert counts(conn)["sent"] == 1


def test_drop_takes_only_what_fits_every_condition(writer: Writer, conn: Connection) -> None:
    kinds = [
        due("a", person_id="ada", meeting_id="m1"),
        due("b", person_id="bea", meeting_id="m1"),
        due("c", person_id="ada", meeting_id="m2"),
        due("d", person_id="ada", meeting_id="m1", rule="slot-given"),
    ]
    writer.act_now(lambda tx: plan(tx, kinds, "rostrum.test"))

    dropped = writer.act_now(
        lambda tx: drop(tx, "The meeting moved.", rules=["slot-soon", "list-opens"], meeting_id="m1", person_id="ada")
    )

    assert dropped == 1
    assert [(row.status, row.last_error) for row in rows(conn, status="dropped")] == [("dropped", "The meeting moved.")]
    assert counts(conn)["planned"] == 3


def test_drop_leaves_what_is_being_sent(writer: Writer, conn: Connection) -> None:
    writer.act_now(lambda tx: plan(tx, [due("a")], "rostrum.test"))
    writer.act_now(claim)

    assert writer.act_now(lambda tx: drop(tx, "She withdrew.", subject_id="slot-1")) == 0
    assert counts(conn)["sending"] == 1


def test_drop_of_nobody_is_refused(writer: Writer) -> None:
    with pytest.raises(ValueError, match="whose"):
        writer.act_now(lambda tx: drop(tx, "why", rules=["slot-soon"]))
