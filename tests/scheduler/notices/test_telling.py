from datetime import UTC, datetime, timedelta

import pytest

from scheduler.lists import turns, withdrawing
from scheduler.notices.telling import MOST_PERIODS, REPLACED, TAKEN_BACK, pending
from scheduler.outbox.actions import claim, settle
from scheduler.outbox.views import Settled
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Scopes
from scheduler.people.views import QuietHours
from scheduler.secretariat import postponing
from tests.makers import people, queueing, speaking
from tests.scheduler.notices.conftest import QUIET, Stage

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)
START = datetime(2022, 6, 8, 8, 18, tzinfo=UTC)  # the third slot
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CHANGES = ("slot-moved", "slot-cancelled", "meeting-moved", "meeting-cancelled")


@pytest.fixture
def bob(stage: Stage) -> Actor:
    """Somebody else who may book."""
    made = stage.act(lambda tx: speaking.speaker(tx, stage.scene, "Bob"))
    stage.look()
    stage.send()
    return made


def booked(stage: Stage) -> str:
    made = stage.book()
    stage.look()
    stage.send()
    return made.id


def test_a_move_is_told_after_the_quiet_period_to_everybody_once(stage: Stage, bob: Actor) -> None:
    inscription = booked(stage)

    stage.change_meeting({"date": "2022-06-09"}, note="The room is needed.")
    stage.look()

    moved = sorted(stage.told(*CHANGES), key=lambda row: row.rule)
    assert [(row.rule, row.person, row.subject, row.due_at) for row in moved] == [
        ("meeting-moved", bob.id, ("meeting", stage.scene.meeting), NOW + QUIET),
        ("slot-moved", stage.ada.id, ("inscription", inscription), NOW + QUIET),
    ]
    told = pending(moved[1].data)
    assert (told.note, {was.starts_at for was in told.before.values()}) == (
        "The room is needed.",
        {START, START - 18 * MINUTE},
    )
    assert moved[0].useless_at == datetime(2022, 6, 9, 11, tzinfo=UTC)


def test_changes_within_the_quiet_period_are_one_mail_from_what_was_last_told(stage: Stage) -> None:
    inscription = booked(stage)
    stage.change_meeting({"date": "2022-06-09"}, note="First.")
    stage.look()
    stage.clock.advance(60)

    stage.change_meeting({"start": "14:00", "end": "17:00"})
    stage.look()

    (row,) = stage.told(*CHANGES)
    told = pending(row.data)
    assert (row.rule, row.due_at) == ("slot-moved", NOW + MINUTE + QUIET)
    assert (told.before[inscription].starts_at, told.note) == (START, "First.")


def test_what_is_taken_back_within_the_quiet_period_is_told_to_nobody(stage: Stage, bob: Actor) -> None:
    booked(stage)
    stage.change_meeting({"date": "2022-06-09"})
    stage.look()

    stage.change_meeting({"date": "2022-06-08"})
    stage.look()

    assert stage.told(*CHANGES) == []
    assert {(row.person, row.last_error) for row in stage.told(*CHANGES, status="dropped")} == {
        (stage.ada.id, TAKEN_BACK),
        (bob.id, TAKEN_BACK),
    }


def test_what_was_told_counts_from_then_on(stage: Stage) -> None:
    inscription = booked(stage)
    stage.change_meeting({"date": "2022-06-09"})
    stage.look()
    stage.clock.advance(120)
    assert [due.rule for due in stage.send()] == ["slot-moved"]

    stage.change_meeting({"date": "2022-06-08"})
    stage.look()

    (row,) = stage.told(*CHANGES)
    assert pending(row.data).before[inscription].starts_at == START + DAY


def test_a_move_that_becomes_a_cancellation_is_told_as_one(stage: Stage, bob: Actor) -> None:
    booked(stage)
    stage.change_meeting({"date": "2022-06-09"})
    stage.look()

    stage.change_meeting({"status": "cancelled"})
    stage.look()

    assert {row.rule for row in stage.told(*CHANGES)} == {"slot-cancelled", "meeting-cancelled"}
    assert {row.last_error for row in stage.told(*CHANGES, status="dropped")} == {REPLACED}


