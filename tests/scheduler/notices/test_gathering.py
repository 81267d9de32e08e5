from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from scheduler.accreditation.tables import Accreditation
from scheduler.clock.zones import rfc3339
from scheduler.lists import drawing_up, opening, withdrawing
from scheduler.notices import gathering
from scheduler.notices.facts import Before, Change, LetterFacts
from scheduler.notices.gathering import NO_LONGER, UNREACHABLE, Addresses, Pointless, Writing
from scheduler.notices.telling import TAKEN_BACK
from scheduler.outbox.actions import claim
from scheduler.outbox.views import ClaimedDue
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Scopes
from scheduler.storage.columns import table
from tests.makers import speaking
from tests.scheduler.notices.conftest import Stage

START = datetime(2022, 6, 8, 8, 18, tzinfo=UTC)  # the third slot
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ADDRESSES = Addresses("https://rostrum.test", lambda _, kind: f"https://rostrum.test/unsubscribe/{kind}")


def due_now(stage: Stage) -> list[ClaimedDue]:
    return stage.act(claim)


def gathered(stage: Stage, due: list[ClaimedDue]) -> list[Writing | Pointless]:
    return gathering.gather(stage.conn, due, stage.clock.now(), ADDRESSES)


def written(stage: Stage, of: Actor | None = None) -> Writing:
    """The one letter that is due now (to her)."""
    found = [each for each in gathered(stage, due_now(stage)) if of is None or each.due.person_id == of.id]
    assert len(found) == 1
    (one,) = found
    assert isinstance(one, Writing)
    return one


def why_not(stage: Stage, due: list[ClaimedDue]) -> list[str]:
    return [each.why for each in gathered(stage, due) if isinstance(each, Pointless)]


def change_of(facts: LetterFacts) -> tuple[object, ...]:
    return facts.rule, facts.starts_at, facts.before, facts.meeting_cancelled, facts.changes


@pytest.fixture
def linked(stage: Stage) -> None:
    """The meeting has a room and a join link, of which everybody was told."""
    stage.change_meeting({"room": "Conference Room 1", "join_url": "https://meet.example.org/1"})
    stage.look()
    stage.clock.advance(120)
    stage.send()


@pytest.mark.usefixtures("linked")
def test_a_slot_given_is_told_with_all_that_she_needs(stage: Stage) -> None:
    made = stage.book(mode="remote")
    stage.look()

    one = written(stage)

    assert one.facts == LetterFacts(
        rule="slot-given",
        now=stage.clock.now(),
        name="Ada Example",
        starts_at=START,
        ends_at=START + 9 * MINUTE,
        reader_zone="Europe/Vienna",
        venue_zone="Europe/Vienna",
        session_title="Session ahc-2",
        session_starts_on=date(2022, 5, 30),
        session_ends_on=date(2022, 6, 10),
        meeting_title="Meeting 1",
        meeting_url=f"https://rostrum.test/meetings/{stage.scene.meeting}?tz=Europe/Vienna",
        reminders_url="https://rostrum.test/me",
        list_title="Item 5",
        list_url=f"https://rostrum.test/lists/{stage.scene.list}?tz=Europe/Vienna",
        position=3,
        mode="remote",
        room="Conference Room 1",
        join_url="https://meet.example.org/1",
        next_reminder_at=START - DAY,
    )
    assert one.event is not None
    assert (one.event.id, one.event.starts_at, one.event.cancelled) == (made.id, START, False)
    assert (one.to.email is not None, one.to.language) == (True, "en")


def test_a_reminder_of_her_slot_can_be_unsubscribed(stage: Stage) -> None:
    stage.book()
    stage.look()
    stage.send()
    stage.clock.set(START - 60 * MINUTE)

    facts = written(stage).facts

    assert (facts.rule, facts.starts_at, facts.unsubscribe_url) == (
        "slot-soon",
        START,
        "https://rostrum.test/unsubscribe/soon",
    )
    assert facts.next_reminder_at == START - 15 * MINUTE


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize(("links_for", "join"), [("accredited", "https://meet.example.org/1"), ("speakers", None)])
def test_a_meeting_is_told_with_its_link_only_to_whom_it_is_for(stage: Stage, links_for: str, join: str | None) -> None:
    stage.change_meeting({"links_for": links_for})
    stage.clock.set(START - 3 * DAY)
    stage.look()
    stage.clock.set(START - 18 * MINUTE - 60 * MINUTE)

    one = written(stage)

    assert (one.facts.rule, one.facts.starts_at, one.facts.join_url) == ("meeting-soon", START - 18 * MINUTE, join)
    assert (one.facts.position, one.facts.mode, one.facts.list_title) == (None, None, None)
    assert one.event is not None
    assert (one.event.id, one.event.join_url) == (stage.scene.meeting, join)


