import itertools

from hypothesis import given
from hypothesis import strategies as st

from scheduler.allocation.slots import Laid, Standing, lay_out, room
from tests.scheduler.allocation.entries import standings

TURNS = st.lists(st.integers(1, 400), max_size=12).map(lambda lengths: [(f"t{n}", s) for n, s in enumerate(lengths)])


def test_turns_lie_a_gap_apart() -> None:
    assert lay_out([("a", 180), ("b", 120)], [], 600, 30) == [Laid("a", 600, 180), Laid("b", 810, 120)]


def test_break_stays_where_it_is_among_the_turns() -> None:
    coffee = Standing("coffee", 360, 900)

    laid = lay_out([("a", 180), ("b", 180), ("c", 180)], [coffee], 0, 0)

    assert laid == [Laid("a", 0, 180), Laid("b", 180, 180), Laid("coffee", 360, 900), Laid("c", 1260, 180)]


def test_break_waits_until_the_turn_before_it_is_over() -> None:
    laid = lay_out([("a", 180), ("b", 180)], [Standing("coffee", 100, 900)], 0, 10)

    assert laid == [Laid("a", 0, 180), Laid("coffee", 190, 900), Laid("b", 1100, 180)]


def test_break_behind_the_last_turn_stays_where_it_is() -> None:
    assert lay_out([("a", 180)], [Standing("coffee", 3600, 900)], 0, 0) == [
        Laid("a", 0, 180),
        Laid("coffee", 3600, 900),
    ]


def test_turns_go_on_behind_what_was_called() -> None:
    called = [Standing("x", 0, 180, called=True), Standing("y", 210, 180, called=True)]

    laid = lay_out([("a", 180)], called, 0, 30)

    assert laid == [Laid("x", 0, 180), Laid("y", 210, 180), Laid("a", 420, 180)]


def test_turn_that_would_run_into_a_called_one_lies_behind_it() -> None:
    laid = lay_out([("a", 180), ("b", 180)], [Standing("x", 300, 100, called=True)], 0, 0)

    assert laid == [Laid("a", 0, 180), Laid("x", 300, 100), Laid("b", 400, 180)]


def test_room_is_what_panels_and_called_turns_leave() -> None:
    standing = [Standing("x", 0, 180, called=True), Standing("panel", 1800, 600)]

    assert room(standing, 0, 3600, 30) == 3600 - (180 + 30) - (600 + 30)


def test_there_is_no_room_behind_the_end() -> None:
    assert room([Standing("panel", 0, 4000)], 0, 3600, 0) == 0


@given(turns=TURNS, standing=standings, first=st.integers(0, 900), gap=st.integers(0, 40))
def test_everything_lies_once_and_apart(
    turns: list[tuple[str, int]], standing: list[Standing], first: int, gap: int
) -> None:
    laid = lay_out(turns, standing, first, gap)

    called = {each.id for each in standing if each.called}
    moved = [each for each in laid if each.id not in called]
    assert sorted(each.id for each in laid) == sorted([*(id_ for id_, _ in turns), *(each.id for each in standing)])
    assert [each.id for each in moved if each.id.startswith("t")] == [id_ for id_, _ in turns]
    assert all(one.ends_after + gap <= other.starts_after for one, other in itertools.pairwise(moved))
    for one in moved:
        assert all(
            one.ends_after + gap <= other.starts_after or other.ends_after + gap <= one.starts_after
            for other in laid
            if other.id in called
        )


@given(turns=TURNS, standing=standings, first=st.integers(0, 900))
def test_what_was_called_stays_to_the_second_and_the_rest_is_never_early(
    turns: list[tuple[str, int]], standing: list[Standing], first: int
) -> None:
    laid = {each.id: each for each in lay_out(turns, standing, first, 0)}

    assert all(laid[each.id].starts_after == each.starts_after for each in standing if each.called)
    assert all(laid[each.id].starts_after >= each.starts_after for each in standing)
