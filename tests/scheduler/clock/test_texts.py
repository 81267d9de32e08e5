"""Dates, times and instants as they are written and read."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock.zones import parse_date, parse_instant, parse_time, rfc3339
from scheduler.errors import Fault, Meaningless


def test_an_instant_is_written_in_utc_cut_to_whole_seconds() -> None:
    moment = datetime(2022, 6, 13, 14, 55, 59, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(moment) == "2022-06-13T12:55:59Z"


def test_a_naive_moment_is_not_written() -> None:
    with pytest.raises(ValueError, match="no instant"):
        rfc3339(datetime(2022, 6, 13, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    "text",
    [
        "2022-06-13T12:55:00Z",
        "2022-06-13t12:55:00z",
        "2022-06-13T14:55:00+02:00",
        "2022-06-13T12:55:00-00:00",
        "2022-06-13T12:55:00.999999999999Z",
        "2022-06-12T12:56:00-23:59",
        "2022-06-13T12:55:00.5+00:00",
    ],
)
def test_an_instant_is_read_to_utc_cut_to_whole_seconds(text: str) -> None:
    moment = parse_instant(text, field="opens_at")
    assert (moment, moment.tzinfo) == (datetime(2022, 6, 13, 12, 55, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2022-06-13",
        "2022-06-13T12:55:00",
        "2022-06-13T12:55Z",
        "2022-06-13 12:55:00Z",
        "20220613T125500Z",
        "2022-06-13T12:55:60Z",
        "2022-06-13T24:00:00Z",
        "2022-02-30T12:00:00Z",
        "2022-13-01T12:00:00Z",
        "2022-06-13T12:55:00+0200",
        "2022-06-13T12:55:00+02",
        "2022-06-13T12:55:00+24:00",
        "2022-06-13T12:55:00+02:60",
        "2022-06-13T12:55:00.Z",
        "2022-06-13T12:55:00,5Z",
        " 2022-06-13T12:55:00Z",
        "2022-06-13T12:55:00Z\n",
        "1899-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "1900-01-01T00:00:00+00:01",
        "2200-12-31T23:59:59-00:01",
        "٢٠٢٢-06-13T12:55:00Z",
        "0000-01-01T00:00:00Z",
        "2022-W24-1T12:55:00Z",
        "1655124900",
        "2022-06-13T12:55:00Z[Europe/Vienna]",
    ],
)
def test_what_is_no_instant_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Meaningless) as refused:
        parse_instant(text, field="opens_at")
    assert refused.value.faults == (Fault("opens_at", refused.value.sentence),)


def test_the_first_and_last_instants_are_read() -> None:
    for text in ("1900-01-01T00:00:00Z", "2200-12-31T23:59:59Z"):
        assert rfc3339(parse_instant(text, field="at")) == text


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001  -- the strategy adds the zone
def test_what_is_written_is_read_back_to_the_second(moment: datetime) -> None:
    assert parse_instant(rfc3339(moment), field="at") == moment.replace(microsecond=0)


@pytest.mark.parametrize("text", ["1970-01-01", "2022-06-13", "2024-02-29", "2100-12-31"])
def test_a_date_is_read(text: str) -> None:
    assert parse_date(text, field="date").isoformat() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022-6-13",
        "20220613",
        "2022-02-29",
        "2022-13-01",
        "2022-00-10",
        "2022-06-13T00:00",
        "2022-W24-1",
        "2022-164",
        "1969-12-31",
        "2101-01-01",
        "0000-00-00",
        " 2022-06-13",
        "2022-06-13\n",
        "２０２２-06-13",
        "13.06.2022",
    ],
)
def test_what_is_no_date_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Meaningless) as refused:
        parse_date(text, field="starts_on")
    assert refused.value.faults == (Fault("starts_on", refused.value.sentence),)


@pytest.mark.parametrize(("text", "at"), [("00:00", time(0)), ("09:05", time(9, 5)), ("23:59", time(23, 59))])
def test_a_time_is_read(text: str, at: time) -> None:
    assert parse_time(text, field="start") == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24:00",
        "9:05",
        "0905",
        "09",
        "09:60",
        "09:05:00",
        "09:05Z",
        "09:05+02:00",
        " 09:05",
        "09:05\n",
        "-1:00",
        "٠٩:05",
    ],
)
def test_what_is_no_time_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Meaningless) as refused:
        parse_time(text, field="end")
    assert refused.value.faults == (Fault("end", refused.value.sentence),)


@given(st.text() | st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}[Z+\-.0-9:]*\Z"))
def test_any_text_is_read_or_refused(text: str) -> None:
    outcomes: list[object] = []
    for parse in (parse_instant, parse_date, parse_time):
        try:
            outcomes.append(parse(text, field="at"))
        except Meaningless:
            outcomes.append(None)
    assert [type(outcome) for outcome in outcomes if outcome is not None] in ([], [datetime], [date], [time])
