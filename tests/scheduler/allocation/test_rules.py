from hypothesis import given
from hypothesis import strategies as st

from scheduler.allocation.policies import Entry
from scheduler.allocation.rules import (
    LIST_FULL,
    NO_REMOTE_TIME,
    NO_TIME,
    Budget,
    Fit,
    Left,
    Limits,
    limit,
    share_out,
)
from tests.scheduler.allocation.entries import crowds, entry, limits

LEVELS = (Limits(180, {"ngo": 120}), Limits(120, {"ngo": 90}))
levels_ = st.lists(limits, min_size=1, max_size=4)


def given_to(fit: Fit) -> list[int]:
    return [share.seconds for share in fit.shares]


def test_she_is_given_what_she_asks_but_never_more_than_the_limit() -> None:
    crowd = [entry(1), entry(2, asked=90), entry(3, asked=300), entry(4, "ngo"), entry(5, "ngo", asked=180)]

    fit = share_out(crowd, LEVELS, Budget(10_000))

    assert (given_to(fit), fit.left, fit.steps) == ([180, 90, 180, 120, 120], (), 0)


def test_budget_is_used_to_the_second_with_the_gaps() -> None:
    fit = share_out([entry(1), entry(2), entry(3)], LEVELS[:1], Budget(3 * 180 + 2 * 30, gap=30))

    assert (given_to(fit), fit.left) == ([180, 180, 180], ())


def test_one_second_too_few_leaves_the_last_out() -> None:
    crowd = [entry(1), entry(2), entry(3)]

    fit = share_out(crowd, LEVELS[:1], Budget(3 * 180 + 2 * 30 - 1, gap=30))

    assert given_to(fit) == [180, 180]
    assert fit.left == (Left(crowd[2], NO_TIME, 180, 179),)


def test_limits_step_down_before_anyone_is_left_out() -> None:
    crowd = [entry(1), entry(2), entry(3, "ngo"), entry(4, asked=60)]

    fit = share_out(crowd, LEVELS, Budget(400))

    assert (given_to(fit), fit.left, fit.steps) == ([120, 120, 90, 60], (), 1)
    assert [share.short for share in fit.shares] == [NO_TIME, NO_TIME, NO_TIME, None]


def test_limits_stay_where_stepping_down_would_let_nobody_in() -> None:
    crowd = [entry(1), entry(2), entry(3)]

    fit = share_out(crowd, (Limits(180), Limits(170)), Budget(400))

    assert (given_to(fit), fit.steps, [left.entry for left in fit.left]) == ([180, 180], 0, crowd[2:])


def test_step_never_goes_up() -> None:
    assert limit((Limits(180, {"ngo": 90}), Limits(120), Limits(150)), 2, "ngo") == 90
    assert limit((Limits(180), Limits(120), Limits(150)), 2, "ngo") == 120


def test_nobody_is_passed_over_for_someone_shorter() -> None:
    crowd = [entry(1), entry(2), entry(3, asked=10)]

    fit = share_out(crowd, LEVELS[:1], Budget(200))

    assert fit.left == (Left(crowd[1], NO_TIME, 180, 20), Left(crowd[2], NO_TIME, 10, None))


def test_remote_minutes_are_a_second_budget_for_remote_speakers_alone() -> None:
    crowd = [
        entry(1, mode="remote"),
        entry(2, mode="remote"),
        entry(3, mode="video"),
        entry(4),
        entry(5, mode="remote", asked=10),
    ]

    fit = share_out(crowd, LEVELS[:1], Budget(10_000, remote=200))

    assert [share.entry for share in fit.shares] == [crowd[0], crowd[2], crowd[3]]
    assert fit.left == (Left(crowd[1], NO_REMOTE_TIME, 180, 20), Left(crowd[4], NO_REMOTE_TIME, 10, None))


def test_limits_step_down_for_remote_speakers_alone_where_remote_minutes_are_short() -> None:
    crowd = [entry(1, mode="remote"), entry(2, mode="remote", asked=60), entry(3), entry(4, mode="video")]

    fit = share_out(crowd, LEVELS, Budget(10_000, remote=180))

    assert (given_to(fit), fit.left, fit.steps, fit.remote_steps) == ([120, 60, 180, 180], (), 0, 1)
    assert [share.short for share in fit.shares] == [NO_REMOTE_TIME, None, None, None]


def test_remote_speakers_give_no_more_than_helps_where_the_time_does_not_reach_all_of_them() -> None:
    crowd = [entry(1, mode="remote"), entry(2), entry(3, mode="remote")]

    fit = share_out(crowd, (Limits(180), Limits(170)), Budget(360, remote=340))

    assert (given_to(fit), fit.steps, fit.remote_steps) == ([180, 180], 0, 0)


def test_list_takes_so_many_speakers() -> None:
    crowd = [entry(1), entry(2), entry(3)]

    fit = share_out(crowd, LEVELS, Budget(10_000, places=1))

    assert (given_to(fit), fit.steps) == ([180], 0)
    assert fit.left == (Left(crowd[1], LIST_FULL, 180, 0), Left(crowd[2], LIST_FULL, 180, None))


@given(
    crowd=crowds(),
    levels=levels_,
    seconds=st.integers(0, 3_000),
    gap=st.integers(0, 60),
    remote=st.none() | st.integers(0, 900),
)
def test_budgets_and_limits_hold_and_everybody_is_there_once(
    crowd: list[Entry], levels: list[Limits], seconds: int, gap: int, remote: int | None
) -> None:
    fit = share_out(crowd, levels, Budget(seconds, gap, remote))

    assert sum(given_to(fit)) + gap * max(0, len(fit.shares) - 1) <= seconds
    assert remote is None or sum(share.seconds for share in fit.shares if share.entry.mode == "remote") <= remote
    assert all(0 < share.seconds <= levels[0].of(share.entry.category) for share in fit.shares)
    assert all(share.entry.asked is None or share.seconds <= share.entry.asked for share in fit.shares)
    told = [share.entry.id for share in fit.shares] + [left.entry.id for left in fit.left]
    assert sorted(told) == sorted(each.id for each in crowd)


@given(crowd=crowds(), levels=levels_, seconds=st.integers(0, 3_000), remote=st.none() | st.integers(0, 900))
def test_nobody_speaks_who_comes_behind_someone_left_out_for_the_same_time(
    crowd: list[Entry], levels: list[Limits], seconds: int, remote: int | None
) -> None:
    fit = share_out(crowd, levels, Budget(seconds, 5, remote))

    place = {each.id: number for number, each in enumerate(crowd)}
    for left in fit.left:
        rivals = [s for s in fit.shares if left.rule == NO_TIME or s.entry.mode == "remote"]
        assert all(place[share.entry.id] < place[left.entry.id] for share in rivals)
