"""One place up or down on the floor, also where somebody was deferred and her list has another order."""

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, NotAllowedNow
from scheduler.floor import moving
from scheduler.floor.reading import floor_now
from scheduler.people.permission import OPERATOR, Actor
from scheduler.storage.writer import Writer
from tests.makers import people
from tests.scheduler.floor.meeting import Sat, sat


@pytest.fixture
def here(writer: Writer, clock: SettableClock) -> Sat:
    return sat(writer, clock)


def order(here: Sat) -> str:
    floor = here.writer.act_now(lambda tx: floor_now(tx.conn, here.scene.meeting, tx.now))
    return "".join(str(turn.speaker.name) for turn in floor.queue if turn.speaker)


def step(here: Sat, number: int, *, down: bool, actor: Actor = OPERATOR) -> str | None:
    slot = here.slots[number]
    return here.writer.act_now(lambda tx: moving.step(tx, actor, here.scene.meeting, slot, down=down), alone=True)


@pytest.mark.parametrize("opened", [False, True])
def test_a_turn_is_moved_one_place_and_back_again(here: Sat, opened: bool) -> None:
    if opened:
        here.do(0, "open")
    orders = [order(here)]

    before = [step(here, 2, down=False)]
    orders.append(order(here))
    before.append(step(here, 2, down=False))
    orders.append(order(here))
    before.append(step(here, 2, down=True))
    orders.append(order(here))
    back = here.writer.act_now(lambda tx: moving.put(tx, OPERATOR, here.scene.meeting, here.slots[2], here.slots[1]))

    assert orders == ["ABCD", "ACBD", "CABD", "ACBD"]
    assert before == [here.slots[1], here.slots[0], None]
    assert back == here.slots[0]
    assert order(here) == "ABCD"


def test_whoever_was_deferred_comes_back_to_the_front(here: Sat) -> None:
    here.play((0, "open"), (1, "defer", {"slot": here.slots[0]}), (1, "absent", {"slot": here.slots[2]}))
    assert order(here) == "BDA"

    step(here, 0, down=False)
    assert order(here) == "BAD"
    step(here, 0, down=False)
    assert order(here) == "ABD"


def test_a_deferred_turn_whose_list_has_the_wanted_order_is_moved_on_the_floor(here: Sat) -> None:
    here.play((0, "open"), (1, "call"), (1, "start"), (4, "call"), (5, "defer"))
    assert order(here) == "CDB"
    version = here.do(6, "announce", text="Nothing").version

    step(here, 1, down=False)
    step(here, 1, down=False)

    assert order(here) == "BCD"
    assert here.do(7, "announce", text="More").version == version + 3


def test_the_first_does_not_go_up_nor_the_last_down(here: Sat) -> None:
    here.do(0, "open")

    for number, down in ((0, False), (3, True)):
        with pytest.raises(NotAllowedNow, match="already"):
            step(here, number, down=down)

    assert order(here) == "ABCD"


def test_who_has_been_called_is_not_moved(here: Sat) -> None:
    here.play((0, "open"), (1, "call"))

    with pytest.raises(NotAllowedNow, match="waits"):
        step(here, 0, down=True)


def test_only_who_runs_the_floor_moves(here: Sat) -> None:
    stranger = here.writer.act_now(lambda tx: people.person(tx, "Stranger"))

    with pytest.raises(Forbidden):
        step(here, 1, down=True, actor=stranger)
