from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import CategoryNotEligible, ListClosed, ListNotOpen, ModeNotOffered, NotAllowedNow
from scheduler.lists.rules import (
    Asked,
    Claim,
    Reserve,
    Timing,
    check_alive,
    check_mode,
    check_open,
    check_reserve,
    group_as_known,
    modes_offered,
    most_seconds,
    next_change,
    queue_warnings,
    status_at,
    status_now,
    warnings_for,
)

NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_list_without_any_moment_is_pending() -> None:
    assert status_at(Timing(), NOON) == "pending"


@pytest.mark.parametrize(("hours", "status"), [(-1, "pending"), (0, "open"), (1, "open"), (2, "closed"), (9, "closed")])
def test_status_follows_the_clock(hours: int, status: str) -> None:
    assert status_at(Timing(opens_at=NOON, closes_at=NOON + 2 * HOUR), NOON + hours * HOUR) == status


def test_closing_by_hand_holds_until_the_next_opening() -> None:
    timing = Timing(opens_at=NOON, hand_status="closed", hand_at=NOON - HOUR)

    assert [status_at(timing, NOON + shift) for shift in (-HOUR, timedelta(), HOUR)] == ["closed", "open", "open"]


def test_opening_by_hand_holds_until_the_next_closing() -> None:
    timing = Timing(opens_at=NOON + HOUR, closes_at=NOON + 3 * HOUR, hand_status="open", hand_at=NOON)

    assert [status_at(timing, NOON + n * HOUR) for n in (-1, 0, 1, 2, 3)] == [
        "pending",
        "open",
        "open",
        "open",
        "closed",
    ]


def test_reopening_by_hand_after_the_closing_holds_for_ever() -> None:
    timing = Timing(opens_at=NOON, closes_at=NOON + HOUR, hand_status="open", hand_at=NOON + 2 * HOUR)

    assert status_at(timing, NOON + 900 * HOUR) == "open"


def test_the_hand_has_the_last_word_at_one_instant() -> None:
    assert status_at(Timing(opens_at=NOON, hand_status="closed", hand_at=NOON), NOON) == "closed"


def test_list_closes_as_its_item_gets_there_and_the_hand_may_reopen_it() -> None:
    ended = Timing(opens_at=NOON, item_at=NOON + HOUR)
    reopened = Timing(opens_at=NOON, item_at=NOON + HOUR, hand_status="open", hand_at=NOON + 2 * HOUR)

    assert [status_at(ended, NOON + n * HOUR) for n in (0, 1)] == ["open", "closed"]
    assert status_at(reopened, NOON + 2 * HOUR) == "open"


MOMENTS = st.none() | st.integers(0, 9).map(lambda n: NOON + n * HOUR)
TIMINGS = st.builds(Timing, MOMENTS, MOMENTS, st.sampled_from(["open", "closed"]), MOMENTS, MOMENTS)


@given(TIMINGS, st.integers(0, 9).map(lambda n: NOON + n * HOUR))
def test_status_stays_until_the_next_change(timing: Timing, now: datetime) -> None:
    known = Timing(
        timing.opens_at,
        timing.closes_at,
        timing.hand_status,
        timing.hand_at if timing.hand_at and timing.hand_at <= now else None,
        timing.item_at if timing.item_at and timing.item_at <= now else None,
    )
    then = next_change(known, now)

    last = (then or now + 99 * HOUR) - timedelta(microseconds=1)
    assert status_at(known, last) == status_at(known, now)


@pytest.mark.parametrize(("status", "refusal"), [("pending", ListNotOpen), ("closed", ListClosed)])
def test_list_that_is_not_open_takes_nobody(status: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_open(status)


@pytest.mark.parametrize(
    ("meeting", "session"), [("cancelled", "published"), ("scheduled", "cancelled"), ("closed", "published")]
)
def test_lists_of_what_does_not_take_place_rest(meeting: str, session: str) -> None:
    with pytest.raises(NotAllowedNow):
        check_alive(meeting, session)


@pytest.mark.parametrize(
    ("modes", "format_", "offered"),
    [
        ((), "hybrid", ("in_person", "remote", "video")),
        ((), "in_person", ("in_person",)),
        ((), "online", ("remote", "video")),
        (("remote", "in_person"), "hybrid", ("in_person", "remote")),
        (("remote", "in_person"), "in_person", ("in_person",)),
        (("remote",), "in_person", ("in_person",)),
    ],
)
def test_modes_are_those_of_the_list_that_the_format_has(
    modes: tuple[str, ...], format_: str, offered: tuple[str, ...]
) -> None:
    assert modes_offered(modes, format_) == offered


def test_mode_that_is_not_offered_is_refused_with_those_that_are() -> None:
    with pytest.raises(ModeNotOffered) as refused:
        check_mode("remote", ("in_person",), "hybrid")

    assert (refused.value.faults[0].field, "in_person" in refused.value.sentence) == ("mode", True)


@pytest.mark.parametrize(
    ("reserve", "refusal"),
    [
        (Reserve(category="ngo"), CategoryNotEligible),
        (Reserve(organisation="other"), CategoryNotEligible),
        (Reserve(mode="video"), ModeNotOffered),
    ],
)
def test_slot_kept_for_others_is_refused(reserve: Reserve, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_reserve(reserve, Claim("mine", "member_state", "remote"))


def test_slot_kept_for_such_a_speaker_is_not_refused() -> None:
    check_reserve(Reserve("member_state", "remote", "mine"), Claim("mine", "member_state", "remote"))


@pytest.mark.parametrize(
    ("language", "languages", "codes"),
    [
        ("fr", ("en", "fr"), []),
        ("ru", ("en", "fr"), ["language-not-interpreted"]),
        ("ru", (), []),
        (None, ("en",), []),
    ],
)
def test_language_without_interpretation_is_warned_of(
    language: str | None, languages: tuple[str, ...], codes: list[str]
) -> None:
    assert [code for code, _ in warnings_for(language, languages)] == codes


def test_what_another_process_did_has_happened_although_its_clock_is_ahead() -> None:
    closed = Timing(opens_at=NOON - HOUR, hand_status="closed", hand_at=NOON + HOUR)
    ended = Timing(opens_at=NOON - HOUR, item_at=NOON + HOUR)

    assert [status_now(timing, NOON) for timing in (closed, ended)] == ["closed", "closed"]
    assert status_now(Timing(opens_at=NOON), NOON) == "open"


def test_limit_is_that_of_the_category_or_the_lists() -> None:
    assert [most_seconds(category, 180, {"ngo": 120}) for category in ("ngo", "igo", None)] == [120, 180, 180]


def test_group_is_known_however_it_is_written() -> None:
    groups = ("African Group", "G77")

    assert [group_as_known(named, groups) for named in ("AFRICAN group", "Other", None)] == [
        "African Group",
        "Other",
        None,
    ]


ASKED = Asked(topic="Article 6", seconds=180, most=180, on_behalf_of="G77", party="Here", groups=("G77",))


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (ASKED, []),
        (replace(ASKED, on_behalf_of="Here", seconds=None), []),
        (replace(ASKED, seconds=181), ["seconds-above-limit"]),
        (replace(ASKED, topic=""), ["topic-missing"]),
        (replace(ASKED, on_behalf_of="Others"), ["group-not-recorded"]),
    ],
)
def test_what_is_asked_of_a_queue_is_warned_of(asked: Asked, codes: list[str]) -> None:
    assert [code for code, _ in queue_warnings(asked)] == codes
