from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.lists import booking, swapping, waiting, withdrawing
from scheduler.lists.booking import Booking
from scheduler.notices.facts import Before
from scheduler.notices.gathering import NO_LONGER
from scheduler.outbox.actions import claim
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Scopes
from scheduler.people.views import QuietHours
from scheduler.programme.tables import Meeting
from tests.makers import queueing, speaking
from tests.scheduler.notices.conftest import Stage, known
from tests.scheduler.notices.test_gathering import gathered, why_not, written

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OFFER = 15 * MINUTE


@dataclass(frozen=True)
class Line:
    """The stage with a list of one slot of three hours, which Ada holds and Bob waits for."""

    stage: Stage
    bob: Actor
    inscription: str
    slot: str

    def free(self) -> None:
        self.stage.act(lambda tx: withdrawing.withdraw(tx, OPERATOR, self.inscription))
        self.stage.look()


@pytest.fixture
def line(stage: Stage) -> Line:
    other = replace(stage, scene=stage.act(lambda tx: speaking.scene(tx, code="ahc-3", slot_seconds=10_800)))
    ada, bob = stage.act(lambda tx: [speaking.speaker(tx, other.scene, name) for name in ("Ada Holds", "Bob Waits")])
    stage.act(lambda tx: known(tx, other.scene))
    made = other.act(lambda tx: booking.book(tx, ada, other.scene.slots[0], Booking("in_person")))
    other.act(lambda tx: waiting.join(tx, bob, other.scene.list, Booking("remote")))
    stage.look()
    stage.send()
    return Line(other, bob, made.id, other.scene.slots[0])


def test_offer_is_told_at_once_with_its_deadline(line: Line) -> None:
    line.free()

    (row,) = line.stage.told(of=line.bob)
    assert (row.rule, row.due_at, row.useless_at, row.subject[0]) == ("slot-offered", NOW, NOW + OFFER, "waiting")
    facts = written(line.stage, line.bob).facts
    assert (facts.rule, facts.offered_until, facts.mode, facts.position) == ("slot-offered", NOW + OFFER, "remote", 1)
    starts_at = datetime(2022, 6, 8, 8, tzinfo=UTC)
    assert (facts.starts_at, facts.ends_at, facts.queue) == (starts_at, starts_at + timedelta(hours=3), False)
    assert (facts.list_title, facts.unsubscribe_url) == ("Item 5", None)


@pytest.mark.parametrize(("own_turn", "due_at"), [(False, NOW), (True, NOW + timedelta(hours=5))])
def test_quiet_hours_hold_an_offer_only_where_they_hold_her_own_turn(
    line: Line, *, own_turn: bool, due_at: datetime
) -> None:
    # It is 14:00 in Vienna.
    wishes = {"quiet_hours": QuietHours("12:00", "19:00"), "quiet_own_turn": own_turn}
    line.stage.act(lambda tx: persons.change_own(tx, line.bob, wishes))
    line.stage.look()

    line.free()

    assert [(row.rule, row.due_at) for row in line.stage.told("slot-offered")] == [("slot-offered", due_at)]


def test_offer_that_was_taken_before_it_was_told_is_not_told(line: Line) -> None:
    line.free()
    due = line.stage.act(claim)
    line.stage.act(lambda tx: booking.book(tx, line.bob, line.slot, Booking("in_person")))

    offered = [each for each in due if each.rule == "slot-offered"]
    assert why_not(line.stage, offered) == [NO_LONGER]


def test_place_in_a_queue_is_offered_by_the_moment_until_which_it_is_hers(stage: Stage) -> None:
    queue = replace(stage, scene=stage.act(lambda tx: queueing.scene(tx, code="ahc-4", capacity=1)))
    ada, bob = stage.act(lambda tx: [speaking.speaker(tx, queue.scene, name) for name in ("Ada Holds", "Bob Waits")])
    made = queue.act(lambda tx: queueing.inscribed(tx, queue.scene, ada))
    queue.act(lambda tx: waiting.join(tx, bob, queue.scene.list, Booking("remote")))
    queue.act(lambda tx: withdrawing.withdraw(tx, ada, made))
    queue.look()

    facts = next(each for each in gathered(queue, queue.act(claim)) if each.due.rule == "slot-offered").facts  # type: ignore[union-attr]  # -- a letter, or the test fails

    assert (facts.starts_at, facts.offered_until, facts.queue) == (NOW + OFFER, NOW + OFFER, True)


