from dataclasses import replace
from datetime import datetime

from scheduler.floor.fold import begin
from scheduler.floor.turns import Turn
from scheduler.floor.view import floor_view
from tests.scheduler.floor.played import SITTING, at, opened, played, waiting


def test_positions_count_through_the_meeting() -> None:
    floor = played(opened(4), (1, "call"), (1, "start"), (4, "call"))

    seen = floor_view(floor, SITTING, at(5))

    assert seen.current is not None
    assert [each.position for each in seen.done] + [seen.current.position] == [1, 2]
    assert [(each.slot, each.position, each.on_deck) for each in seen.queue] == [("c", 3, True), ("d", 4, False)]
    assert seen.total == 4


def test_who_is_over_her_time_has_less_than_nothing_left() -> None:
    seen = floor_view(played(opened(2), (1, "call"), (1, "start")), SITTING, at(5))

    assert seen.current is not None
    assert (seen.current.elapsed_seconds, seen.current.remaining_seconds) == (240.0, -60.0)


def test_whom_a_point_of_order_interrupted_is_shown_beside_it() -> None:
    floor = played(
        opened(2), (1, "call"), (1, "start"), (2, "point_of_order", {"turn": Turn("p", 9, "point_of_order", 60)})
    )

    seen = floor_view(floor, SITTING, at(3))

    assert seen.current is not None
    assert seen.interrupted is not None
    assert (seen.current.slot, seen.interrupted.slot, seen.interrupted.elapsed_seconds) == ("p", "a", 60.0)


def test_the_remote_meter_counts_what_was_used_and_what_is_still_expected() -> None:
    sitting = replace(SITTING, remote_budget_seconds=1800)
    floor = played(begin(waiting(3, mode="remote")), (0, "open"), (1, "call"), (1, "start"), (5, "finish"))

    remote = floor_view(floor, sitting, at(5), "15:00").remote

    assert (remote.budget_seconds, remote.used_seconds, remote.projected_seconds) == (1800, 240.0, 720.0)
    assert remote.end_if_exceeded == "15:00"


def test_pace_is_the_mean_overrun_and_unknown_before_anyone_has_spoken() -> None:
    assert floor_view(opened(2), SITTING, at(0)).pace_seconds is None
    assert floor_view(played(opened(2), (1, "call"), (1, "start"), (5, "finish")), SITTING, at(5)).pace_seconds == 60.0


def test_the_forecast_says_that_it_does_not_know_until_somebody_has_spoken_and_is_widest_then() -> None:
    floor, seen = opened(12), []
    for minutes in (0, 4, 8, 12, 16):
        seen.append(floor_view(floor, SITTING, at(minutes)))
        floor = played(floor, (minutes, "call"), (minutes + 0.1, "start"), (minutes + 3, "finish"))
    widths = [
        datetime.fromisoformat(each.queue[7].latest_start) - datetime.fromisoformat(each.queue[7].earliest_start)
        for each in seen
    ]

    assert [each.sureness for each in seen] == ["unknown", "early", "early", "early", "known"]
    assert widths == sorted(widths, reverse=True)


def test_a_point_of_order_tells_nothing_of_how_long_speakers_take() -> None:
    point = {"turn": Turn("p", 9, "point_of_order", 60)}

    seen = floor_view(played(opened(2), (1, "point_of_order", point), (2, "finish")), SITTING, at(2))

    assert (seen.sureness, seen.pace_seconds, len(seen.done)) == ("unknown", None, 1)
