from datetime import UTC, datetime

import pytest

from scheduler.clock.written import written
from scheduler.errors import LocalTimeAmbiguous, LocalTimeSkipped, Meaningless, Refusal, UnknownTimezone

VIENNA_AUTUMN = {"date": "2022-10-30", "time": "02:30", "timezone": "Europe/Vienna"}


def test_an_instant_is_kept_as_it_was_written() -> None:
    text = "2022-06-10T18:00:00-04:00"

    assert written(text, "opens_at") == (datetime(2022, 6, 10, 22, tzinfo=UTC), text)


def test_a_wall_clock_counts_in_its_own_zone() -> None:
    wall = {"date": "2022-06-10", "time": "18:00", "timezone": "America/New_York", "fold": None}

    assert written(wall, "opens_at") == (
        datetime(2022, 6, 10, 22, tzinfo=UTC),
        {"date": "2022-06-10", "time": "18:00", "timezone": "America/New_York"},
    )


def test_fold_settles_a_wall_clock_that_exists_twice() -> None:
    moment, kept = written({**VIENNA_AUTUMN, "fold": 1}, "closes_at")

    assert (moment, kept) == (datetime(2022, 10, 30, 1, 30, tzinfo=UTC), {**VIENNA_AUTUMN, "fold": 1})


@pytest.mark.parametrize(
    ("value", "refusal", "field"),
    [
        ("2022-06-10T18:00:00", Meaningless, "opens_at"),
        ({"date": "2022-06-10", "time": "18:00"}, Meaningless, "opens_at"),
        ({**VIENNA_AUTUMN, "place": "M"}, Meaningless, "opens_at"),
        ({**VIENNA_AUTUMN, "time": 2}, Meaningless, "opens_at"),
        ({**VIENNA_AUTUMN, "date": "2022-10-32"}, Meaningless, "opens_at.date"),
        ({**VIENNA_AUTUMN, "time": "24:00"}, Meaningless, "opens_at.time"),
        ({**VIENNA_AUTUMN, "timezone": "UTC+2"}, UnknownTimezone, "opens_at.timezone"),
        (VIENNA_AUTUMN, LocalTimeAmbiguous, "opens_at.time"),
        ({**VIENNA_AUTUMN, "date": "2022-03-27", "fold": 0}, LocalTimeSkipped, "opens_at.time"),
    ],
)
def test_what_means_no_moment_is_refused_at_its_place(value: object, refusal: type[Refusal], field: str) -> None:
    with pytest.raises(refusal) as refused:
        written(value, "opens_at")  # type: ignore[arg-type]  # -- the point of the test

    assert [fault.field for fault in refused.value.faults] == [field]
