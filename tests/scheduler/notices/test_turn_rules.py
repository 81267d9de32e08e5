from dataclasses import replace
from datetime import timedelta
from typing import Any

from scheduler.floor.fold import begin
from scheduler.floor.record import NextMeeting, Sitting
from scheduler.floor.states import Floor
from scheduler.floor.turns import Turn
from scheduler.notices.outlook import Outlook, nobody_has_spoken, outlooks, remote_seconds
from scheduler.notices.turn_rules import Saying, Told, is_to_be_asked, to_say
from tests.scheduler.floor.played import SITTING, START, at, played

ALL = ("turn-near", "turn-next", "turn-moved")
TOMORROW = START + timedelta(hours=21)
GOES_ON = Sitting(
    SITTING.starts_at, SITTING.ends_at, None, NextMeeting(TOMORROW, TOMORROW + timedelta(hours=3), TOMORROW, "m2")
)


def floor(number: int = 8, **turn: Any) -> Floor:
    """So many speakers of three minutes each, planned one after the other, and the meeting opened."""
    turns = [
        Turn(
            slot, position, "statement", 180, "member_state", speaker=f"p{slot}",
            planned_start=at(3 * (position - 1)), **turn,
        )
        for position, slot in enumerate("abcdefghijklmnopqrstuvwxyz"[:number], 1)
    ]  # fmt: skip
    return played(begin(turns), (0, "open"))


def said(of: Outlook, told: Told | None = None, wanted: tuple[str, ...] = ALL, minute: float = 0) -> Saying | None:
    return to_say(of, told or Told(of.expected.expected_start), wanted, at(minute))[0]


def rules(seen: dict[str, Outlook]) -> list[str | None]:
    return [saying.rule if (saying := said(of)) else None for of in seen.values()]


def test_the_next_and_the_three_behind_her_are_told_when_the_meeting_opens() -> None:
    assert rules(outlooks(floor(), SITTING, at(0))) == [
        "turn-next", "turn-near", "turn-near", "turn-near", None, None, None, None,
    ]  # fmt: skip


def test_whoever_has_the_floor_is_one_of_the_three_before_her() -> None:
    seen = outlooks(played(floor(), (1, "call"), (1, "start")), SITTING, at(1))

    assert [(slot, of.before, of.on_deck) for slot, of in seen.items()][:4] == [
        ("b", 1, True), ("c", 2, False), ("d", 3, False), ("e", 4, False),
    ]  # fmt: skip


def test_panels_and_breaks_are_no_speakers() -> None:
    pause = Turn("x", 1, "break", 900, planned_start=at(0))
    behind = Turn("a", 2, "statement", 180, "ngo", speaker="pa", planned_start=at(15))

    (of,) = outlooks(played(begin([pause, behind]), (0, "open")), SITTING, at(0)).values()

    assert (of.before, of.on_deck, rules({"a": of})) == (0, False, ["turn-near"])


def test_each_is_told_once_and_anew_only_once_she_was_put_off() -> None:
    of = outlooks(floor(), SITTING, at(0))["b"]
    saying, told = to_say(of, Told(of.expected.expected_start), ALL, at(0))

    assert saying is not None
    assert (saying.rule, saying.cause, told.near) == ("turn-near", at(0), 0)
    assert said(of, told) is None
    assert said(replace(of, put_off=1), told) is not None


def test_who_was_told_that_she_is_next_is_not_told_that_she_is_near() -> None:
    first = outlooks(floor(), SITTING, at(0))["a"]
    told = to_say(first, Told(first.expected.expected_start), ALL, at(0))[1]

    assert said(replace(first, on_deck=False, before=2), told) is None


def test_a_defer_counts_and_one_that_was_taken_back_does_not() -> None:
    deferred = played(floor(), (1, "call"), (2, "defer", {"slot": "a"}))
    seen = outlooks(deferred, SITTING, at(2))

    assert (list(seen)[-1], seen["a"].put_off) == ("a", 1)
    assert outlooks(played(deferred, (3, "undo"), (4, "undo")), SITTING, at(4))["a"].put_off == 0


def test_a_turn_has_moved_by_more_than_ten_minutes_since_she_was_last_told() -> None:
    of = outlooks(floor(), SITTING, at(0))["h"]
    expected, minute = of.expected.expected_start, timedelta(minutes=1)

    assert said(of, Told(expected - 10 * minute)) is None
    saying, told = to_say(of, Told(expected - 11 * minute, times=2), ALL, at(5))
    assert saying is not None
    assert (saying.rule, saying.revision, saying.was) == ("turn-moved", 2, expected - 11 * minute)
    assert (told.expected_at, told.times) == (expected, 3)


def test_what_she_does_not_want_is_not_told() -> None:
    seen = outlooks(floor(), SITTING, at(0))
    long_ago = Told(START - timedelta(hours=5))

    assert said(seen["h"], long_ago, ("turn-near", "turn-next")) is None
    assert said(seen["a"], wanted=("turn-near",)) is not None
    assert said(seen["a"], wanted=()) is None


def test_not_before_tomorrow_is_told_once_and_only_where_it_is_sure() -> None:
    late = at(178)
    seen = outlooks(played(floor(26), (170, "call"), (170, "start")), GOES_ON, late)
    of = seen["z"]

    saying, told = to_say(of, Told(at(75)), (), late)
    assert saying is not None
    assert (saying.rule, saying.slot, saying.earliest_at >= TOMORROW) == ("turn-carried", "z", True)
    assert said(of, told) is None
    unsure = replace(of, expected=replace(of.expected, not_before=None))
    assert said(unsure, Told(at(75)), ()) is None
    moved = said(unsure, Told(at(75)))
    assert moved is not None
    assert moved.rule == "turn-moved"


def test_whoever_is_left_at_the_close_comes_in_the_next_meeting() -> None:
    closed = played(floor(2), (1, "call"), (1, "start"), (4, "close"))

    (of,) = outlooks(closed, GOES_ON, at(4)).values()
    assert (of.turn.slot, of.expected.expected_start) == ("b", TOMORROW)
    assert outlooks(closed, SITTING, at(4)) == {}


def test_a_remote_speaker_is_asked_for_her_link_two_places_away_and_once() -> None:
    asked = [slot for slot, of in outlooks(floor(mode="remote"), SITTING, at(0)).items() if is_to_be_asked(of)]
    assert asked == ["a", "b", "c"]

    done = played(floor(mode="remote"), (0, "ask_ready", {"slot": "a"}), (0, "ready", {"slot": "b", "ready": True}))
    assert [slot for slot, of in outlooks(done, SITTING, at(0)).items() if is_to_be_asked(of)] == ["c"]
    assert not any(is_to_be_asked(of) for of in outlooks(floor(mode="in_person"), SITTING, at(0)).values())


def test_remote_speaking_time_runs_with_the_clock_and_stops_with_it() -> None:
    speaking = played(floor(mode="remote"), (1, "call"), (2, "start"))

    assert (remote_seconds(speaking, at(4)), nobody_has_spoken(speaking)) == (120.0, True)
    over = played(speaking, (5, "finish"))
    assert (remote_seconds(over, at(9)), nobody_has_spoken(over)) == (180.0, False)
