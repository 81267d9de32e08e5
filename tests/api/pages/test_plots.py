"""Where the marks and bars of a report stand."""

from api.pages.plots import Bars, bars, hours
from scheduler.floor.tally import SpokenTime, TurnMark


def spoken(planned: int, actual: int) -> SpokenTime:
    return SpokenTime("ngo", None, planned, actual, 1, 0)


def at(*clocks: str) -> list[TurnMark]:
    return [TurnMark("african", "remote", clock) for clock in clocks]


def axis(drawn: Bars) -> list[int]:
    return [tick.value for tick in drawn.ticks]


def test_bars_are_shares_of_a_little_more_than_the_longest() -> None:
    drawn = bars([spoken(3600, 1800), spoken(900, 3000)], mirrored=False)

    assert [(bar.planned, bar.actual) for bar in drawn.rows] == [
        (("0.00%", "94.34%"), ("0.00%", "47.17%")),
        (("0.00%", "23.58%"), ("0.00%", "78.62%")),
    ]


def test_the_axis_has_round_steps_and_never_many() -> None:
    assert axis(bars([spoken(100, 41)], mirrored=False)) == [0, 30, 60, 90]
    assert axis(bars([spoken(3 * 3600, 3 * 3600 + 960)], mirrored=False)) == [0, 3600, 7200, 10800]
    assert axis(bars([spoken(40 * 3600, 0)], mirrored=False)) == [0, 86400]
    assert axis(bars([spoken(0, 0)], mirrored=False)) == [0]


def test_a_mark_stands_at_its_hour_of_the_day() -> None:
    drawn = hours(["african"], at("06:00", "18:00"), mirrored=False)

    assert [(mark.x, mark.y) for mark in drawn.lines[0].marks] == [("25.00%", 0), ("75.00%", 0)]
    assert [mark.x for mark in hours(["african"], at("06:00"), mirrored=True).lines[0].marks] == ["75.00%"]


def test_marks_of_one_hour_are_stacked_from_the_middle() -> None:
    drawn = hours(["african"], at("10:00", "10:05", "10:10", "10:20", "11:00"), mirrored=False)

    assert [mark.y for mark in drawn.lines[0].marks] == [0, 11, -11, 0, 0]


def test_many_marks_of_one_hour_keep_within_the_row() -> None:
    line = hours(["african"], at(*["10:00"] * 500), mirrored=False).lines[0]

    assert (len(line.marks), line.height) == (500, 11 * 14)
    assert max(abs(mark.y) for mark in line.marks) <= line.height // 2


def test_each_region_has_its_own_line() -> None:
    turns = [TurnMark("african", "remote", "03:00"), TurnMark(None, None, "04:00")]

    assert [(line.key, len(line.marks)) for line in hours(["african", None], turns, mirrored=False).lines] == [
        ("african", 1),
        (None, 1),
    ]
