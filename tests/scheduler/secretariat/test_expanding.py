from typing import Any

from scheduler.errors import Fault
from scheduler.secretariat.document import DaysPart
from scheduler.secretariat.expanding import meetings, ordinal, pattern_faults
from tests.scheduler.secretariat.files import one_session

WEEK: dict[str, Any] = {"first": "2022-06-02", "last": "2022-06-06", "at": [["10:00", "12:00"], ["15:00", "17:00"]]}


def _planned(**fields: Any) -> list[tuple[int, str, str, str | None]]:
    file = one_session(**fields)
    assert file.faults == []
    planned = meetings(file.document.sessions[0], ("sessions", 0))
    return [(each.number, each.part.date, each.part.start, each.part.room) for each in planned]


def test_a_pattern_leaves_out_weekends() -> None:
    assert _planned(days=[WEEK]) == [
        (1, "2022-06-02", "10:00", None),
        (2, "2022-06-02", "15:00", None),
        (3, "2022-06-03", "10:00", None),
        (4, "2022-06-03", "15:00", None),
        (5, "2022-06-06", "10:00", None),
        (6, "2022-06-06", "15:00", None),
    ]


def test_a_day_may_be_left_out_and_another_be_otherwise() -> None:
    other = {"2022-06-06": {"room": "Hall", "at": [["11:00", "13:00"]]}}

    assert _planned(days=[WEEK | {"room": "Plenary", "but": ["2022-06-03"], "on": other}]) == [
        (1, "2022-06-02", "10:00", "Plenary"),
        (2, "2022-06-02", "15:00", "Plenary"),
        (3, "2022-06-06", "11:00", "Hall"),
    ]


def test_numbers_follow_the_clock_and_keep_off_those_that_are_given() -> None:
    written = [
        {"date": "2022-06-03", "start": "19:00", "end": "22:00"},
        {"date": "2022-06-04", "start": "10:00", "end": "12:00", "number": 2},
    ]
    days = [{"first": "2022-06-03", "last": "2022-06-03", "at": [["10:00", "12:00"]]}]

    assert _planned(days=days, meetings=written) == [
        (1, "2022-06-03", "10:00", None),
        (3, "2022-06-03", "19:00", None),
        (2, "2022-06-04", "10:00", None),
    ]


def test_a_pattern_says_what_it_cannot_mean() -> None:
    def faults(**fields: Any) -> list[str]:
        return [fault.field for fault in pattern_faults(DaysPart(**WEEK | fields))]

    assert faults() == []
    assert faults(last="2022-06-01") == ["last"]
    assert faults(last="2099-06-01") == ["last"]
    assert faults(but=["2022-06-02", "2022-06-04"], on={"2022-06-07": {}}) == ["but[1]", "on.2022-06-07"]


def test_a_fault_of_a_pattern_says_which_days_it_has() -> None:
    assert pattern_faults(DaysPart(**WEEK | {"but": ["2022-06-04"]})) == [
        Fault(
            "but[0]",
            "The pattern has no meeting on this day. Give a day from Monday to Friday between its first and last.",
        )
    ]


def test_ordinals_are_written_as_they_are_said() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"),
    ]