def test_what_is_brought_back_after_it_was_told_is_told_again(stage: Stage) -> None:
    inscription = booked(stage)
    stage.change_meeting({"status": "cancelled"})
    stage.look()
    stage.clock.advance(120)
    stage.send()

    stage.change_meeting({"status": "scheduled"})
    stage.look()

    (row,) = stage.told(*CHANGES)
    assert (row.rule, pending(row.data).before[inscription].cancelled) == ("slot-moved", True)


def test_an_endless_series_of_changes_is_told_in_the_end(stage: Stage) -> None:
    booked(stage)
    for hour in range(11, 21):
        stage.change_meeting({"start": f"{hour:02}:00", "end": f"{hour + 3:02}:00"})
        stage.look()
        stage.clock.advance(60)

    (row,) = stage.told(*CHANGES)

    assert row.due_at == NOW + MOST_PERIODS * QUIET


def test_a_whole_session_that_is_postponed_is_one_mail_a_person(stage: Stage, bob: Actor) -> None:
    booked(stage)
    of = Scopes(body=stage.scene.body, session=stage.scene.session)
    second = stage.act(
        lambda tx: speaking.meeting(
            tx, of, 2, date="2022-06-09", starts_at=START + DAY - 18 * MINUTE, ends_at=START + DAY + 162 * MINUTE
        )
    )
    stage.change_meeting({"room": "Conference Room 1"}, of=second)
    stage.look()
    stage.clock.advance(120)
    stage.send()

    stage.act(lambda tx: postponing.move_session(tx, OPERATOR, stage.scene.session, "2022-06-06"))
    stage.look()

    told = {row.person: row for row in stage.told(*CHANGES)}
    assert {person: (row.rule, row.subject) for person, row in told.items()} == {
        stage.ada.id: ("slot-moved", ("session", stage.scene.session)),
        bob.id: ("meeting-moved", ("session", stage.scene.session)),
    }
    assert set(pending(told[str(bob.id)].data).before) == {stage.scene.meeting, second}


def test_a_session_that_is_cancelled_and_brought_back_at_once_is_told_to_nobody(stage: Stage) -> None:
    booked(stage)

    stage.change_session({"status": "cancelled"})
    stage.look()
    assert [row.rule for row in stage.told(*CHANGES)] == ["slot-cancelled"]
    stage.change_session({"status": "published"})
    stage.look()

    assert stage.told(*CHANGES) == []


def test_whose_slot_somebody_else_takes_back_is_told(stage: Stage) -> None:
    inscription = booked(stage)

    stage.act(lambda tx: withdrawing.withdraw(tx, OPERATOR, inscription))
    stage.look()

    (row,) = stage.told(*CHANGES)
    assert (row.rule, row.subject, row.due_at) == ("slot-cancelled", ("inscription", inscription), NOW + QUIET)


def test_a_slot_that_is_taken_back_before_she_knew_of_it_is_not_told(stage: Stage) -> None:
    made = stage.book()
    stage.look()

    stage.act(lambda tx: withdrawing.withdraw(tx, OPERATOR, made.id))
    stage.look()

    assert stage.told() == []


def test_a_slot_that_moves_before_she_knew_of_it_is_told_as_it_is(stage: Stage) -> None:
    stage.book()
    stage.look()

    stage.change_meeting({"date": "2022-06-09"})
    stage.look()

    assert [row.rule for row in stage.told() if row.rule != "slot-soon"] == ["slot-given", "meeting-moved"]


def test_who_withdraws_hears_no_more_of_the_move_of_her_slot(stage: Stage) -> None:
    inscription = booked(stage)
    stage.change_meeting({"date": "2022-06-09"})
    stage.look()

    stage.act(lambda tx: withdrawing.withdraw(tx, stage.ada, inscription))
    stage.look()

    assert [(row.rule, row.subject) for row in stage.told()] == [("meeting-moved", ("meeting", stage.scene.meeting))]


