from datetime import UTC, datetime, timedelta

import pytest

from scheduler.accreditation import actions as accrediting
from scheduler.clock.zones import rfc3339
from scheduler.lists import announcing, drawing_up, opening
from scheduler.notices.gathering import NO_LONGER
from scheduler.outbox.actions import claim, settle
from scheduler.outbox.views import Settled
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.views import QuietHours
from scheduler.storage.writer import Tx
from tests.makers import people, speaking
from tests.scheduler.notices.conftest import Stage

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NINE = datetime(2022, 6, 1, 7, tzinfo=UTC)


def deadlines(stage: Stage, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Sets the deadlines of the scene's list."""
    sent = {"opens_at": opens_at and rfc3339(opens_at), "closes_at": closes_at and rfc3339(closes_at)}
    stage.act(lambda tx: drawing_up.change(tx, OPERATOR, stage.scene.list, sent))


def at(stage: Stage, moment: datetime) -> None:
    """What the worker does at a moment."""
    stage.clock.set(moment)
    stage.act(announcing.announce_due)
    stage.look()


def close(stage: Stage) -> None:
    stage.act(lambda tx: opening.close_list(tx, OPERATOR, stage.scene.list))


def reopen(stage: Stage) -> None:
    stage.act(lambda tx: opening.reopen_list(tx, OPERATOR, stage.scene.list))


def hushed(stage: Stage, name: str = "Sleeper") -> Actor:
    """Somebody who is told nothing at night, and heard of nothing so far."""
    return stage.act(lambda tx: sleeping(tx, speaking.speaker(tx, stage.scene, name)))


def sleeping(tx: Tx, of: Actor) -> Actor:
    persons.change_own(tx, of, {"quiet_hours": QuietHours("22:00", "09:30")})
    return of


def pointless(stage: Stage) -> None:
    """Lets the worker find, when it is due, that there is nothing to tell."""
    due = stage.act(claim)
    stage.act(lambda tx: settle(tx, [Settled(each, "dropped", NO_LONGER) for each in due]))


def newcomer(stage: Stage) -> Actor:
    """Somebody who heard of nothing so far."""
    return stage.act(lambda tx: speaking.speaker(tx, stage.scene, "New Comer"))


def test_a_list_that_opens_by_hand_is_told_to_who_may_speak_there(stage: Stage) -> None:
    close(stage)
    new = newcomer(stage)

    stage.act(lambda tx: opening.reopen_list(tx, OPERATOR, stage.scene.list))
    stage.look()

    # Ada was told when it first opened; nobody is told twice.
    assert [(row.person, row.subject, row.due_at, row.useless_at) for row in stage.told("list-opens")] == [
        (new.id, ("list", stage.scene.list), NOW, datetime(2022, 6, 8, 11, tzinfo=UTC))
    ]
    assert [row.person for row in stage.told("list-opens", status="sent")] == [stage.ada.id]


def test_a_list_that_opens_by_the_clock_is_told_then(stage: Stage) -> None:
    close(stage)
    new = newcomer(stage)
    deadlines(stage, NINE, NINE + 3 * DAY)

    at(stage, NINE - timedelta(seconds=1))
    assert stage.told("list-opens") == []
    at(stage, NINE)

    assert [(row.person, row.due_at, row.useless_at) for row in stage.told("list-opens")] == [
        (new.id, NINE, NINE + 3 * DAY)
    ]


def test_quiet_hours_hold_the_news_of_a_list(stage: Stage) -> None:
    close(stage)
    new = newcomer(stage)
    stage.act(lambda tx: persons.change_own(tx, new, {"quiet_hours": QuietHours("22:00", "09:30")}))
    deadlines(stage, NINE, NINE + 3 * DAY)

    at(stage, NINE)

    assert [row.due_at for row in stage.told("list-opens")] == [NINE + timedelta(minutes=30)]


def test_who_has_a_place_or_does_not_want_to_know_is_not_told(stage: Stage) -> None:
    booked, unwilling = (
        stage.act(lambda tx: speaking.speaker(tx, stage.scene, "Booked")),
        stage.act(lambda tx: speaking.speaker(tx, stage.scene, "Unwilling")),
    )
    stage.book(by=booked)
    stage.act(lambda tx: persons.change_own(tx, unwilling, {"list_rules": ["list-closes"]}))
    close(stage)
    stage.look()

    stage.act(lambda tx: opening.reopen_list(tx, OPERATOR, stage.scene.list))
    stage.look()

    assert stage.told("list-opens") == []


def test_a_list_that_closes_at_once_again_is_not_told(stage: Stage) -> None:
    close(stage)
    newcomer(stage)
    stage.act(lambda tx: opening.reopen_list(tx, OPERATOR, stage.scene.list))
    stage.look()

    close(stage)
    stage.look()

    assert stage.told("list-opens") == []


def test_a_day_before_it_closes_who_has_no_place_is_told_once(stage: Stage) -> None:
    booked = stage.act(lambda tx: speaking.speaker(tx, stage.scene, "Booked"))
    stage.book(by=booked)
    deadlines(stage, None, NINE)

    at(stage, NINE - DAY - timedelta(seconds=1))
    assert stage.told("list-closes") == []
    at(stage, NINE - DAY)
    at(stage, NINE - DAY / 2)

    assert [(row.person, row.due_at, row.useless_at) for row in stage.told("list-closes")] == [
        (stage.ada.id, NINE - DAY, NINE)
    ]


def test_another_closing_is_told_anew(stage: Stage) -> None:
    deadlines(stage, None, NINE)
    at(stage, NINE - DAY)

    deadlines(stage, None, NINE + 2 * DAY)
    stage.look()
    assert stage.told("list-closes") == []
    at(stage, NINE + DAY)

    assert [row.useless_at for row in stage.told("list-closes")] == [NINE + 2 * DAY]


def test_who_was_told_within_the_day_that_it_opens_is_not_told_that_it_closes(stage: Stage) -> None:
    close(stage)
    new = newcomer(stage)
    deadlines(stage, NINE, NINE + DAY / 2)

    at(stage, NINE)
    at(stage, NINE + DAY / 4)

    # Ada was told long ago that it had opened.
    assert [(row.rule, row.person) for row in stage.told("list-opens", "list-closes")] == [
        ("list-closes", stage.ada.id),
        ("list-opens", new.id),
    ]


def test_a_list_that_was_closed_by_hand_is_not_told_to_close(stage: Stage) -> None:
    deadlines(stage, None, NINE)
    close(stage)

    at(stage, NINE - DAY)

    assert stage.told("list-closes") == []


def test_lists_of_cancelled_meetings_are_told_to_nobody(stage: Stage) -> None:
    deadlines(stage, None, NINE)
    stage.change_meeting({"status": "cancelled"})

    at(stage, NINE - DAY)

    assert stage.told("list-closes") == []


def test_an_opening_that_is_moved_before_it_was_told_is_told_at_the_new_one(stage: Stage) -> None:
    close(stage)
    new = hushed(stage)
    deadlines(stage, NINE, NINE + 3 * DAY)
    at(stage, NINE)
    assert [row.person for row in stage.told("list-opens")] == [new.id]

    deadlines(stage, NINE + DAY, NINE + 3 * DAY)
    stage.look()
    assert stage.told("list-opens") == []
    at(stage, NINE + DAY)

    assert [(row.person, row.due_at) for row in stage.told("list-opens")] == [
        (new.id, NINE + DAY + timedelta(minutes=30))
    ]


def test_a_later_closing_keeps_the_news_of_the_opening_of_use(stage: Stage) -> None:
    close(stage)
    new = hushed(stage)
    deadlines(stage, NINE, NINE + timedelta(minutes=10))
    at(stage, NINE)

    deadlines(stage, NINE, NINE + DAY)
    stage.look()

    assert [(row.person, row.useless_at) for row in stage.told("list-opens")] == [(new.id, NINE + DAY)]


@pytest.mark.parametrize("of", ["meeting", "session"])
def test_what_was_cancelled_before_it_was_told_is_told_when_it_takes_place_after_all(stage: Stage, of: str) -> None:
    close(stage)
    new = hushed(stage)
    deadlines(stage, NINE, NINE + 3 * DAY)
    at(stage, NINE)
    cancel, restore = (
        (stage.change_meeting, {"status": "scheduled"})
        if of == "meeting"
        else (stage.change_session, {"status": "published"})
    )

    cancel({"status": "cancelled"})
    at(stage, NINE + timedelta(minutes=30))
    pointless(stage)
    assert stage.told("list-opens") == []
    stage.clock.advance(60)
    cancel(restore)
    stage.look()

    assert [row.person for row in stage.told("list-opens")] == [new.id]


def test_a_list_that_opened_while_its_meeting_was_cancelled_is_told_when_that_is_back(stage: Stage) -> None:
    close(stage)
    new = newcomer(stage)
    deadlines(stage, NINE, NINE + 3 * DAY)
    stage.change_meeting({"status": "cancelled"})
    at(stage, NINE)
    assert stage.told("list-opens") == []

    stage.change_meeting({"status": "scheduled"})
    stage.look()

    assert [row.person for row in stage.told("list-opens")] == [new.id]


def test_who_is_accredited_or_joins_later_is_told_of_what_is_open_once(stage: Stage) -> None:
    late = stage.act(lambda tx: people.person(tx, "Late", organisation=people.organisation(tx)))
    stage.look()
    assert stage.told("list-opens") == []

    organisation = str(late.organisation)
    asked = stage.act(lambda tx: accrediting.ask(tx, OPERATOR, stage.scene.session, organisation))
    for status in ("approved", "pending", "approved"):
        stage.act(lambda tx: accrediting.decide(tx, OPERATOR, asked.id, {"status": status}))  # noqa: B023  -- at once
        stage.look()
    fields = persons.NewPerson("joiner@example.org", "Joiner", "Europe/Vienna", "en", organisation)
    joiner = stage.act(lambda tx: persons.add(tx, OPERATOR, fields))
    stage.look()

    assert sorted(row.person for row in stage.told("list-opens")) == sorted([str(late.id), joiner.id])


def test_who_finds_a_place_before_she_is_told_needs_not_to_be(stage: Stage) -> None:
    close(stage)
    new = hushed(stage)
    deadlines(stage, NINE, NINE + 3 * DAY)
    at(stage, NINE)

    stage.book(by=new)
    stage.look()

    assert stage.told("list-opens") == []


def test_a_list_that_is_reopened_within_its_last_day_is_told_to_close_to_who_knew_of_it(stage: Stage) -> None:
    deadlines(stage, None, NINE)
    new = newcomer(stage)
    stage.clock.set(NINE - DAY / 2)
    close(stage)
    stage.look()
    stage.clock.advance(60)

    reopen(stage)
    stage.look()

    assert [(row.rule, row.person) for row in stage.told("list-opens", "list-closes")] == [
        ("list-closes", stage.ada.id),
        ("list-opens", new.id),
    ]


def test_a_closing_that_is_moved_and_moved_back_is_told_at_its_moment(stage: Stage) -> None:
    sleeper = hushed(stage)
    deadlines(stage, None, NINE)
    for moment in (NOW, NINE - DAY):
        at(stage, moment)
        stage.send()

    deadlines(stage, None, NINE + 2 * DAY)
    at(stage, NINE - DAY / 2)
    deadlines(stage, None, NINE)
    stage.look()

    told = stage.told("list-closes", status=None)
    assert [(row.person, row.status, row.useless_at) for row in told] == [
        (stage.ada.id, "sent", NINE),
        (sleeper.id, "planned", NINE),
    ]


def test_a_closing_of_what_is_cancelled_is_told_when_it_takes_place_after_all(stage: Stage) -> None:
    deadlines(stage, None, NINE)
    stage.act(lambda tx: sleeping(tx, stage.ada))
    at(stage, NINE - DAY)
    stage.change_meeting({"status": "cancelled"})
    at(stage, NINE - DAY + timedelta(minutes=30))
    pointless(stage)
    stage.clock.advance(60)

    stage.change_meeting({"status": "scheduled"})
    stage.look()

    assert [(row.person, row.useless_at) for row in stage.told("list-closes")] == [(stage.ada.id, NINE)]
