"""The forecast of records that other programs wrote, or that lack what ours have."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from scheduler.floor.forecast import Expected, forecast
from scheduler.floor.record import read, replay
from scheduler.simulation.kinds import KINDS
from scheduler.simulation.paper import document
from scheduler.simulation.trial import meeting
from tests.scheduler.floor.played import START

_ANY = ("undo", "pause", "resume", "suspend", "resume_meeting", "extend", "absent", "defer", "move", "withdraw", "call")


def forecasts(document: dict[str, Any]) -> list[tuple[Any, tuple[Expected, ...]]]:
    record = read(document)
    return [(event.at, forecast(floor, record.sitting, event.at).queue) for event, floor in replay(record)]


def odd(number: int) -> dict[str, Any]:
    """A simulated record with events left out and put in, and slots that say too little, or nonsense."""
    dice = Random(number)  # noqa: S311  -- it has to be repeatable
    written = document(meeting(dice.choice(list(KINDS)), "odd", number).record)
    for slot in written["slots"]:
        slot["seconds"] = dice.choice((slot["seconds"],) * 8 + (0, 1, 10**9))
        slot["category"] = dice.choice((slot["category"],) * 8 + (None, f"kind {dice.random()}"))
        slot["mode"] = dice.choice((slot["mode"],) * 8 + (None, "telegraph"))
        slot["kind"] = dice.choice(("statement",) * 15 + ("break", "panel", "right_of_reply"))
    events = [event for event in written["events"] if dice.random() > 0.15]
    for _ in range(6):
        at, slot = dice.randrange(len(events)), dice.choice(written["slots"])["slot"]
        events.insert(at, {"at": events[at]["at"], "command": dice.choice(_ANY), "slot": slot})
    return {**written, "events": events}


@pytest.mark.parametrize("number", range(12))
def test_windows_stay_in_order_and_after_now_whatever_the_record(number: int) -> None:
    for now, queue in forecasts(odd(number)):
        least = (now, now, now)
        for expected in queue:
            window = (expected.earliest_start, expected.expected_start, expected.latest_start)
            assert list(window) == sorted(window)
            assert all(each >= before for each, before in zip(window, least, strict=True))
            assert expected.not_before is None or expected.earliest_start >= expected.not_before
            least = window


def record(*events: tuple[float, str, str | None], slots: int = 20, **of_each: Any) -> dict[str, Any]:
    """Slots `s1`, `s2`, ... of 180 seconds and events as (minute, command, slot)."""
    return {
        "meeting": {"starts_at": START.isoformat(), "ends_at": (START + timedelta(hours=3)).isoformat()},
        "slots": [{"slot": f"s{n}", "position": n, "seconds": 180, **of_each} for n in range(1, slots + 1)],
        "events": [
            {"at": (START + timedelta(minutes=minute)).isoformat(), "command": command, "slot": slot}
            for minute, command, slot in events
        ],
    }


def minutes_to_the_last(document: dict[str, Any]) -> float:
    now, queue = forecasts(document)[-1]
    return float((queue[-1].expected_start - now).total_seconds() / 60)


def test_a_meeting_whose_starts_nobody_notes_is_learned_from_all_the_same() -> None:
    slow = [(5.0 * n, "call", f"s{n + 1}") for n in range(9)]
    quick = [(2.0 * n, "call", f"s{n + 1}") for n in range(9)]

    assert minutes_to_the_last(record(*slow)) > 11 * 4
    assert minutes_to_the_last(record(*quick)) < 11 * 2.5


def test_who_is_allotted_nothing_gets_what_is_usual_here() -> None:
    nothing = record((0, "open", None), seconds=0)

    assert minutes_to_the_last(nothing) == minutes_to_the_last(record((0, "open", None)))


def test_one_speech_of_an_hour_does_not_make_all_others_long() -> None:
    events: list[tuple[float, str, str | None]] = [(0, "open", None)]
    for n in range(1, 11):
        late = 57 if n > 5 else 0
        start = 3.5 * n + late
        length = 60 if n == 5 else 3
        events += [(start, "call", f"s{n}"), (start, "start", f"s{n}"), (start + length, "finish", f"s{n}")]

    assert minutes_to_the_last(record(*events)) < 10 * 6.5


def test_a_suspension_of_an_hour_is_not_expected_again_and_again() -> None:
    events: list[tuple[float, str, str | None]] = [(0, "open", None)]
    for n in range(1, 11):
        start = 3.5 * n + (60 if n > 5 else 0)
        events += [(start, "call", f"s{n}"), (start, "start", f"s{n}"), (start + 3, "finish", f"s{n}")]
        if n == 5:
            events += [(start + 3, "suspend", None), (start + 63, "resume_meeting", None)]

    assert 10 * 3 < minutes_to_the_last(record(*events)) < 10 * 5


def test_a_steady_meeting_narrows_its_windows() -> None:
    def width(heard: int) -> float:
        events: list[tuple[float, str, str | None]] = [(0, "open", None)]
        for n in range(1, heard + 1):
            events += [(3.5 * n, "call", f"s{n}"), (3.5 * n, "start", f"s{n}"), (3.5 * n + 3, "finish", f"s{n}")]
        queue = forecasts(record(*events))[-1][1]
        return (queue[9].latest_start - queue[9].earliest_start).total_seconds()

    assert width(10) < 0.6 * width(0)
