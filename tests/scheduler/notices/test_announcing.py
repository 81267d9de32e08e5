from datetime import UTC, datetime, timedelta

from scheduler.clock.zones import rfc3339
from scheduler.lists import announcing, drawing_up, opening
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.views import QuietHours
from tests.makers import speaking
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
    newcomer(stage)
    deadlines(stage, NINE, NINE + DAY / 2)

    at(stage, NINE)
    at(stage, NINE + DAY / 4)

    assert [row.rule for row in stage.told("list-opens", "list-closes")] == ["list-opens"]


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