def test_a_turn_that_is_pushed_is_told_to_whom_it_belongs(stage: Stage, bob: Actor) -> None:
    booked(stage)
    stage.book(1, by=bob)
    stage.look()
    stage.send()

    stage.act(lambda tx: turns.change(tx, OPERATOR, stage.scene.slots[1], {"seconds": 600}))
    stage.look()

    assert sorted((row.rule, row.person) for row in stage.told(*CHANGES)) == sorted(
        [("slot-moved", stage.ada.id), ("slot-moved", bob.id)]
    )


def test_another_room_is_told_and_another_title_is_not(stage: Stage) -> None:
    booked(stage)
    stage.change_meeting({"title": "Opening"})
    stage.look()
    assert stage.told(*CHANGES) == []

    stage.change_meeting({"room": "Conference Room 2"})
    stage.look()

    assert [row.rule for row in stage.told(*CHANGES)] == ["slot-moved"]


def test_quiet_hours_hold_the_news_of_what_is_not_hers_within_a_day(stage: Stage, bob: Actor) -> None:
    booked(stage)
    quiet = {"quiet_hours": QuietHours("13:00", "20:00")}  # it is 14:00 in Vienna
    stage.act(lambda tx: [persons.change_own(tx, who, quiet) for who in (stage.ada, bob)])
    stage.clock.set(START - timedelta(hours=20))

    stage.change_meeting({"date": "2022-06-09"})
    stage.look()

    told_at = {row.person: row.due_at for row in stage.told(*CHANGES)}
    assert told_at == {
        stage.ada.id: START - timedelta(hours=20) + QUIET,
        bob.id: datetime(2022, 6, 7, 18, tzinfo=UTC),
    }


def test_a_mail_that_is_being_tried_gives_way_to_one_that_tells_both(stage: Stage) -> None:
    booked(stage)
    stage.change_meeting({"date": "2022-06-09"})
    stage.look()
    stage.clock.advance(120)
    due = stage.act(claim)
    stage.act(lambda tx: settle(tx, [Settled(each, "retry", "busy") for each in due]))

    stage.change_meeting({"date": "2022-06-10"})
    stage.look()

    (row,) = stage.told(*CHANGES)
    assert {was.starts_at for was in pending(row.data).before.values()} == {START, START - 18 * MINUTE}


def test_nobody_is_told_of_drafts_or_of_what_is_over(stage: Stage) -> None:
    booked(stage)
    stage.clock.set(START + DAY)
    stage.change_meeting({"room": "Conference Room 3"})
    stage.look()

    assert stage.told(*CHANGES) == []


def test_people_without_mail_or_accreditation_are_told_nothing(stage: Stage) -> None:
    silent = stage.act(lambda tx: speaking.colleague(tx, stage.ada, "Silent"))
    stage.act(lambda tx: persons.change_own(tx, silent, {"channels": []}))
    stage.act(lambda tx: people.person(tx, "Stranger", organisation=people.organisation(tx, "Elsewhere")))

    stage.change_meeting({"date": "2022-06-09"})
    stage.look()

    assert [row.person for row in stage.told(*CHANGES)] == [stage.ada.id]


def test_a_turn_given_again_after_it_was_taken_back_is_told_again(stage: Stage) -> None:
    scene = stage.act(lambda tx: queueing.scene(tx, code="ahc-3"))
    hers = stage.act(lambda tx: queueing.inscribed(tx, scene, speaking.speaker(tx, scene, "Dora")))
    stage.look()
    assert stage.told("slot-given", status=None) == []
    first = stage.act(lambda tx: queueing.allotted(tx, scene, hers))
    stage.look()
    stage.send()

    stage.act(lambda tx: turns.take_out(tx, OPERATOR, first.id))
    stage.look()
    (cancelled,) = stage.told("slot-cancelled")
    stage.clock.set(cancelled.due_at)
    stage.send()
    stage.act(lambda tx: queueing.allotted(tx, scene, hers))
    stage.look()

    assert [(row.subject, row.status) for row in stage.told("slot-given", status=None)] == [
        (("inscription", hers), "sent"),
        (("inscription", hers), "planned"),
    ]
