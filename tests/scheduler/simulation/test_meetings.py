from random import Random
from typing import Any

import pytest

from scheduler.floor.forecast import forecast
from scheduler.floor.record import Record, read, replay
from scheduler.simulation.kinds import KINDS
from scheduler.simulation.meeting import Played, play
from scheduler.simulation.oracle import Oracle
from scheduler.simulation.paper import document
from scheduler.simulation.trial import meeting


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  -- it has to be repeatable


def waits(played: Played) -> list[tuple[set[str], set[str]]]:
    """After each event but the last, who waits by the replayed record and by the simulator."""
    floors = [floor for _, floor in replay(played.record)]
    return [
        (set(floor.queue), set(moment.queue)) for floor, moment in zip(floors[:-1], played.moments[:-1], strict=True)
    ]


def states(record: Record) -> list[tuple[Any, ...]]:
    return [(event.at, floor.queue, floor.current, floor.past) for event, floor in replay(record)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_record_tells_who_waits_as_the_simulator_knows_it(kind: str) -> None:
    for number in range(4):
        for by_record, by_simulator in waits(meeting(kind, "record", number)):
            assert by_record == by_simulator


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_plays_the_same_meeting_and_another_another(kind: str) -> None:
    assert meeting(kind, "1", 3) == meeting(kind, "1", 3)
    assert meeting(kind, "1", 3) != meeting(kind, "2", 3)


def test_records_lack_what_their_kind_lacks() -> None:
    played = [meeting("call-to-call", "1", number) for number in range(3)]

    assert {event.command for each in played for event in each.record.events} & {"start"} == set()


def test_some_records_begin_in_the_middle_of_the_list() -> None:
    played = [play(KINDS["punctual"], dice(number)) for number in range(60)]
    begins = [each.record.events[0].command for each in played]

    assert set(begins) == {"open", "call"}
    late = next(each for each in played if each.record.events[0].command == "call")
    assert late.record.events[0].slot != late.record.turns[0].slot


def test_a_written_record_replays_as_it_was_played() -> None:
    for kind in KINDS:
        record = meeting(kind, "written", 1).record
        again = read(document(record))

        assert (again.sitting, again.turns) == (record.sitting, record.turns)
        assert states(again) == states(record)


def test_the_oracle_says_the_same_from_the_same_dice_and_nothing_before_now() -> None:
    played = meeting("interrupted", "1", 1)
    moment = played.moments[len(played.moments) // 3]

    said = Oracle(played, dice(1)).windows(moment, 40)

    assert said == Oracle(played, dice(1)).windows(moment, 40)
    assert list(said) == list(moment.queue)
    assert all(moment.now <= early <= middle <= late for early, middle, late in said.values())


def test_what_is_said_after_an_event_does_not_know_the_later_ones() -> None:
    whole = document(meeting("loose", "cut", 2).record)
    cut = whole | {"events": whole["events"][:20]}
    said, said_of_cut = (
        [forecast(floor, record.sitting, event.at) for event, floor in replay(record)]
        for record in (read(whole), read(cut))
    )

    assert said[:20] == said_of_cut
