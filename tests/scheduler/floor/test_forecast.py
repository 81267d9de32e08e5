from dataclasses import replace
from datetime import timedelta

from scheduler.floor.fold import begin
from scheduler.floor.forecast import forecast
from scheduler.floor.record import NextMeeting
from scheduler.floor.turns import Turn
from tests.scheduler.floor.played import SITTING, START, at, opened, played, waiting


def test_no_window_is_before_now_and_each_grows_with_the_distance() -> None:
    seen = forecast(played(opened(10), (1, "call"), (1, "start")), SITTING, at(2))

    starts = [(each.earliest_start, each.expected_start, each.latest_start) for each in seen.queue]
    assert all(at(2) <= early <= middle <= late for early, middle, late in starts)
    widths = [late - early for early, _, late in starts]
    assert widths == sorted(widths)


def test_nothing_is_expected_before_a_meeting_that_has_not_opened() -> None:
    seen = forecast(begin(waiting(3)), SITTING, START - timedelta(minutes=30))

    assert [each.not_before for each in seen.queue] == [START] * 3
    assert all(each.earliest_start >= START for each in seen.queue)


def test_a_slow_meeting_moves_everybody_back() -> None:
    on_time = played(opened(12), *((n * 3, "call") for n in range(1, 5)))
    slow = opened(12)
    quick = opened(12)
    for n in range(4):
        slow = played(slow, (n * 6, "call"), (n * 6, "start"), (n * 6 + 5, "finish"))
        quick = played(quick, (n * 6, "call"), (n * 6, "start"), (n * 6 + 2, "finish"))

    assert on_time.version == 5
    assert forecast(slow, SITTING, at(24)).queue[-1].expected_start - forecast(quick, SITTING, at(24)).queue[
        -1
    ].expected_start > timedelta(minutes=8)


def test_what_would_end_after_the_meeting_goes_on_in_the_next() -> None:
    goes_on = START + timedelta(hours=5)
    sitting = replace(SITTING, ends_at=at(10), next_meeting=NextMeeting(goes_on, at(500), goes_on))

    seen = forecast(opened(6), sitting, at(0))

    later = [each.in_next_meeting for each in seen.queue]
    assert later == sorted(later)
    assert later[0] is False
    assert later[-1] is True
    assert seen.queue[later.index(True)].expected_start == goes_on
    assert seen.queue[-1].not_before == goes_on <= seen.queue[-1].earliest_start
    assert seen.projected_end <= at(10)


def test_nobody_is_called_before_the_planned_end_of_a_break() -> None:
    pause = Turn("x", 2, "break", 900, planned_start=at(30))
    floor = played(begin([waiting(1)[0], pause, replace(waiting(2)[1], position=3)]), (0, "open"))

    seen = forecast(floor, SITTING, at(0))

    assert seen.queue[2].not_before == at(45)
    assert seen.queue[2].earliest_start >= at(45)


def test_the_same_events_give_the_same_forecast_and_later_ones_change_nothing_before() -> None:
    floor = played(opened(8), (1, "call"), (1, "start"), (4, "finish"))

    assert forecast(floor, SITTING, at(4)) == forecast(floor, SITTING, at(4))


def test_a_closed_meeting_expects_nobody() -> None:
    seen = forecast(played(opened(3), (5, "close")), SITTING, at(6))

    assert (seen.queue, seen.projected_end) == ((), at(5))
