from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest

from calendars.zones import vtimezone, years
from scheduler.clock.zones import ZONE_NAMES
from scheduler.errors import UnknownTimezone
from tests.calendars.zone_reader import WrittenZone
from tests.scheduler.clock.judges import TzdataJudge

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
UTC_NAMES = {"Etc/UCT", "Etc/UTC", "Etc/Universal", "Etc/Zulu", "UCT", "UTC", "Universal", "Zulu"}

ZURICH = """BEGIN:VTIMEZONE
TZID:Europe/Zurich
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""

KATHMANDU = """BEGIN:VTIMEZONE
TZID:Asia/Kathmandu
BEGIN:STANDARD
DTSTART:19700101T000000
TZNAME:+0545
TZOFFSETFROM:+0545
TZOFFSETTO:+0545
END:STANDARD
END:VTIMEZONE
"""


def lines(written: bytes | None) -> list[str]:
    assert written is not None
    return written.decode().split("\r\n")


def rules(written: bytes | None) -> list[str]:
    return [line.removeprefix("RRULE:FREQ=YEARLY;") for line in lines(written) if line.startswith("RRULE")]


def labels(wall: datetime) -> set[tuple[int, int, str]]:
    """The ways to call a day "the so-manieth weekday of a month", with its time."""
    weeks = {(wall.day - 1) // 7} | ({-1} if wall.day + 7 > monthrange(wall.year, wall.month)[1] else set())
    return {(wall.month, week, f"{wall:%A %X}") for week in weeks}


def has_yearly_rules(judge: TzdataJudge, first_year: int, last_year: int) -> bool:
    """Whether clocks were set twice each year (or never), each time on the same such day."""
    by_year = []
    for year in range(first_year, last_year + 1):
        changes = judge.changes(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
        by_year.append([labels((at + judge.offset(at - SECOND)).replace(tzinfo=None)) for at in changes])
    if {len(changes) for changes in by_year} == {0}:
        return True
    each_way = zip(*by_year, strict=False)
    return {len(changes) for changes in by_year} == {2} and all(set.intersection(*days) for days in each_way)


def test_zone_with_daylight_time_has_one_rule_each_way() -> None:
    assert lines(vtimezone("Europe/Zurich", 2022, 2024)) == ZURICH.split("\n")


def test_zone_without_daylight_time_has_one_offset() -> None:
    assert lines(vtimezone("Asia/Kathmandu", 2022, 2024)) == KATHMANDU.split("\n")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/New_York", ["BYDAY=1SU;BYMONTH=11", "BYDAY=2SU;BYMONTH=3"]),
        ("Australia/Lord_Howe", ["BYDAY=1SU;BYMONTH=4", "BYDAY=1SU;BYMONTH=10"]),
        ("America/Santiago", ["BYDAY=1SU;BYMONTH=4", "BYDAY=1SU;BYMONTH=9"]),
        ("Africa/Cairo", ["BYDAY=-1FR;BYMONTH=10", "BYDAY=-1FR;BYMONTH=4"]),
        # Ireland's law calls winter the exception; calendars know only summer as such.
        ("Europe/Dublin", ["BYDAY=-1SU;BYMONTH=10", "BYDAY=-1SU;BYMONTH=3"]),
    ],
)
def test_standard_time_stands_first(zone: str, expected: list[str]) -> None:
    assert rules(vtimezone(zone, 2025, 2027)) == expected


@pytest.mark.parametrize(
    ("zone", "first_year", "last_year"),
    [
        ("Africa/Casablanca", 2022, 2024),
        ("Africa/Casablanca", 2026, 2026),
        ("America/Sao_Paulo", 2018, 2020),
        ("Africa/Cairo", 2022, 2024),
        ("Pacific/Apia", 2021, 2022),
        ("Asia/Almaty", 2023, 2024),
        ("Etc/UTC", 2022, 2022),
    ],
)
def test_zone_that_no_yearly_rule_describes_in_these_years_has_none(zone: str, first_year: int, last_year: int) -> None:
    assert vtimezone(zone, first_year, last_year) is None


def test_zone_is_described_by_the_rule_of_its_years_not_of_today() -> None:
    assert rules(vtimezone("America/New_York", 2003, 2005)) == ["BYDAY=-1SU;BYMONTH=10", "BYDAY=1SU;BYMONTH=4"]
    assert rules(vtimezone("America/Sao_Paulo", 2021, 2022)) == []


def test_unknown_zone_is_refused() -> None:
    with pytest.raises(UnknownTimezone):
        vtimezone("Europe/Atlantis", 2022, 2022)


def test_years_take_in_the_days_around() -> None:
    assert years(datetime(2022, 1, 5, tzinfo=UTC), datetime(2023, 12, 28, tzinfo=UTC)) == (2021, 2024)
    assert years(datetime(2022, 5, 30, tzinfo=UTC), datetime(2022, 6, 10, tzinfo=UTC)) == (2022, 2022)


@pytest.mark.parametrize(("first_year", "last_year"), [(2022, 2024), (2025, 2027)])
def test_every_zone_is_described_to_the_second_or_not_at_all(first_year: int, last_year: int) -> None:
    first, stop = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    days = [first + number * DAY for number in range((stop - first).days)]
    wrong, left_out = [], set()
    for name in sorted(ZONE_NAMES):
        judge, written = TzdataJudge(name), vtimezone(name, first_year, last_year)
        if written is None:
            left_out |= {name} if has_yearly_rules(judge, first_year, last_year) else set()
            continue
        zone = WrittenZone(written, last_year + 1)
        moments = [at for at in zone.moments if first <= at < stop]
        around = [at + step for at in moments for step in (-SECOND, timedelta(0))]
        wrong += [(name, at) for at in (*days, *around) if zone.offset(at) != judge.offset(at)]
        if zone.kinds not in (["STANDARD"], ["STANDARD", "DAYLIGHT"]):
            wrong.append((name, first))

    assert wrong == []
    assert left_out == UTC_NAMES
