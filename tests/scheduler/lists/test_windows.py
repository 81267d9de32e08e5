from datetime import date, time

import pytest

from scheduler.clock.zones import stretch
from scheduler.errors import LocalTimeAmbiguous, LocalTimeSkipped, Meaningless
from scheduler.lists.views import Window
from scheduler.lists.windows import Sitting, offsets, shown


def sitting(day: str, start: str, end: str, zone: str = "Europe/Vienna", fold: int | None = None) -> Sitting:
    times = stretch(date.fromisoformat(day), time.fromisoformat(start), time.fromisoformat(end), zone, fold)
    return Sitting(day, zone, *times)


MORNING = sitting("2022-06-08", "10:00", "13:00")
OVER_MIDNIGHT = sitting("2022-06-08", "22:00", "01:00")
CHANGE_NIGHT = sitting("2022-10-30", "01:00", "04:00")  # four hours on the wall clock's three


@pytest.mark.parametrize(
    ("window", "held", "seconds"),
    [
        ({"start": "10:00", "end": "13:00"}, MORNING, (0, 10_800)),
        ({"start": "11:30", "end": "12:00"}, MORNING, (5_400, 7_200)),
        ({"start": "23:30", "end": "00:30"}, OVER_MIDNIGHT, (5_400, 9_000)),
        ({"start": "00:15", "end": "01:00"}, OVER_MIDNIGHT, (8_100, 10_800)),
        ({"start": "02:30", "end": "03:30", "fold": 0}, CHANGE_NIGHT, (5_400, 12_600)),
        ({"start": "02:30", "end": "03:30", "fold": 1}, CHANGE_NIGHT, (9_000, 12_600)),
        ({"start": "01:30", "end": "02:30", "fold": 1}, CHANGE_NIGHT, (1_800, 9_000)),
    ],
)
def test_window_is_kept_as_seconds_from_the_start(
    window: dict[str, str | int], held: Sitting, seconds: tuple[int, int]
) -> None:
    assert offsets(window, held) == seconds


@pytest.mark.parametrize(
    ("seconds", "held", "window"),
    [
        ((0, 10_800), MORNING, Window("10:00", "13:00", None)),
        ((8_100, 10_800), OVER_MIDNIGHT, Window("00:15", "01:00", None)),
        ((5_400, 12_600), CHANGE_NIGHT, Window("02:30", "03:30", 0)),
        ((9_000, 12_600), CHANGE_NIGHT, Window("02:30", "03:30", 1)),
        ((1_800, 9_000), CHANGE_NIGHT, Window("01:30", "02:30", 1)),
    ],
)
def test_window_is_shown_on_the_wall_clock_that_gives_it_back(
    seconds: tuple[int, int], held: Sitting, window: Window
) -> None:
    assert shown(*seconds, held) == window
    assert offsets({"start": window.start, "end": window.end, "fold": window.fold}, held) == seconds


@pytest.mark.parametrize(
    "window",
    [{"start": "09:00", "end": "11:00"}, {"start": "12:00", "end": "13:01"}, {"start": "12:00", "end": "11:00"}],
)
def test_window_outside_the_meeting_is_refused(window: dict[str, str]) -> None:
    with pytest.raises(Meaningless) as refused:
        offsets(window, MORNING)

    assert refused.value.faults[0].field == "window"


def test_window_that_exists_twice_needs_a_fold() -> None:
    with pytest.raises(LocalTimeAmbiguous) as refused:
        offsets({"start": "02:30", "end": "03:30"}, CHANGE_NIGHT)

    assert refused.value.faults[0].field == "window.start"
    assert [each["fold"] for each in refused.value.data["candidates"]] == [0, 1]


def test_window_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LocalTimeSkipped) as refused:
        offsets({"start": "02:30", "end": "03:30"}, sitting("2022-03-27", "01:00", "05:00"))

    assert refused.value.faults[0].field == "window.start"


def test_window_that_is_no_clock_is_refused_by_its_name() -> None:
    with pytest.raises(Meaningless) as refused:
        offsets({"start": "10:00", "end": "25:00"}, MORNING)

    assert refused.value.faults[0].field == "window.end"
