from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock.zones import local
from scheduler.errors import Meaningless, NotAllowedNow, OutsideSession, OverlappingMeeting, Refusal
from scheduler.programme import rules
from scheduler.programme.rules import Booked

NOON = datetime(2022, 6, 8, 12, tzinfo=UTC)
MINUTES = st.integers(0, 300)
CLOCKS = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")


def booked(id_: str, start: int, end: int, room: str | None = "M3", status: str = "scheduled") -> Booked:
    return Booked(id_, 1, room, NOON + timedelta(minutes=start), NOON + timedelta(minutes=end), status)


@given(MINUTES, MINUTES, st.lists(st.tuples(MINUTES, MINUTES), max_size=6))
def test_a_room_is_taken_by_whoever_shares_a_minute(start: int, length: int, others: list[tuple[int, int]]) -> None:
    mine = booked("mine", start, start + length + 1)
    theirs = [booked(str(number), at, at + long + 1) for number, (at, long) in enumerate(others)]
    wanted = set(range(start, start + length + 1))
    taken = [str(number) for number, (at, long) in enumerate(others) if wanted & set(range(at, at + long + 1))]

    refused = _refused(lambda: rules.require_room(mine, theirs))

    assert (refused.data["meetings"] if isinstance(refused, OverlappingMeeting) else []) == taken


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        (booked("mine", 0, 60), booked("mine", 0, 60)),
        (booked("mine", 0, 60), booked("other", 0, 60, room="M2")),
        (booked("mine", 0, 60), booked("other", 0, 60, room=None)),
        (booked("mine", 0, 60, room=None), booked("other", 0, 60, room=None)),
        (booked("mine", 0, 60), booked("other", 0, 60, status="cancelled")),
        (booked("mine", 0, 60, status="cancelled"), booked("other", 0, 60)),
    ],
)
def test_a_room_is_not_taken_by_itself_elsewhere_or_by_what_is_cancelled(mine: Booked, other: Booked) -> None:
    assert rules.require_room(mine, [other]) is None  # type: ignore[func-returns-value]  # -- refuses or says nothing


@pytest.mark.parametrize("status", ["in_progress", "suspended", "closed"])
def test_a_room_is_taken_by_what_has_begun(status: str) -> None:
    with pytest.raises(OverlappingMeeting):
        rules.require_room(booked("mine", 0, 60), [booked("other", 59, 70, status=status)])


@given(st.dates(date(2022, 5, 1), date(2022, 7, 1)))
def test_a_meetings_day_is_one_of_its_sessions(day: date) -> None:
    inside = date(2022, 5, 30) <= day <= date(2022, 6, 10)

    refused = _refused(lambda: rules.require_inside(day.isoformat(), "2022-05-30", "2022-06-10"))

    assert isinstance(refused, OutsideSession) is not inside


@given(CLOCKS, CLOCKS, st.sampled_from(["Europe/Vienna", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"]))
def test_a_meeting_ends_at_the_next_showing_of_its_end(start: str, end: str, zone: str) -> None:
    minutes = (int(end[:2]) * 60 + int(end[3:]) - int(start[:2]) * 60 - int(start[3:])) % (24 * 60) or 24 * 60

    held = []
    refused = _refused(lambda: held.append(rules.sitting("2022-06-08", start, end, zone, None)))

    assert isinstance(refused, Meaningless) is (minutes > 12 * 60)
    assert [(ends_at - starts_at, f"{local(starts_at, zone):%Y-%m-%d %H:%M}") for starts_at, ends_at in held] == [
        (timedelta(minutes=minutes), f"2022-06-08 {start}")
    ] * (refused is None)


@given(CLOCKS, CLOCKS, CLOCKS)
def test_a_shifted_clock_keeps_its_distance(clock: str, before: str, after: str) -> None:
    there = rules.shifted(clock, before, after)

    assert rules.shifted(there, after, before) == clock
    assert rules.shifted(before, before, after) == after


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(-9_000, 9_000))
def test_a_day_moves_by_days(day: date, days: int) -> None:
    assert rules.moved_day(day.isoformat(), days) == (day + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("days", [30_000, 3_000_000, -30_000, -3_000_000])
def test_no_day_moves_out_of_the_calendar(days: int) -> None:
    with pytest.raises(Meaningless) as refused:
        rules.moved_day("2022-06-08", days)

    assert [fault.field for fault in refused.value.faults] == ["starts_on"]


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("draft", "published", True),
        ("draft", "cancelled", False),
        ("published", "draft", False),
        ("published", "cancelled", True),
        ("cancelled", "published", True),
        ("cancelled", "draft", False),
        ("published", "published", True),
    ],
)
def test_a_session_takes_the_statuses_that_follow(before: str, after: str, *, allowed: bool) -> None:
    assert _allowed(lambda: rules.require_session_status(before, after)) is allowed


@pytest.mark.parametrize("before", ["scheduled", "in_progress", "suspended", "closed", "cancelled"])
@pytest.mark.parametrize("after", ["scheduled", "cancelled"])
def test_the_secretariat_cancels_what_has_not_begun_and_brings_it_back(before: str, after: str) -> None:
    allowed = before in {"scheduled", "cancelled"}

    assert _allowed(lambda: rules.require_meeting_status(before, after)) is allowed


@pytest.mark.parametrize(
    ("start", "end", "fault"),
    [("2022-06-08", "2022-06-07", "ends_on"), ("2022-6-8", "2022-06-09", "starts_on"), ("2022-06-08", "", "ends_on")],
)
def test_days_that_are_none_are_refused_at_their_field(start: str, end: str, fault: str) -> None:
    with pytest.raises(Meaningless) as refused:
        rules.require_days(start, end)

    assert [each.field for each in refused.value.faults] == [fault]


def _allowed(require: Callable[[], None]) -> bool:
    refused = _refused(require)
    assert refused is None or isinstance(refused, NotAllowedNow)
    return refused is None


def _refused(do: Callable[[], None]) -> Refusal | None:
    try:
        do()
    except Refusal as refusal:
        return refusal
    return None
