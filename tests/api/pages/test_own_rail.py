"""The rail of one's own hours."""

from datetime import UTC, datetime, timedelta

from api.pages.hours import Stretch
from api.pages.own_rail import day_of_quiet
from api.pages.times import Times
from scheduler.people.views import QuietHours

NOW = datetime(2022, 6, 8, 9, 14, tzinfo=UTC)
APIA = "Pacific/Apia"


def times(zone: str = APIA) -> Times:
    return Times("en", NOW, zone)


def test_a_day_of_quiet_goes_from_noon_to_noon_and_hatches_the_night() -> None:
    rail = day_of_quiet(times(), APIA, QuietHours("22:00", "06:00"), mirrored=False)

    assert [hour.text for hour in rail.hours] == [
        "12:00",
        "15:00",
        "18:00",
        "21:00",
        "00:00",
        "03:00",
        "06:00",
        "09:00",
        "12:00",
    ]
    assert rail.nights == [Stretch("50.00%", "25.00%")]
    assert rail.quiet == [Stretch("41.67%", "33.33%")]
    assert rail.now is None


def test_quiet_hours_over_noon_are_in_two_parts() -> None:
    rail = day_of_quiet(times(), APIA, QuietHours("11:00", "14:00"), mirrored=False)

    assert rail.quiet == [Stretch("0.00%", "8.33%"), Stretch("95.83%", "4.17%")]


def test_where_arabic_is_read_time_runs_from_right_to_left() -> None:
    rail = day_of_quiet(times(), APIA, QuietHours("22:00", "06:00"), mirrored=True)

    assert rail.nights == [Stretch("25.00%", "25.00%")]
    assert [hour.x for hour in rail.hours][:2] == ["100.00%", "87.50%"]


def test_without_quiet_hours_there_are_none() -> None:
    assert day_of_quiet(times(), APIA, None, mirrored=False).quiet == []


def test_a_night_is_as_long_as_clocks_say() -> None:
    clock = Times("en", NOW - timedelta(days=1), "Asia/Kathmandu")

    assert day_of_quiet(clock, "Asia/Kathmandu", None, mirrored=False).nights == [Stretch("50.00%", "25.00%")]
