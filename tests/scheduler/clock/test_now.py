from datetime import UTC, datetime, timedelta, timezone

import pytest

from scheduler.clock.now import Clock, RehearsalClock, SettableClock, SystemClock, parse_clock, seconds_until

ORIGIN = datetime(2022, 6, 13, 12, 55, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Ticks:
    """The machine's monotonic clock, turned by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


# The machine's


def test_the_system_clock_is_in_utc_and_does_not_go_back() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert (first.tzinfo, first <= second) == (UTC, True)


# Rehearsal


def test_a_rehearsal_starts_at_its_origin_and_runs_at_its_speed() -> None:
    ticks = Ticks()
    clock = RehearsalClock(ORIGIN, 60.0, monotonic=ticks)
    assert clock.now() == ORIGIN

    ticks.seconds += 90.5

    assert clock.now() == ORIGIN + timedelta(minutes=90.5)


def test_a_rehearsal_runs_as_fast_as_life_by_default() -> None:
    ticks = Ticks()
    clock = RehearsalClock(ORIGIN, monotonic=ticks)
    ticks.seconds += 0.25
    assert clock.now() == ORIGIN + timedelta(seconds=0.25)


def test_a_rehearsal_joined_later_shows_what_the_first_one_shows() -> None:
    anchor = datetime.now(UTC) - HOUR
    before = datetime.now(UTC)
    clock = RehearsalClock(ORIGIN, 60.0, anchor, monotonic=Ticks())
    after = datetime.now(UTC)
    assert ORIGIN + (before - anchor) * 60 <= clock.now() <= ORIGIN + (after - anchor) * 60


def test_the_anchor_of_a_first_rehearsal_is_handed_on() -> None:
    ticks = Ticks()
    first = RehearsalClock(ORIGIN, 60.0, monotonic=ticks)
    second = RehearsalClock(first.origin, first.speed, first.anchored_at, monotonic=ticks)
    assert (second.anchored_at, second.now() >= first.now()) == (first.anchored_at, True)


def test_a_rehearsals_times_are_in_utc() -> None:
    vienna = timezone(timedelta(hours=2))
    clock = RehearsalClock(ORIGIN.astimezone(vienna), 1.0, (ORIGIN - HOUR).astimezone(vienna))
    assert (clock.origin.tzinfo, clock.anchored_at.tzinfo, clock.now().tzinfo) == (UTC, UTC, UTC)


@pytest.mark.parametrize("speed", [0.0, -1.0, 86_400.5, float("inf"), float("nan")])
def test_a_speed_out_of_reason_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        RehearsalClock(ORIGIN, speed)


# Settable


def test_a_settable_clock_stands_until_it_is_set_or_advanced() -> None:
    clock = SettableClock(ORIGIN)
    assert (clock.now(), clock.now()) == (ORIGIN, ORIGIN)

    clock.advance(90)
    assert clock.now() == ORIGIN + timedelta(seconds=90)

    clock.set((ORIGIN - HOUR).astimezone(timezone(timedelta(hours=2))))
    assert (clock.now(), clock.now().tzinfo) == (ORIGIN - HOUR, UTC)


# Sleeping


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [(SystemClock(), 30.0), (SettableClock(ORIGIN), 30.0), (RehearsalClock(ORIGIN, 60.0), 0.5)],
)
def test_a_stretch_of_a_clocks_time_takes_so_many_real_seconds(clock: Clock, seconds: float) -> None:
    assert clock.real_seconds(30.0) == seconds


def test_the_wait_until_a_moment_is_what_is_left_of_it() -> None:
    clock = RehearsalClock(ORIGIN, 60.0, monotonic=Ticks())
    assert seconds_until(clock, ORIGIN + HOUR) == 60.0
    assert seconds_until(clock, ORIGIN) == 0.0
    assert seconds_until(clock, ORIGIN - HOUR) == 0.0


# ROSTRUM_CLOCK


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("2022-06-13T12:55:00Z", 1.0),
        ("2022-06-13T12:55:00Zx60", 60.0),
        ("2022-06-13T12:55:00Zx0.5", 0.5),
        ("2022-06-13T14:55:00+02:00x86400", 86_400.0),
    ],
)
def test_the_setting_names_an_instant_and_a_speed(text: str, speed: float) -> None:
    clock = parse_clock(text)
    assert (clock.origin, clock.speed) == (ORIGIN, speed)


def test_the_setting_is_read_with_an_anchor() -> None:
    assert parse_clock("2022-06-13T12:55:00Zx60", ORIGIN).anchored_at == ORIGIN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "x60",
        "now",
        "2022-06-13",
        "2022-06-13T12:55:00",
        "2022-06-13T12:55:00Zx",
        "2022-06-13T12:55:00Zx0",
        "2022-06-13T12:55:00Zx-1",
        "2022-06-13T12:55:00Zx86401",
        "2022-06-13T12:55:00Zx1e3",
        "2022-06-13T12:55:00Zxnan",
        "2022-06-13T12:55:00Zx60x60",
        "2022-06-13T12:55:00Z x60",
        "2022-06-13T12:55:00ZX60",
        "two\nlines",
    ],
)
def test_any_other_text_is_refused_in_one_line_that_shows_it(text: str) -> None:
    with pytest.raises(ValueError, match="ROSTRUM_CLOCK is an instant") as refused:
        parse_clock(text)
    assert str(refused.value) == (
        "ROSTRUM_CLOCK is an instant and, if you like, a speed above 0 and at most 86400: "
        f"2022-06-13T12:55:00Z or 2022-06-13T12:55:00Zx60, not {text!r}."
    )