def test_a_reminder_of_what_has_changed_since_is_not_sent(stage: Stage) -> None:
    made = stage.book()
    stage.look()
    stage.send()
    stage.clock.set(START - DAY)
    reminder = due_now(stage)

    stage.change_meeting({"date": "2022-06-09"})
    assert why_not(stage, reminder) == [NO_LONGER]
    stage.change_meeting({"date": "2022-06-08"})
    assert why_not(stage, reminder) == []
    stage.change_session({"status": "cancelled"})
    assert why_not(stage, reminder) == [NO_LONGER]
    stage.change_session({"status": "published"})
    stage.act(lambda tx: withdrawing.withdraw(tx, stage.ada, made.id))
    assert why_not(stage, reminder) == [NO_LONGER]


def test_who_wants_no_mail_or_was_erased_gets_none(stage: Stage) -> None:
    stage.book()
    stage.look()
    given = due_now(stage)

    stage.act(lambda tx: persons.change_own(tx, stage.ada, {"channels": []}))
    assert why_not(stage, given) == [UNREACHABLE]
    stage.act(lambda tx: persons.erase(tx, OPERATOR, str(stage.ada.id)))
    assert why_not(stage, given) == [UNREACHABLE]


def test_who_may_not_speak_there_any_more_is_not_told_of_the_meeting(stage: Stage) -> None:
    stage.change_meeting({"date": "2022-06-09"})
    stage.look()
    stage.clock.advance(120)
    due = due_now(stage)
    assert [type(each) for each in gathered(stage, due)] == [Writing]

    stage.act(lambda tx: tx.conn.run(update(table(Accreditation)).values(status="objected")))

    assert why_not(stage, due) == [TAKEN_BACK]


def test_a_move_is_told_from_what_was_to_what_is(stage: Stage) -> None:
    stage.book()
    stage.look()
    stage.send()
    stage.change_meeting({"date": "2022-06-09"}, note="The room is needed.")
    stage.look()
    stage.clock.advance(120)

    one = written(stage)

    assert change_of(one.facts) == ("slot-moved", START + DAY, Before(START, START + 9 * MINUTE), False, ())
    assert (one.facts.note, one.facts.unsubscribe_url, one.facts.position) == ("The room is needed.", None, 3)
    assert one.event is not None
    assert one.event.starts_at == START + DAY


def test_a_change_that_was_not_looked_at_yet_is_in_the_letter(stage: Stage) -> None:
    stage.change_meeting({"date": "2022-06-09"})
    stage.look()
    stage.clock.advance(120)
    due = due_now(stage)

    stage.change_meeting({"status": "cancelled"})

    (one,) = gathered(stage, due)
    assert isinstance(one, Writing)
    assert (one.facts.rule, one.facts.starts_at) == ("meeting-cancelled", START - 18 * MINUTE)


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_cancellation_says_whether_the_meeting_is_cancelled_or_her_slot_alone(stage: Stage, cancelled: bool) -> None:
    made = stage.book()
    stage.look()
    stage.send()
    if cancelled:
        stage.change_meeting({"status": "cancelled"})
    else:
        stage.act(lambda tx: withdrawing.withdraw(tx, OPERATOR, made.id))
    stage.look()
    stage.clock.advance(120)

    one = written(stage)

    assert change_of(one.facts) == ("slot-cancelled", START, None, cancelled, ())
    assert one.event is not None
    assert (one.event.id, one.event.cancelled) == (made.id, True)


def test_what_takes_place_after_all_has_no_before(stage: Stage) -> None:
    stage.change_meeting({"status": "cancelled"})
    stage.look()
    stage.clock.advance(120)
    stage.send()
    stage.change_meeting({"status": "scheduled"})
    stage.look()
    stage.clock.advance(120)

    assert change_of(written(stage).facts) == ("meeting-moved", START - 18 * MINUTE, None, False, ())


