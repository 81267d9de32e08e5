from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import Meaningless, NotAllowedNow
from scheduler.floor.fold import apply, begin, fold
from scheduler.floor.queue import done
from scheduler.floor.states import CHANGES, LEGAL, Floor, allowed, check, moment
from scheduler.floor.turns import Event, Turn
from tests.scheduler.floor.played import at, opened, played, waiting


def test_a_called_speaker_leaves_the_queue_and_speaks_from_her_start() -> None:
    floor = played(opened(), (1, "call"), (1.5, "start"))

    assert floor.queue == ("b", "c", "d")
    assert floor.current is not None
    assert (floor.current.slot, floor.current.latency, floor.current.elapsed(at(3))) == ("a", 30.0, 90.0)


def test_a_call_while_someone_speaks_finishes_her_as_one_event() -> None:
    floor = played(opened(), (1, "call"), (1, "start"), (4, "call"))

    assert floor.version == 4
    assert [(past.slot, past.status, past.spoken) for past in done(floor)] == [("a", "spoken", 180.0)]
    assert floor.current is not None
    assert floor.current.slot == "b"


def test_undo_of_a_call_gives_the_floor_back_to_whom_it_finished() -> None:
    floor = played(opened(), (1, "call"), (1, "start"), (4, "call"), (4.5, "undo"))

    assert floor.version == 5
    assert floor.queue == ("b", "c", "d")
    assert floor.current is not None
    assert (floor.current.slot, floor.current.elapsed(at(5))) == ("a", 240.0)


def test_undo_goes_back_step_by_step_to_the_opening_and_keeps_what_others_did() -> None:
    floor = played(opened(), (1, "call"), (2, "ready", {"slot": "c", "ready": True}), (3, "start"), (4, "undo"))
    floor = played(floor, (5, "undo"))

    assert (floor.current, floor.queue, floor.turns["c"].ready) == (None, ("a", "b", "c", "d"), True)
    assert "undo" not in allowed(floor)


def test_a_paused_speaker_uses_no_time() -> None:
    floor = played(opened(), (1, "call"), (1, "start"), (2, "pause"), (5, "resume"))

    assert floor.current is not None
    assert floor.current.elapsed(at(6)) == 120.0


def test_a_point_of_order_interrupts_and_gives_back_what_was_left() -> None:
    point = Turn("p", 9, "point_of_order", 120)
    floor = played(opened(), (1, "call"), (1, "start"), (2, "point_of_order", {"turn": point}))
    assert moment(floor) == "interrupted"

    floor = played(floor, (4, "finish"))

    assert floor.current is not None
    assert (floor.current.slot, floor.current.elapsed(at(5))) == ("a", 120.0)
    assert [past.slot for past in done(floor)] == ["p"]


def test_an_absent_speaker_keeps_her_claim_until_she_is_called_again() -> None:
    floor = played(opened(), (1, "call"), (2, "absent"))
    assert [(past.slot, past.status) for past in done(floor)] == [("a", "absent")]

    floor = played(floor, (3, "call", {"slot": "a"}), (3, "start"), (6, "finish"))

    assert [(past.slot, past.status) for past in done(floor)] == [("a", "spoken")]
    assert floor.absent == ()


def test_a_deferred_speaker_goes_behind_the_last_of_her_group() -> None:
    turns = [*waiting(3), replace(waiting(4)[3], category="ngo"), replace(waiting(5)[4], category="ngo")]
    floor = played(begin(turns), (0, "open"), (1, "call"), (2, "defer"))

    assert floor.queue == ("b", "c", "a", "d", "e")


def test_suspension_stops_the_clock_and_the_speaker_stays_paused() -> None:
    floor = played(opened(), (1, "call"), (1, "start"), (2, "suspend"), (12, "resume_meeting"))
    assert moment(floor) == "paused"

    floor = played(floor, (13, "resume"), (15, "call"))

    assert [past.spoken for past in done(floor)] == [180.0]
    assert floor.halted == 600.0


def test_close_carries_what_is_left_unless_the_chair_says_no() -> None:
    pause = Turn("x", 5, "break", 900)
    floor = played(begin([*waiting(4), pause]), (0, "open"), (1, "call"), (1, "start"), (2, "call"), (3, "absent"))

    assert played(floor, (4, "close")).carried == ("c", "d")
    assert played(floor, (4, "close", {"carry": False})).carried == ()
    assert played(floor, (4, "close"), (5, "undo")).queue == ("c", "d", "x")


def test_what_the_moment_does_not_allow_is_refused_with_what_it_does() -> None:
    floor = played(opened(), (1, "call"))

    with pytest.raises(NotAllowedNow) as refused:
        check(floor, Event(at(2), "finish"))

    assert refused.value.data["allowed"] == list(allowed(floor))
    assert "finish" not in allowed(floor)


def test_a_slot_of_another_meeting_is_refused() -> None:
    with pytest.raises(Meaningless):
        check(opened(), Event(at(1), "call", slot="elsewhere"))


_commands = st.sampled_from(sorted({command for legal in LEGAL.values() for command in legal} | set(CHANGES)))


@st.composite
def _happenings(draw: st.DrawFn) -> list[Event]:
    events, minutes = [], 0.0
    for number in range(draw(st.integers(0, 40))):
        minutes += draw(st.floats(0, 5))
        command, slot = draw(_commands), draw(st.sampled_from([None, "a", "b", "c", "d", "e", "z"]))
        turn = None
        if command in {"add", "point_of_order", "right_of_reply"}:
            kind = "statement" if command == "add" else command
            turn = Turn(f"n{number}", draw(st.integers(0, 9)), kind, 60)
        events.append(Event(at(minutes), command, slot, draw(st.sampled_from([None, 30])), turn=turn, ready=True))
    return events


@given(_happenings())
def test_whatever_happens_every_slot_is_in_one_place_and_every_event_counts(events: list[Event]) -> None:
    floor = begin(waiting(5))

    for event in events:
        before = floor
        floor = apply(floor, event)
        assert floor.version == before.version + 1
        _check_one_place(floor)


@given(_happenings())
def test_what_is_allowed_is_never_refused_and_does_something(events: list[Event]) -> None:
    floor = fold(begin(waiting(5)), events)

    for command in allowed(floor):
        check(floor, Event(at(999), command))


def _check_one_place(floor: Floor) -> None:
    running = [each.slot for each in (floor.current, floor.interrupted) if each]
    places = [*floor.queue, *floor.absent, *floor.deferred, *running]
    if floor.status != "closed":
        assert len(places) == len(set(places))
    spoken = [past.slot for past in done(floor) if past.status == "spoken"]
    assert not set(spoken) & set(running)
