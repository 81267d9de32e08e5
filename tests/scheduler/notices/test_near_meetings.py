from datetime import UTC, datetime, timedelta

from scheduler.accreditation import actions as accreditation
from scheduler.lists import withdrawing
from scheduler.notices import horizon
from scheduler.notices.horizon import AHEAD
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Scopes
from scheduler.people.views import QuietHours
from scheduler.programme import meetings, sessions
from scheduler.programme.meetings import NewMeeting
from tests.makers import people, places, speaking
from tests.scheduler.notices.conftest import Stage

START = datetime(2022, 6, 8, 8, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def near(stage: Stage) -> None:
    """A week before the meeting."""
    stage.clock.set(START - 7 * DAY)
    stage.look()


def test_a_far_meeting_is_announced_to_nobody_yet(stage: Stage) -> None:
    assert stage.told("meeting-soon") == []


def test_a_near_meeting_is_announced_to_who_may_speak_at_each_lead_time(stage: Stage) -> None:
    near(stage)

    assert [(row.person, row.subject, row.due_at, row.useless_at) for row in stage.told("meeting-soon")] == [
        (stage.ada.id, ("meeting", stage.scene.meeting), START - DAY, START - 60 * MINUTE),
        (stage.ada.id, ("meeting", stage.scene.meeting), START - 60 * MINUTE, START - 15 * MINUTE),
        (stage.ada.id, ("meeting", stage.scene.meeting), START - 15 * MINUTE, START),
    ]


def test_who_speaks_is_reminded_of_her_slot_instead(stage: Stage) -> None:
    near(stage)

    stage.book()
    stage.look()

    assert stage.told("meeting-soon") == []
    assert len(stage.told("slot-soon")) == 3


def test_who_speaks_no_more_is_reminded_of_the_meeting_again(stage: Stage) -> None:
    near(stage)
    made = stage.book()
    stage.look()

    stage.act(lambda tx: withdrawing.withdraw(tx, stage.ada, made.id))
    stage.look()

    assert (len(stage.told("meeting-soon")), stage.told("slot-soon")) == (3, [])


def test_accreditation_makes_reminders_and_taking_it_back_drops_them(stage: Stage) -> None:
    near(stage)
    organisation = stage.act(lambda tx: people.organisation(tx, "Newcomers"))
    eve = stage.act(lambda tx: people.person(tx, "Eve", organisation=organisation))

    asked = stage.act(lambda tx: accreditation.ask(tx, OPERATOR, stage.scene.session, organisation, status="approved"))
    stage.look()
    assert len(stage.told("meeting-soon", of=eve)) == 3
    stage.act(lambda tx: accreditation.decide(tx, OPERATOR, asked.id, {"status": "objected"}))
    stage.look()

    assert stage.told("meeting-soon", of=eve) == []
    assert len(stage.told("meeting-soon")) == 3


def test_who_changes_her_organisation_is_reminded_as_its_people_are(stage: Stage) -> None:
    near(stage)
    elsewhere = stage.act(lambda tx: people.organisation(tx, "Elsewhere"))

    stage.act(lambda tx: persons.change(tx, OPERATOR, str(stage.ada.id), {"organisation": elsewhere}))
    stage.look()
    assert stage.told("meeting-soon") == []
    stage.act(lambda tx: persons.change(tx, OPERATOR, str(stage.ada.id), {"organisation": stage.ada.organisation}))
    stage.look()

    assert len(stage.told("meeting-soon")) == 3


def test_a_new_meeting_that_is_near_is_announced(stage: Stage) -> None:
    near(stage)

    new = NewMeeting(title="Extra", date="2022-06-07", start="15:00", end="18:00")
    stage.act(lambda tx: meetings.add(tx, OPERATOR, stage.scene.session, new))
    stage.look()

    assert len(stage.told("meeting-soon")) == 6


def test_a_draft_is_announced_once_it_is_published(stage: Stage) -> None:
    near(stage)
    of = stage.act(lambda tx: places.session(tx, "draft", status="draft"))
    stage.act(lambda tx: speaking.accredited(tx, str(of.session), str(stage.ada.organisation)))
    stage.act(lambda tx: speaking.meeting(tx, of))
    stage.look()
    assert len(stage.told("meeting-soon")) == 3

    stage.act(lambda tx: sessions.change(tx, OPERATOR, "draft", {"status": "published"}))
    stage.look()

    assert len(stage.told("meeting-soon")) == 6


def test_a_meeting_in_her_quiet_hours_is_announced_before_them(stage: Stage) -> None:
    stage.act(
        lambda tx: persons.change_own(
            tx, stage.ada, {"quiet_hours": QuietHours("08:00", "12:00"), "quiet_own_turn": True}
        )
    )

    near(stage)

    assert [row.due_at for row in stage.told("meeting-soon")] == [datetime(2022, 6, 7, 10, tzinfo=UTC)]


def test_the_horizon_moves_on_by_steps(stage: Stage) -> None:
    assert horizon.reached(stage.conn) == datetime(2022, 5, 1, 12, tzinfo=UTC) + AHEAD

    stage.clock.advance(60)
    assert not horizon.behind(stage.conn, stage.clock.now())
    stage.clock.advance(3_600)
    stage.look()

    assert horizon.reached(stage.conn) == stage.clock.now() + AHEAD


def test_each_meeting_that_comes_near_is_announced(stage: Stage) -> None:
    of = Scopes(body=stage.scene.body, session=stage.scene.session)

    def held(number: int) -> str:
        starts_at = START + number * DAY
        return stage.act(lambda tx: speaking.meeting(tx, of, number, starts_at=starts_at, ends_at=starts_at + DAY / 8))

    later = {held(2), held(3)}

    near(stage)
    assert {row.subject[1] for row in stage.told("meeting-soon")} == {stage.scene.meeting}
    stage.clock.advance(2 * 86_400)
    stage.look()

    assert {row.subject[1] for row in stage.told("meeting-soon")} == {stage.scene.meeting, *later}