@dataclass(frozen=True)
class Pair:
    """Ada has the third slot of the stage, Bob the sixth; both know."""

    stage: Stage
    bob: Actor
    hers: str
    his: str

    def propose(self) -> None:
        self.stage.act(lambda tx: swapping.propose(tx, self.stage.ada, self.hers, self.his))
        self.stage.look()

    def rules(self) -> list[tuple[str, str]]:
        names = {self.stage.ada.id: "Ada", self.bob.id: "Bob"}
        return [(row.rule, names[row.person]) for row in self.stage.told() if not row.rule.endswith("-soon")]


@pytest.fixture
def pair(stage: Stage) -> Pair:
    bob = stage.act(lambda tx: speaking.speaker(tx, stage.scene, "Bob Example"))
    hers, his = stage.book(2), stage.book(5, by=bob)
    stage.look()
    stage.send()
    return Pair(stage, bob, hers.id, his.id)


def test_proposal_is_told_to_the_side_that_is_asked(pair: Pair) -> None:
    pair.propose()

    assert pair.rules() == [("swap-proposed", "Bob")]
    facts = written(pair.stage).facts
    start = datetime(2022, 6, 8, 8, tzinfo=UTC)
    assert (facts.starts_at, facts.swap_with) == (start + 18 * MINUTE, "Ada Example")
    assert facts.swap_own == Before(start + 45 * MINUTE, start + 54 * MINUTE)


def test_refusal_is_told_to_the_side_that_proposed(pair: Pair) -> None:
    pair.propose()
    pair.stage.send()

    pair.stage.act(lambda tx: swapping.answer(tx, pair.bob, pair.his, accept=False))
    pair.stage.look()

    assert pair.rules() == [("swap-ended", "Ada")]
    facts = written(pair.stage).facts
    assert (facts.swap_end, facts.swap_with, facts.starts_at) == (
        "refused",
        "Bob Example",
        datetime(2022, 6, 8, 8, 18, tzinfo=UTC),
    )


@pytest.mark.parametrize(("heard", "told"), [(False, []), (True, [("swap-ended", "Bob")])])
def test_who_never_heard_of_a_proposal_does_not_hear_that_it_was_taken_back(
    pair: Pair, *, heard: bool, told: list[tuple[str, str]]
) -> None:
    pair.propose()
    if heard:
        pair.stage.send()

    pair.stage.act(lambda tx: swapping.take_back(tx, pair.stage.ada, pair.hers))
    pair.stage.look()

    assert pair.rules() == told


def test_accepted_swap_is_told_to_both_as_their_slot_that_has_moved(pair: Pair) -> None:
    pair.propose()
    pair.stage.send()

    pair.stage.act(lambda tx: swapping.answer(tx, pair.bob, pair.his, accept=True))
    pair.stage.look()

    assert sorted(pair.rules()) == [("slot-moved", "Ada"), ("slot-moved", "Bob")]


def test_lapse_is_told_to_whoever_still_has_a_slot(pair: Pair) -> None:
    pair.propose()
    pair.stage.send()

    pair.stage.act(lambda tx: withdrawing.withdraw(tx, pair.bob, pair.his))
    pair.stage.look()

    assert pair.rules() == [("swap-ended", "Ada")]
    assert written(pair.stage).facts.swap_end == "lapsed"


def test_reminders_go_to_the_meeting_in_which_she_speaks_after_a_swap(pair: Pair) -> None:
    of = pair.stage.scene
    starts_at = datetime(2022, 6, 9, 8, tzinfo=UTC)
    times = {"number": 2, "date": "2022-06-09", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}
    later = pair.stage.act(lambda tx: speaking.scene_in(tx, Scopes(of.body, of.session), meeting_values=times))
    pair.stage.act(lambda tx: tx.conn.update(Meeting, later.meeting, room="Room 2"))
    cleo = pair.stage.act(lambda tx: speaking.speaker(tx, of, "Cleo"))
    theirs = pair.stage.act(lambda tx: booking.book(tx, cleo, later.slots[0], Booking("in_person")))
    pair.stage.look()

    pair.stage.act(lambda tx: swapping.propose(tx, pair.stage.ada, pair.hers, theirs.id))
    pair.stage.act(lambda tx: swapping.answer(tx, cleo, theirs.id, accept=True))
    pair.stage.look()

    soon = {(row.person, row.due_at + 60 * MINUTE) for row in pair.stage.told("slot-soon") if row.due_at.minute == 0}
    assert (pair.stage.ada.id, starts_at) in soon
    assert {row.due_at.day for row in pair.stage.told("slot-soon", of=pair.stage.ada)} == {8, 9}
    assert {row.due_at.day for row in pair.stage.told("slot-soon", of=cleo)} == {7, 8}
