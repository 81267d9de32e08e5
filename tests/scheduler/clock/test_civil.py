from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.clock.civil import Viewer, civil, view
from scheduler.clock.zones import instant, local, stretch
from scheduler.errors import UnknownTimezone

NEW_YORK = "America/New_York"
MORNING = stretch(date(2022, 8, 29), time(10), time(13), NEW_YORK)


def test_the_morning_of_new_york_is_the_afternoon_of_vienna() -> None:
    assert view(*MORNING, NEW_YORK, "Europe/Vienna") == Viewer(
        timezone="Europe/Vienna",
        date="2022-08-29",
        start="16:00",
        end="19:00",
        end_date="2022-08-29",
        day_shift=0,
        civil="day",
    )


def test_the_morning_of_new_york_is_the_night_of_the_next_day_in_apia() -> None:
    assert view(*MORNING, NEW_YORK, "Pacific/Apia") == Viewer(
        timezone="Pacific/Apia",
        date="2022-08-30",
        start="03:00",
        end="06:00",
        end_date="2022-08-30",
        day_shift=1,
        civil="night",
    )


def test_a_stretch_over_the_viewers_midnight_ends_on_her_next_date() -> None:
    seen = view(*MORNING, NEW_YORK, "Asia/Tokyo")
    assert (seen.date, seen.start, seen.end, seen.end_date, seen.day_shift) == (
        "2022-08-29",
        "23:00",
        "02:00",
        "2022-08-30",
        0,
    )


def test_a_viewer_behind_the_venue_sees_the_day_before() -> None:
    seen = view(*stretch(date(2022, 3, 1), time(9), time(12), "Asia/Tokyo"), "Asia/Tokyo", "Pacific/Honolulu")
    assert (seen.date, seen.start, seen.day_shift, seen.civil) == ("2022-02-28", "14:00", -1, "day")


def test_the_ends_of_the_earth_can_be_two_days_apart() -> None:
    late = stretch(date(2022, 6, 13), time(23, 30), time(23, 45), "Pacific/Pago_Pago")
    assert view(*late, "Pacific/Pago_Pago", "Pacific/Kiritimati").day_shift == 2


def test_the_shift_counts_from_the_start_where_the_venue_is_over_midnight() -> None:
    seen = view(*stretch(date(2022, 6, 13), time(22), time(1), "Europe/Vienna"), "Europe/Vienna", "Europe/Vienna")
    assert (seen.date, seen.end_date, seen.day_shift, seen.civil) == ("2022-06-13", "2022-06-14", 0, "late")


def test_both_readings_of_a_repeated_hour_are_seen_apart() -> None:
    starts = [
        local(instant(date(2022, 10, 30), time(2, 30), "Europe/Vienna", fold), "Europe/Vienna") for fold in (0, 1)
    ]
    seen = [view(start, start + timedelta(0), "Europe/Vienna", "UTC").start for start in starts]
    assert seen == ["00:30", "01:30"]


def test_seconds_are_cut() -> None:
    moment = datetime(2022, 6, 13, 12, 59, 59, 999_999, tzinfo=UTC)
    assert (view(moment, moment, "UTC", "UTC").start, view(moment, moment, "UTC", "UTC").end) == ("12:59", "12:59")


@pytest.mark.parametrize(("venue", "viewer"), [("UTC", "UTC+2"), ("UTC+2", "UTC")])
def test_an_unknown_zone_is_refused(venue: str, viewer: str) -> None:
    with pytest.raises(UnknownTimezone):
        view(*MORNING, venue, viewer)


def test_a_naive_moment_is_no_instant() -> None:
    with pytest.raises(ValueError, match="no instant"):
        view(MORNING[0].replace(tzinfo=None), MORNING[1], NEW_YORK, "UTC")


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (time(0, 0), time(5, 59), "night"),
        (time(6, 0), time(7, 59), "early"),
        (time(8, 0), time(17, 59), "day"),
        (time(18, 0), time(21, 59), "evening"),
        (time(22, 0), time(23, 59), "late"),
    ],
)
def test_the_civil_hours_meet_without_a_gap(first: time, last: time, name: str) -> None:
    assert (civil(first), civil(last)) == (name, name)
