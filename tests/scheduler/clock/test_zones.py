from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock.zones import ZONE_NAMES, instant, local, posix_footer, transitions, zone
from scheduler.errors import Fault, LocalTimeAmbiguous, LocalTimeSkipped, Meaningless, UnknownTimezone

VIENNA = "Europe/Vienna"
SPRING = date(2022, 3, 27)
AUTUMN = date(2022, 10, 30)


def at(hour: int, minute: int = 0, *, day: date = AUTUMN) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def skipped(day: date, clock: time, name: str, fold: int | None = None) -> list[dict[str, Any]]:
    with pytest.raises(LocalTimeSkipped) as refused:
        instant(day, clock, name, fold)
    candidates: list[dict[str, Any]] = refused.value.data["candidates"]
    return candidates


# Names


@pytest.mark.parametrize("name", ["Europe/Vienna", "Asia/Calcutta", "Asia/Kolkata", "UTC", "Etc/GMT+5", "EST5EDT"])
def test_an_iana_name_or_link_is_a_zone_under_that_name(name: str) -> None:
    assert zone(name).key == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "UTC+2",
        "+02:00",
        "../x",
        "../zoneinfo/UTC",
        "/etc/localtime",
        "localtime",
        "Factory",
        "europe/vienna",
        "Europe",
        "Europe/Vienna ",
        "Europe/Vienna\x00",
        "Europe/Wien",
        "CEST",
        "zone.tab",
        "Europe\\Vienna",
        "�",
    ],
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownTimezone) as refused:
        zone(name, field="tz")
    assert refused.value.faults == (Fault("tz", refused.value.sentence),)


def test_an_unknown_zone_is_named_timezone_by_default() -> None:
    for ask in (
        lambda: zone("Mars/Olympus"),
        lambda: instant(SPRING, time(10), "Mars/Olympus"),
        lambda: local(at(10), "Mars/Olympus"),
        lambda: posix_footer("Mars/Olympus"),
        lambda: transitions("Mars/Olympus", at(10), at(11)),
    ):
        with pytest.raises(UnknownTimezone) as refused:
            ask()
        assert [fault.field for fault in refused.value.faults] == ["timezone"]


def test_a_zone_is_read_once() -> None:
    assert zone(VIENNA) is zone(VIENNA)


def test_the_zones_are_all_of_the_database() -> None:
    assert frozenset(pytz.all_timezones) == ZONE_NAMES


# Wall clock to instant


def test_a_wall_clock_that_exists_once_is_one_instant_whatever_the_fold() -> None:
    assert [instant(date(2022, 8, 29), time(10), "America/New_York", fold) for fold in (None, 0, 1)] == [
        at(14, day=date(2022, 8, 29))
    ] * 3


def test_the_instant_is_in_utc() -> None:
    assert instant(date(2022, 8, 29), time(10), "America/New_York").tzinfo is UTC


def test_ten_in_new_york_is_sixteen_in_vienna_and_three_next_day_in_apia() -> None:
    moment = instant(date(2022, 8, 29), time(10), "America/New_York")

    shown = [local(moment, name).isoformat() for name in (VIENNA, "Pacific/Apia")]

    assert shown == ["2022-08-29T16:00:00+02:00", "2022-08-30T03:00:00+13:00"]


@pytest.mark.parametrize("fold", [None, 0, 1])
def test_half_past_two_on_27_march_2022_in_vienna_is_skipped_with_what_surrounds_it(fold: int | None) -> None:
    assert skipped(SPRING, time(2, 30), VIENNA, fold) == [
        {"date": "2022-03-27", "time": "01:59", "starts_at": "2022-03-27T00:59:00Z"},
        {"date": "2022-03-27", "time": "03:00", "starts_at": "2022-03-27T01:00:00Z"},
    ]


@pytest.mark.parametrize("minute", [0, 1, 59])
def test_every_minute_of_a_gap_has_the_same_candidates(minute: int) -> None:
    assert skipped(SPRING, time(2, minute), VIENNA) == skipped(SPRING, time(2, 30), VIENNA)


def test_the_minutes_beside_a_gap_exist() -> None:
    assert instant(SPRING, time(1, 59), VIENNA) == at(0, 59, day=SPRING)
    assert instant(SPRING, time(3), VIENNA) == at(1, 0, day=SPRING)


def test_the_candidates_of_a_gap_are_instants_of_what_they_show() -> None:
    for shown in skipped(SPRING, time(2, 30), VIENNA):
        day, clock = date.fromisoformat(shown["date"]), time.fromisoformat(shown["time"])
        assert instant(day, clock, VIENNA) == datetime.fromisoformat(shown["starts_at"])


@pytest.mark.parametrize("clock", [time(0), time(12), time(23, 59)])
@pytest.mark.parametrize(
    ("name", "day", "change"),
    [
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00Z"),
        ("Pacific/Fakaofo", date(2011, 12, 30), "2011-12-30T11:00:00Z"),
        ("Pacific/Kwajalein", date(1993, 8, 21), "1993-08-21T12:00:00Z"),
        ("Pacific/Kiritimati", date(1994, 12, 31), "1994-12-31T10:00:00Z"),
    ],
)
def test_a_day_that_a_place_left_out_has_no_time_at_all(name: str, day: date, change: str, clock: time) -> None:
    before, after = skipped(day, clock, name)

    eve, morrow = day - timedelta(days=1), day + timedelta(days=1)
    assert (before["date"], before["time"]) == (eve.isoformat(), "23:59")
    assert after == {"date": morrow.isoformat(), "time": "00:00", "starts_at": change}


