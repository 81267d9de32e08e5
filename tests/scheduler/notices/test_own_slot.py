from datetime import UTC, datetime, timedelta

from scheduler.journal.tables import JournalCursor
from scheduler.lists import withdrawing
from scheduler.notices.reminding import GONE
from scheduler.outbox.actions import claim, settle
from scheduler.outbox.rules import TOO_LATE
from scheduler.outbox.views import Settled
from scheduler.people import persons
from scheduler.people.permission import OPERATOR
from scheduler.people.views import QuietHours
from tests.scheduler.notices.conftest import Stage

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)
START = datetime(2022, 6, 8, 8, 18, tzinfo=UTC)  # the third slot
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_booking_is_confirmed_at_once_and_reminded_of_at_each_lead_time(stage: Stage) -> None:
    made = stage.book(mode="remote")
    stage.look()

    assert [(row.rule, row.due_at, row.useless_at, row.subject, row.person) for row in stage.told()] == [
        ("slot-given", NOW, START + 9 * MINUTE, ("inscription", made.id), stage.ada.id),
        ("slot-soon", START - DAY, START - 60 * MINUTE, ("inscription", made.id), stage.ada.id),
        ("slot-soon", START - 60 * MINUTE, START - 15 * MINUTE, ("inscription", made.id), stage.ada.id),
        ("slot-soon", START - 15 * MINUTE, START, ("inscription", made.id), stage.ada.id),
    ]


def test_reading_the_journal_again_plans_nothing_twice(stage: Stage) -> None:
    stage.book()
    stage.look()
    stage.send()
    before = stage.told(status=None)

    stage.act(lambda tx: tx.conn.update(JournalCursor, "notices", position=0))
    stage.look()

    assert stage.told(status=None) == before


def test_a_meeting_that_moves_by_a_day_takes_its_reminders_along(stage: Stage) -> None:
    stage.book()
    stage.look()
    stage.send()

    stage.change_meeting({"date": "2022-06-09"})
    stage.look()

    moved = START + DAY
    assert [row.due_at for row in stage.told("slot-soon")] == [moved - DAY, moved - 60 * MINUTE, moved - 15 * MINUTE]
    assert {row.last_error for row in stage.told("slot-soon", status="dropped")} == {GONE}
    assert len(stage.told("slot-soon", status="dropped")) == 3


def test_one_already_reminded_of_the_old_time_is_reminded_of_the_new_one(stage: Stage) -> None:
    stage.book()
    stage.look()
    stage.clock.set(START - DAY)
    stage.send()

    stage.change_meeting({"date": "2022-06-10"})
    stage.look()

    soon = stage.told("slot-soon", status=None)
    assert [(row.due_at, row.status) for row in soon if row.status != "dropped"] == [
        (START - DAY, "sent"),
        (START + DAY, "planned"),
        (START + 2 * DAY - 60 * MINUTE, "planned"),
        (START + 2 * DAY - 15 * MINUTE, "planned"),
    ]


def test_moving_there_and_back_reminds_nobody_twice(stage: Stage) -> None:
    stage.book()
    stage.look()
    before = stage.told("slot-soon")

    for date in ("2022-06-09", "2022-06-08"):
        stage.change_meeting({"date": date})
        stage.look()

    assert stage.told("slot-soon") == before


def test_who_withdraws_is_reminded_no_more_and_told_nothing(stage: Stage) -> None:
    made = stage.book()
    stage.look()
    stage.send()

    stage.act(lambda tx: withdrawing.withdraw(tx, stage.ada, made.id))
    stage.look()

    assert stage.told() == []
    assert [row.status for row in stage.told("slot-soon", status=None)] == ["dropped"] * 3


def test_a_cancelled_meeting_is_reminded_of_again_when_it_is_brought_back(stage: Stage) -> None:
    stage.book()
    stage.look()
    before = stage.told("slot-soon")

    stage.change_meeting({"status": "cancelled"})
    stage.look()
    assert stage.told("slot-soon") == []
    stage.change_meeting({"status": "scheduled"})
    stage.look()

    assert stage.told("slot-soon") == before


def test_other_wishes_are_other_reminders(stage: Stage) -> None:
    stage.book()
    stage.look()

    wishes = {"lead_minutes": [60, 3 * 1440], "quiet_hours": QuietHours("09:00", "12:00"), "quiet_own_turn": True}
    stage.act(lambda tx: persons.change_own(tx, stage.ada, wishes))
    stage.look()

    # 10:18 in Vienna, three days before: held until noon; 09:18 on the day is held beyond the start.
    assert [row.due_at for row in stage.told("slot-soon")] == [datetime(2022, 6, 5, 10, tzinfo=UTC)]


def test_no_mail_is_no_reminder_until_she_wants_mail_again(stage: Stage) -> None:
    stage.book()
    stage.look()

    stage.act(lambda tx: persons.change_own(tx, stage.ada, {"channels": []}))
    stage.look()
    assert stage.told("slot-soon") == []
    stage.act(lambda tx: persons.change_own(tx, stage.ada, {"channels": ["mail"]}))
    stage.look()

    assert len(stage.told("slot-soon")) == 3


def test_the_erased_are_told_nothing(stage: Stage) -> None:
    stage.book()
    stage.look()

    stage.act(lambda tx: persons.erase(tx, OPERATOR, str(stage.ada.id)))
    stage.look()

    assert stage.told() == []


def test_lead_times_that_have_passed_are_not_made_up_for(stage: Stage) -> None:
    stage.clock.set(START - 30 * MINUTE)

    stage.book()
    stage.look()

    assert [row.due_at for row in stage.told("slot-soon")] == [START - 15 * MINUTE]


def test_what_is_late_stays_planned_for_the_worker_to_judge(stage: Stage) -> None:
    stage.book()
    stage.look()
    stage.send()
    stage.clock.set(START - 50 * MINUTE)  # the worker slept through the hour before

    stage.act(lambda tx: persons.change_own(tx, stage.ada, {"lead_minutes": [60, 5]}))
    stage.look()

    assert [due.due_at for due in stage.send()] == [START - 60 * MINUTE]
    assert [row.due_at for row in stage.told("slot-soon")] == [START - 5 * MINUTE]
    dropped = {row.due_at: row.last_error for row in stage.told("slot-soon", status="dropped")}
    assert dropped == {START - DAY: TOO_LATE, START - 15 * MINUTE: GONE}


def test_what_was_tried_once_is_left_to_be_tried_again(stage: Stage) -> None:
    stage.book()
    stage.look()
    stage.send()
    stage.clock.set(START - 60 * MINUTE)
    due = stage.act(claim)
    stage.act(lambda tx: settle(tx, [Settled(each, "retry", "busy") for each in due]))

    stage.act(lambda tx: persons.change_own(tx, stage.ada, {"lead_minutes": [60, 5]}))
    stage.look()

    assert [row.due_at for row in stage.told("slot-soon")] == [START - 60 * MINUTE, START - 5 * MINUTE]
