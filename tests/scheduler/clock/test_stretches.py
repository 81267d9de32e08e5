"""A stretch on a place's clock: over midnight, and on the nights when clocks are put forward or back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock.zones import ZONE_NAMES, instant, local, stretch
from scheduler.errors import LocalTimeAmbiguous, LocalTimeSkipped, UnknownTimezone

VIENNA = "Europe/Vienna"
SPRING = date(2022, 3, 27)
AUTUMN = date(2022, 10, 30)
ST_JOHNS = "America/St_Johns"  # clocks were put back at 00:01, so to 23:01 of the day before
ST_JOHNS_DAY = date(2010, 11, 7)

HOUR = timedelta(hours=1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def test_a_morning() -> None:
    day = date(2022, 6, 13)
    assert stretch(day, time(10), time(13), VIENNA) == (at(day, 8), at(day, 11))


def test_twenty_two_to_one_ends_next_day() -> None:
    day = date(2022, 6, 13)
    assert stretch(day, time(22), time(1), VIENNA) == (at(day, 20), at(day, 23))


def test_an_end_like_its_start_is_a_day_later() -> None:
    day = date(2022, 6, 13)
    assert stretch(day, time(10), time(10), VIENNA) == (at(day, 8), at(day + timedelta(days=1), 8))


def test_an_end_at_midnight_is_the_next_day() -> None:
    day = date(2022, 12, 31)
    assert stretch(day, time(21), time(0), VIENNA) == (at(day, 20), at(day, 23))


def test_a_night_when_clocks_go_forward_is_an_hour_shorter() -> None:
    starts_at, ends_at = stretch(date(2022, 3, 26), time(22), time(4), VIENNA)
    assert ends_at - starts_at == 5 * HOUR


def test_a_night_when_clocks_go_back_is_an_hour_longer() -> None:
    starts_at, ends_at = stretch(date(2022, 10, 29), time(22), time(4), VIENNA)
    assert ends_at - starts_at == 7 * HOUR


@pytest.mark.parametrize(
    ("day", "start", "end", "field"),
    [
        (SPRING, time(2, 30), time(4), "start"),
        (SPRING, time(1), time(2, 30), "end"),
        (SPRING, time(2, 15), time(2, 45), "start"),
        (date(2022, 3, 26), time(22), time(2, 30), "end"),
    ],
)
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_a_skipped_start_or_end_is_refused_whatever_the_fold(
    day: date,
    start: time,
    end: time,
    field: str,
    fold: int | None,
) -> None:
    with pytest.raises(LocalTimeSkipped) as refused:
        stretch(day, start, end, VIENNA, fold)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert [shown["time"] for shown in refused.value.data["candidates"]] == ["01:59", "03:00"]


def test_an_end_on_a_day_that_was_left_out_is_refused() -> None:
    with pytest.raises(LocalTimeSkipped) as refused:
        stretch(date(2011, 12, 29), time(22), time(1), "Pacific/Apia")
    assert [shown["date"] for shown in refused.value.data["candidates"]] == ["2011-12-29", "2011-12-31"]


@pytest.mark.parametrize(
    ("day", "start", "end", "field"),
    [
        (AUTUMN, time(2, 30), time(4), "start"),
        (AUTUMN, time(2, 15), time(2, 45), "start"),
        (AUTUMN, time(1), time(2, 30), "end"),
        (date(2022, 10, 29), time(22), time(2, 30), "end"),
    ],
)
def test_a_start_or_end_that_exists_twice_is_refused_without_a_fold(
    day: date,
    start: time,
    end: time,
    field: str,
) -> None:
    with pytest.raises(LocalTimeAmbiguous) as refused:
        stretch(day, start, end, VIENNA)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert len(refused.value.data["candidates"]) == 2


@pytest.mark.parametrize(
    ("start", "end", "fold", "expected"),
    [
        # the start exists twice: the end is the first such wall clock after it
        (time(2, 10), time(2, 40), 0, (at(AUTUMN, 0, 10), at(AUTUMN, 0, 40))),
        (time(2, 10), time(2, 40), 1, (at(AUTUMN, 1, 10), at(AUTUMN, 1, 40))),
        (time(2, 10), time(3, 0), 0, (at(AUTUMN, 0, 10), at(AUTUMN, 2, 0))),
        (time(2, 10), time(3, 0), 1, (at(AUTUMN, 1, 10), at(AUTUMN, 2, 0))),
        (time(2, 40), time(2, 10), 0, (at(AUTUMN, 0, 40), at(AUTUMN, 1, 10))),
        (time(2, 40), time(2, 40), 0, (at(AUTUMN, 0, 40), at(AUTUMN, 1, 40))),
        (time(2, 40), time(2, 10), 1, (at(AUTUMN, 1, 40), at(date(2022, 10, 31), 1, 10))),
        (time(2, 40), time(1, 0), 0, (at(AUTUMN, 0, 40), at(date(2022, 10, 31), 0, 0))),
        # only the end exists twice: the fold settles it
        (time(1, 0), time(2, 30), 0, (at(date(2022, 10, 29), 23), at(AUTUMN, 0, 30))),
        (time(1, 0), time(2, 30), 1, (at(date(2022, 10, 29), 23), at(AUTUMN, 1, 30))),
        # neither does: it settles nothing
        (time(1, 0), time(3, 0), 0, (at(date(2022, 10, 29), 23), at(AUTUMN, 2))),
        (time(1, 0), time(3, 0), 1, (at(date(2022, 10, 29), 23), at(AUTUMN, 2))),
    ],
)
def test_a_fold_on_the_night_when_clocks_go_back(
    start: time,
    end: time,
    fold: int,
    expected: tuple[datetime, datetime],
) -> None:
    assert stretch(AUTUMN, start, end, VIENNA, fold) == expected


def test_clocks_put_back_over_midnight_show_the_evening_again() -> None:
    eve = ST_JOHNS_DAY - timedelta(days=1)
    first_midnight = instant(ST_JOHNS_DAY, time(0), ST_JOHNS, 0)

    assert stretch(ST_JOHNS_DAY, time(0), time(23, 30), ST_JOHNS, 0) == (
        first_midnight,
        instant(eve, time(23, 30), ST_JOHNS, 1),
    )
    assert stretch(eve, time(23, 30), time(0), ST_JOHNS, 0)[1] == first_midnight
    assert stretch(eve, time(23, 30), time(0), ST_JOHNS, 1)[1] == first_midnight + HOUR


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UnknownTimezone):
        stretch(AUTUMN, time(10), time(13), "UTC+2")


@given(
    st.sampled_from(sorted(ZONE_NAMES)),
    st.dates(date(1990, 1, 1), date(2040, 12, 31)),
    st.times(),
    st.times(),
    st.sampled_from([0, 1]),
)
def test_a_stretch_shows_what_was_written_and_ends_after_its_start(
    name: str,
    day: date,
    start: time,
    end: time,
    fold: int,
) -> None:
    try:
        starts_at, ends_at = stretch(day, start, end, name, fold)
    except LocalTimeSkipped:
        return
    assert (local(starts_at, name).date(), local(starts_at, name).time()) == (day, start)
    assert local(ends_at, name).time() == end
    assert timedelta(0) < ends_at - starts_at <= timedelta(days=2)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        (VIENNA, AUTUMN),
        (VIENNA, SPRING),
        (ST_JOHNS, ST_JOHNS_DAY),
        ("Australia/Lord_Howe", date(2022, 4, 3)),
        ("America/Havana", date(2022, 11, 6)),
        ("Asia/Beirut", date(2022, 10, 29)),
        ("Asia/Beirut", date(2022, 3, 27)),
    ],
)
def test_on_a_night_of_change_the_end_is_the_first_of_its_wall_clock(name: str, day: date) -> None:
    """Minute by minute through the night: after a repeated start, no moment before the end shows the end's clock."""
    quarters = [time(hour, minute) for hour in (0, 1, 2, 3, 23) for minute in (0, 15, 30, 45)]
    minute = timedelta(minutes=1)
    for start in quarters:
        try:
            instant(day, start, name)
        except LocalTimeSkipped:
            continue
        except LocalTimeAmbiguous:
            twice = [instant(day, start, name, fold) for fold in (0, 1)]
        else:
            continue
        for end in quarters:
            for fold in (0, 1):
                starts_at, ends_at = stretch(day, start, end, name, fold)
                passed = [starts_at + count * minute for count in range(1, 26 * 60)]
                first = next(moment for moment in passed if local(moment, name).time() == end)
                assert (starts_at, ends_at) == (twice[fold], first)