def test_half_past_two_on_30_october_2022_in_vienna_is_ambiguous_with_both_candidates() -> None:
    with pytest.raises(LocalTimeAmbiguous) as refused:
        instant(AUTUMN, time(2, 30), VIENNA, field="window.start")

    assert refused.value.data["candidates"] == [
        {"fold": 0, "starts_at": "2022-10-30T00:30:00Z"},
        {"fold": 1, "starts_at": "2022-10-30T01:30:00Z"},
    ]
    assert refused.value.faults == (Fault("window.start", refused.value.sentence),)


def test_a_fold_settles_a_time_that_exists_twice() -> None:
    assert [instant(AUTUMN, time(2, 30), VIENNA, fold) for fold in (0, 1)] == [at(0, 30), at(1, 30)]


def test_a_fold_that_is_neither_settles_nothing() -> None:
    with pytest.raises(LocalTimeAmbiguous):
        instant(AUTUMN, time(2, 30), VIENNA, 2)


def test_the_edges_of_a_repeated_hour() -> None:
    assert instant(AUTUMN, time(1, 59), VIENNA) == at(23, 59, day=date(2022, 10, 29))
    with pytest.raises(LocalTimeAmbiguous):
        instant(AUTUMN, time(2), VIENNA)
    with pytest.raises(LocalTimeAmbiguous):
        instant(AUTUMN, time(2, 59), VIENNA)
    assert instant(AUTUMN, time(3), VIENNA) == at(2)


def test_half_an_hour_can_be_repeated_too() -> None:
    day = date(2022, 4, 3)
    assert [instant(day, time(1, 45), "Australia/Lord_Howe", fold) for fold in (0, 1)] == [
        at(14, 45, day=date(2022, 4, 2)),
        at(15, 15, day=date(2022, 4, 2)),
    ]


def test_a_zone_whose_winter_is_its_summer_time_backwards_keeps_fold_in_order() -> None:
    assert [instant(AUTUMN, time(1, 30), "Europe/Dublin", fold) for fold in (0, 1)] == [at(0, 30), at(1, 30)]


def test_daylight_time_goes_on_after_2037() -> None:
    assert instant(date(2040, 7, 2), time(10), VIENNA) == at(8, day=date(2040, 7, 2))


@given(
    st.sampled_from(sorted(ZONE_NAMES)),
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001  -- the strategy adds the zone
)
def test_what_a_clock_shows_leads_back_to_the_instant(name: str, moment: datetime) -> None:
    shown = local(moment, name)
    assert instant(shown.date(), shown.time(), name, shown.fold) == moment


# Instant to wall clock


def test_a_place_shows_a_repeated_hour_with_its_fold() -> None:
    assert [(local(at(hour, 30), VIENNA).time(), local(at(hour, 30), VIENNA).fold) for hour in (0, 1)] == [
        (time(2, 30), 0),
        (time(2, 30), 1),
    ]


def test_a_naive_moment_is_no_instant() -> None:
    with pytest.raises(ValueError, match="no instant"):
        local(at(10).replace(tzinfo=None), VIENNA)


# Changes


def test_the_changes_are_where_the_offset_becomes_another() -> None:
    year = transitions(VIENNA, datetime(2022, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC))
    assert year == [at(1, day=SPRING), at(1, day=AUTUMN)]


def test_a_change_at_the_first_instant_counts_and_one_at_the_last_does_not() -> None:
    assert transitions(VIENNA, at(1, day=SPRING), at(1, day=AUTUMN)) == [at(1, day=SPRING)]
    second, part = timedelta(seconds=1), timedelta(microseconds=1)
    assert transitions(VIENNA, at(1, day=SPRING) + part, at(1, day=AUTUMN) + part) == [at(1, day=AUTUMN)]
    assert transitions(VIENNA, at(1, day=SPRING), at(1, day=SPRING) + second) == [at(1, day=SPRING)]


def test_a_summer_of_a_week_is_found_inside_one_range() -> None:
    short = transitions("America/Noronha", datetime(2000, 10, 6, tzinfo=UTC), datetime(2000, 10, 17, tzinfo=UTC))
    assert short == [at(2, day=date(2000, 10, 8)), at(1, day=date(2000, 10, 15))]


@pytest.mark.parametrize("days", [0, -1, -400])
def test_an_empty_range_has_no_changes(days: int) -> None:
    assert transitions(VIENNA, at(1, day=SPRING), at(1, day=SPRING) + timedelta(days=days)) == []


def test_the_range_may_be_given_in_any_zone() -> None:
    here = timezone(timedelta(hours=5))
    assert transitions(VIENNA, at(1, day=SPRING).astimezone(here), at(2, day=SPRING).astimezone(here)) == [
        at(1, day=SPRING)
    ]


def test_a_zone_without_changes_has_none() -> None:
    assert transitions("Asia/Calcutta", datetime(1990, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("name", "footer"),
    [
        ("Europe/Vienna", "CET-1CEST,M3.5.0,M10.5.0/3"),
        ("America/New_York", "EST5EDT,M3.2.0,M11.1.0"),
        ("Asia/Calcutta", "IST-5:30"),
        ("Europe/Dublin", "IST-1GMT0,M10.5.0,M3.5.0/1"),
        ("Australia/Lord_Howe", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"),
        ("UTC", "UTC0"),
    ],
)
def test_the_footer_is_the_rule_that_goes_on(name: str, footer: str) -> None:
    assert posix_footer(name) == footer


def test_every_zone_has_a_footer_of_printable_ascii() -> None:
    assert [name for name in sorted(ZONE_NAMES) if not posix_footer(name).strip().isprintable()] == []
    assert [name for name in sorted(ZONE_NAMES) if not posix_footer(name)] == []


def test_an_unknown_zone_is_a_fault_in_meaning() -> None:
    assert issubclass(UnknownTimezone, Meaningless)
