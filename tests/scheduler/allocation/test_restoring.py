import pytest

from scheduler.allocation import restoring
from scheduler.errors import Forbidden, NotAllowedNow
from scheduler.lists import placing
from scheduler.lists.placing import NewTurn
from scheduler.people.permission import Actor
from tests.makers import people
from tests.scheduler.allocation.conftest import Stage


def take_back(stage: Stage, actor: Actor | None = None) -> None:
    stage.writer.act_now(lambda tx: restoring.take_back(tx, actor or stage.chair, stage.scene.list))


def arrangement(stage: Stage) -> list[tuple[str | None, int]]:
    return [(slot.inscription, slot.seconds) for slot in stage.slots()]


def test_turns_stand_again_as_they_stood_before(stage: Stage) -> None:
    first, second = stage.ask(1), stage.ask(2, mode="remote")
    stage.allot()
    stage.writer.act_now(lambda tx: placing.move(tx, stage.chair, str(stage.slots()[1].id), None))
    before = arrangement(stage)
    third = stage.ask(3, mode="remote")
    stage.set_list(seconds_default=60)
    stage.allot(policy="draw", seed="spring rain", budget_seconds=120)
    assert arrangement(stage) != before

    take_back(stage)

    assert arrangement(stage) == before == [(second, 180), (first, 180)]
    assert stage.asked(third)["status"] == "pending"
    assert stage.remote_booked() == 180
    assert stage.journal("list.allocated", "list.restored")[-1] == ("list.restored", stage.scene.list)


def test_a_first_allocation_leaves_everybody_pending_again(stage: Stage) -> None:
    asked = [stage.ask(number) for number in range(3)]
    stage.allot()

    take_back(stage)

    assert stage.slots() == []
    assert [stage.asked(id_)["status"] for id_ in asked] == ["pending"] * 3


def test_whoever_was_called_since_stays(stage: Stage) -> None:
    asked = [stage.ask(number) for number in range(3)]
    stage.allot()
    stage.set_slot(stage.slots()[0].id, status="called")

    take_back(stage)

    assert stage.order() == asked[:1]


def test_once_a_turn_has_changed_it_stands(stage: Stage) -> None:
    stage.ask(1)
    stage.allot()
    late = stage.ask(2)
    stage.writer.act_now(lambda tx: placing.allot(tx, stage.chair, stage.scene.list, NewTurn(late, last=True)))

    with pytest.raises(NotAllowedNow, match="changed since"):
        take_back(stage)

    assert len(stage.slots()) == 2


def test_it_is_taken_back_once(stage: Stage) -> None:
    stage.ask(1)
    stage.allot()
    take_back(stage)

    with pytest.raises(NotAllowedNow, match="changed since"):
        take_back(stage)


def test_a_list_that_was_not_allotted_has_nothing_to_take_back(stage: Stage) -> None:
    with pytest.raises(NotAllowedNow, match="not allotted"):
        take_back(stage)


def test_only_who_may_allot_takes_back(stage: Stage) -> None:
    stage.ask(1)
    stage.allot()
    stranger = stage.writer.act_now(lambda tx: people.person(tx, "Stranger"))

    with pytest.raises(Forbidden):
        take_back(stage, stranger)