def test_several_changes_are_told_together(stage: Stage) -> None:
    of = Scopes(body=stage.scene.body, session=stage.scene.session)
    nine = START - 18 * MINUTE + DAY
    second = stage.act(lambda tx: speaking.meeting(tx, of, 2, starts_at=nine, ends_at=nine + 180 * MINUTE))
    stage.book()
    stage.change_meeting({"room": "Conference Room 1"}, of=second)
    stage.look()
    stage.clock.advance(120)
    stage.send()
    stage.change_meeting({"date": "2022-06-10"})
    stage.change_meeting({"status": "cancelled"}, of=second)
    stage.look()
    stage.clock.advance(120)

    facts = written(stage).facts

    assert (facts.rule, facts.starts_at) == ("slot-moved", START + 2 * DAY)
    assert facts.changes == (
        Change(
            "Meeting 1",
            "Europe/Vienna",
            own=True,
            before=Before(START, START + 9 * MINUTE),
            after=Before(START + 2 * DAY, START + 2 * DAY + 9 * MINUTE),
        ),
        Change(
            "Meeting 2",
            "Europe/Vienna",
            own=False,
            before=Before(nine, nine + 180 * MINUTE, "Conference Room 1"),
            after=None,
        ),
    )


def test_a_list_that_closes_is_told_on_the_clock_on_which_that_was_decided(stage: Stage) -> None:
    written_as = {"date": "2022-06-01", "time": "18:00", "timezone": "America/New_York"}
    stage.act(lambda tx: drawing_up.change(tx, OPERATOR, stage.scene.list, {"closes_at": written_as}))
    closes_at = datetime(2022, 6, 1, 22, tzinfo=UTC)
    stage.clock.set(closes_at - DAY)
    stage.look()

    due = due_now(stage)
    (one,) = gathered(stage, due)

    assert isinstance(one, Writing)
    facts = one.facts
    assert (facts.rule, facts.starts_at, facts.ends_at, facts.venue_zone) == (
        "list-closes",
        closes_at,
        closes_at,
        "America/New_York",
    )
    assert (facts.list_title, facts.unsubscribe_url) == ("Item 5", "https://rostrum.test/unsubscribe/lists")
    assert one.event is None
    stage.act(lambda tx: opening.close_list(tx, OPERATOR, stage.scene.list))
    assert why_not(stage, due) == [NO_LONGER]


def test_a_list_that_opened_is_told_with_the_moment_at_which_it_did(stage: Stage) -> None:
    new = stage.act(lambda tx: speaking.speaker(tx, stage.scene, "New Comer"))
    opens_at = datetime(2022, 6, 1, 7, tzinfo=UTC)
    stage.act(lambda tx: opening.close_list(tx, OPERATOR, stage.scene.list))
    stage.clock.set(opens_at)
    stage.act(lambda tx: opening.reopen_list(tx, OPERATOR, stage.scene.list))
    stage.look()
    stage.clock.advance(60)

    one = written(stage, new)

    assert (one.facts.rule, one.facts.starts_at, one.facts.venue_zone) == ("list-opens", opens_at, "Europe/Vienna")
    assert (one.facts.meeting_starts_at, one.facts.meeting_zone) == (speaking.STARTS_AT, "Europe/Vienna")
    assert (one.facts.queue, one.facts.next_reminder_at) == (False, None)


def test_a_list_that_opened_is_told_with_the_moment_at_which_it_closes(stage: Stage) -> None:
    closes_at = datetime(2022, 6, 1, 22, tzinfo=UTC)
    new = stage.act(lambda tx: speaking.speaker(tx, stage.scene, "New Comer"))
    stage.act(lambda tx: drawing_up.change(tx, OPERATOR, stage.scene.list, {"closes_at": rfc3339(closes_at)}))
    stage.look()

    facts = written(stage, new).facts
    assert (facts.rule, facts.starts_at, facts.ends_at) == ("list-opens", closes_at, closes_at)


def test_letters_come_in_the_order_of_their_rows_and_one_does_not_disturb_another(stage: Stage) -> None:
    stage.book()
    stage.look()
    given = due_now(stage)[0]
    stranger = replace(given, id="1", person_id="nobody")
    lost = replace(given, id="2", subject_id="nothing")

    found = gathered(stage, [stranger, given, lost, replace(given, data={"starts_at": rfc3339(START)})])

    assert [each.due for each in found][:3] == [stranger, given, lost]
    assert [type(each) for each in found] == [Pointless, Writing, Pointless, Writing]
