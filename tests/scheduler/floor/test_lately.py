"""What the chair is told of the last events: what, whose turn, by whom, and what an undo took back."""

import pytest

from scheduler.clock.now import SettableClock
from scheduler.floor import moving
from scheduler.floor.lately import CHANGED, Happened, lately, to_take_back
from scheduler.floor.reading import standing
from scheduler.people.permission import OPERATOR, Grant
from scheduler.storage.writer import Writer
from tests.makers import people
from tests.scheduler.floor.meeting import Sat, sat


@pytest.fixture
def here(writer: Writer, clock: SettableClock) -> Sat:
    return sat(writer, clock)


ALLOTTED = 4


def told(here: Sat, after: int = ALLOTTED, most: int = 10) -> list[Happened]:
    return here.writer.act_now(lambda tx: lately(tx.conn, standing(tx.conn, here.scene.meeting), after, most))


def words(each: Happened) -> tuple[int, str, str]:
    return each.number, each.event.command, each.turn.speaker.name if each.turn else ""


def test_events_are_told_with_whose_turn_it_is_and_who_did_it(here: Sat) -> None:
    grants = (Grant("chair", "session", here.scene.session),)
    chair = here.writer.act_now(lambda tx: people.person(tx, "Chair", grants=grants))
    here.do(0, "open")
    here.do(1, "call", actor=chair)

    assert [words(each) for each in told(here)] == [(5, "open", ""), (6, "call", "A")]
    assert [each.by.name if each.by else None for each in told(here)] == [None, "Chair"]
    assert [words(each) for each in told(here, after=5)] == [(6, "call", "A")]
    assert [words(each) for each in told(here, most=1)] == [(6, "call", "A")]


def test_an_undo_tells_what_it_took_back_and_what_comes_next(here: Sat) -> None:
    here.play((0, "open"), (1, "call"), (2, "start"), (3, "undo"))

    last = told(here)[-1]
    following = here.writer.act_now(lambda tx: to_take_back(tx.conn, standing(tx.conn, here.scene.meeting)))

    assert (last.event.command, last.undone and last.undone.event.command) == ("undo", "start")
    assert following is not None
    assert words(following) == (8, "call", "A")


def test_before_the_opening_there_is_nothing_to_take_back(here: Sat) -> None:
    slot = here.slots[2]
    here.writer.act_now(lambda tx: moving.step(tx, OPERATOR, here.scene.meeting, slot, down=False), alone=True)

    assert told(here)[-1].event.command == CHANGED
    assert here.writer.act_now(lambda tx: to_take_back(tx.conn, standing(tx.conn, here.scene.meeting))) is None
