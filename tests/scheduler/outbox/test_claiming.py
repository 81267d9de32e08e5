import threading
from datetime import timedelta

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import NotAllowedNow, NotFound
from scheduler.ids import new_id
from scheduler.journal.entries import JournalLedger
from scheduler.outbox.actions import again, claim, plan, settle
from scheduler.outbox.queries import counts, next_due, rows
from scheduler.outbox.rules import MOST_TRIES, STOPPED, TOO_LATE, WAITS, Outcome
from scheduler.outbox.tables import Due
from scheduler.outbox.views import ClaimedDue, Settled
from scheduler.storage.connection import Connection
from scheduler.storage.engine import database
from scheduler.storage.writer import Tx, Writer
from tests.makers.outbox import NOON, due

MINUTE = timedelta(minutes=1)


def planned(writer: Writer, *keys: str) -> None:
    writer.act_now(lambda tx: plan(tx, [due(key) for key in keys], "rostrum.test"))


def take(writer: Writer) -> ClaimedDue:
    (one,) = writer.act_now(claim)
    return one


def test_claim_gives_what_is_due_and_no_more(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    wanted = due("now", person_id="ada", meeting_id="m1", useless_at=NOON + MINUTE, data={"lead": 15})
    writer.act_now(lambda tx: plan(tx, [wanted, due("later", due_at=NOON + MINUTE)], "rostrum.test"))

    (one,) = writer.act_now(claim)

    assert one == ClaimedDue(
        id=one.id,
        rule="slot-soon",
        channel="mail",
        person_id="ada",
        webhook_id=None,
        subject_type="inscription",
        subject_id="slot-1",
        meeting_id="m1",
        data={"lead": 15},
        due_at=NOON,
        useless_at=NOON + MINUTE,
        attempts=1,
        message_id=f"<{one.id}@rostrum.test>",
        lease_until=NOON + timedelta(seconds=30),
    )
    assert writer.act_now(claim) == []
    assert counts(conn) == {"planned": 1, "sending": 1, "sent": 0, "failed": 0, "dropped": 0}


def test_claim_gives_the_longest_due_first_and_at_most_the_limit(writer: Writer) -> None:
    times = {"c": 3, "a": 1, "b": 2}
    writer.act_now(
        lambda tx: plan(
            tx, [due(k, subject_id=k, due_at=NOON - 9 * MINUTE + m * MINUTE) for k, m in times.items()], "h"
        )
    )

    assert [each.subject_id for each in writer.act_now(lambda tx: claim(tx, 2))] == ["a", "b"]
    assert [each.subject_id for each in writer.act_now(lambda tx: claim(tx, 2))] == ["c"]


def test_lapsed_lease_is_claimed_again_under_the_same_message_id(writer: Writer, clock: SettableClock) -> None:
    planned(writer, "a")
    first = take(writer)
    clock.advance(29)
    assert writer.act_now(claim) == []

    clock.advance(1)
    second = take(writer)

    assert (second.message_id, second.attempts) == (first.message_id, 2)


def test_who_lost_her_lease_settles_nothing(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    planned(writer, "a")
    first = take(writer)
    clock.advance(30)
    second = take(writer)

    assert writer.act_now(lambda tx: settle(tx, [Settled(first, "failed", "gone")])) == 0
    assert writer.act_now(lambda tx: settle(tx, [Settled(second, "sent")])) == 1
    assert writer.act_now(lambda tx: settle(tx, [Settled(second, "failed", "again")])) == 0
    assert counts(conn)["sent"] == 1


def test_lapsed_lease_that_nobody_took_still_settles(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    planned(writer, "a")
    one = take(writer)
    clock.advance(300)

    assert writer.act_now(lambda tx: settle(tx, [Settled(one, "sent")])) == 1
    assert counts(conn)["sent"] == 1


def test_too_late_is_dropped_and_says_so(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    writer.act_now(lambda tx: plan(tx, [due("a", useless_at=NOON + MINUTE)], "rostrum.test"))
    clock.advance(60)

    assert writer.act_now(claim) == []
    assert [(row.status, row.last_error) for row in rows(conn)] == [("dropped", TOO_LATE)]
    assert next_due(conn) is None


def test_what_comes_too_late_keeps_nothing_waiting(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    old = [due(f"old-{n}", due_at=NOON - MINUTE, useless_at=NOON) for n in range(5)]
    writer.act_now(lambda tx: plan(tx, [*old, due("new")], "rostrum.test"))

    assert len(writer.act_now(lambda tx: claim(tx, 2))) == 1
    assert counts(conn) == {"planned": 3, "sending": 1, "sent": 0, "failed": 0, "dropped": 2}


def test_what_was_being_sent_when_it_became_too_late_may_have_gone_out(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    writer.act_now(lambda tx: plan(tx, [due("a", useless_at=NOON + MINUTE)], "rostrum.test"))
    writer.act_now(claim)
    clock.advance(60)

    writer.act_now(claim)

    assert [(row.status, row.last_error) for row in rows(conn)] == [("dropped", STOPPED)]


def test_what_stops_its_worker_each_time_is_given_up(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    planned(writer, "a")
    for _ in range(MOST_TRIES):
        take(writer)
        clock.advance(30)

    assert writer.act_now(claim) == []
    assert [(row.status, row.last_error, row.attempts) for row in rows(conn)] == [("failed", STOPPED, MOST_TRIES)]


def test_retry_is_claimed_after_its_wait(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    planned(writer, "a")
    one = take(writer)

    writer.act_now(lambda tx: settle(tx, [Settled(one, "retry", "451 try later")]))

    assert [(row.status, row.attempts, row.last_error) for row in rows(conn)] == [("planned", 1, "451 try later")]
    assert next_due(conn) == NOON + WAITS[0]
    assert writer.act_now(claim) == []
    clock.advance(WAITS[0].total_seconds())
    assert take(writer).attempts == 2


def test_many_results_are_settled_each_in_its_way(writer: Writer, conn: Connection) -> None:
    planned(writer, "a", "b", "c", "d", "e")
    outcomes: tuple[Outcome, ...] = ("sent", "retry", "failed", "dropped", "unsent")

    def settle_all(tx: Tx) -> int:
        return settle(tx, [Settled(one, how, "why", "Your slot") for one, how in zip(claim(tx), outcomes, strict=True)])

    assert writer.act_now(settle_all) == 5
    assert counts(conn) == {"planned": 2, "sending": 0, "sent": 1, "failed": 1, "dropped": 1}
    assert {row.subject_line for row in rows(conn)} == {"Your slot"}


def test_a_later_try_that_says_no_subject_keeps_the_first(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    planned(writer, "a")
    writer.act_now(lambda tx: settle(tx, [Settled(each, "retry", "busy", "Your slot") for each in claim(tx)]))
    clock.advance(30)
    writer.act_now(lambda tx: settle(tx, [Settled(each, "sent") for each in claim(tx)]))

    assert [(row.status, row.subject_line, row.last_error) for row in rows(conn)] == [("sent", "Your slot", None)]


@pytest.mark.parametrize("outcome", ["failed", "dropped"])
def test_failed_or_dropped_is_sent_again_by_hand_in_a_fresh_series(
    writer: Writer, conn: Connection, clock: SettableClock, outcome: Outcome
) -> None:
    planned(writer, "a")
    writer.act_now(lambda tx: settle(tx, [Settled(each, outcome, "550 no such user") for each in claim(tx)]))
    clock.advance(3_600)

    shown = writer.act_now(lambda tx: again(tx, rows(conn)[0].id))

    assert (shown.status, shown.attempts, shown.last_error) == ("planned", 0, None)
    assert rows(conn) == [shown]
    assert take(writer).attempts == 1


@pytest.mark.parametrize("status", ["planned", "sending", "sent"])
def test_what_is_on_its_way_or_sent_is_not_sent_again(writer: Writer, conn: Connection, status: str) -> None:
    planned(writer, "a")
    id_ = rows(conn)[0].id
    writer.act_now(lambda tx: tx.conn.update(Due, id_, status=status))

    with pytest.raises(NotAllowedNow, match=status):
        writer.act_now(lambda tx: again(tx, id_))


def test_what_would_come_too_late_is_not_sent_again(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    writer.act_now(lambda tx: plan(tx, [due("a", useless_at=NOON + MINUTE)], "rostrum.test"))
    clock.advance(60)
    writer.act_now(claim)

    with pytest.raises(NotAllowedNow, match="too late"):
        writer.act_now(lambda tx: again(tx, rows(conn)[0].id))


def test_what_is_not_there_is_not_sent_again(writer: Writer) -> None:
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: again(tx, new_id()))


def test_rows_come_latest_first_by_status_and_person_and_page(writer: Writer, conn: Connection) -> None:
    made = [
        due(str(n), subject_id=str(n), due_at=NOON + n * MINUTE, person_id="ada" if n % 2 else "bea") for n in range(6)
    ]
    writer.act_now(lambda tx: plan(tx, made, "rostrum.test"))

    page = rows(conn, person="ada", limit=2)
    rest = rows(conn, person="ada", after=(page[-1].due_at, page[-1].id))

    assert ([row.subject_id for row in page], [row.subject_id for row in rest]) == (["5", "3"], ["1"])
    assert [row.subject_id for row in rows(conn, status="planned", limit=3)] == ["5", "4", "3"]
    assert rows(conn, status="sent") == []


def test_two_workers_never_claim_the_same(writer: Writer, database_url: str, clock: SettableClock) -> None:
    made = [due(str(n), due_at=NOON) for n in range(400)]
    writer.act_now(lambda tx: plan(tx, made, "rostrum.test"))
    other = Writer(database(database_url), clock, JournalLedger())
    taken: list[list[str]] = [[], []]
    start = threading.Barrier(2)

    def work(which: Writer, mine: list[str]) -> None:
        start.wait()
        while got := which.act_now(lambda tx: claim(tx, 7)):
            mine += [each.id for each in got]

    threads = [threading.Thread(target=work, args=pair) for pair in zip((writer, other), taken, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()

    both = taken[0] + taken[1]
    assert (len(both), len(set(both))) == (400, 400)


def test_claims_pass_by_rows_that_another_transaction_holds(postgresql_url: str, clock: SettableClock) -> None:
    # Without the writer, whose batches take turns: two open transactions side by side.
    base = database(postgresql_url)
    one, two = base.connect(), base.connect()
    plan(Tx(one, NOON), [due("a"), due("b"), due("c")], "rostrum.test")
    one.sql("BEGIN")
    two.sql("BEGIN")

    first = claim(Tx(one, NOON), 2)
    second = claim(Tx(two, NOON), 2)

    assert (len(first), len(second)) == (2, 1)
    assert {each.id for each in first} & {each.id for each in second} == set()
    for conn in (one, two):
        conn.sql("COMMIT")
        conn.close()
