from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.lists.slots import (
    Turn,
    budget,
    moved_behind,
    packed,
    plan,
    pushed,
    queued,
    room_for,
    seconds_left,
    starts,
    until,
)

LENGTHS = st.integers(1, 3_600)
GAPS = st.integers(0, 600)
WINDOWS = st.tuples(st.integers(0, 7_200), st.integers(1, 43_200)).map(lambda w: (w[0], w[0] + w[1]))
ROWS = st.lists(st.tuples(LENGTHS, st.integers(0, 900), st.booleans()), max_size=30)


def turns(rows: list[tuple[int, int, bool]], gap: int) -> list[Turn]:
    """Turns of these lengths, with holes of these lengths before them."""
    placed, at = [], 0
    for number, (seconds, hole, spare) in enumerate(rows):
        placed.append(Turn(str(number), at + hole, seconds, spare))
        at = placed[-1].ends_after + gap
    return placed


def keep_distance(placed: list[Turn], gap: int) -> bool:
    return all(one.ends_after + gap <= other.starts_after for one, other in pairwise(placed))


def test_three_hours_hold_sixty_turns_of_three_minutes() -> None:
    assert room_for(10_800, 180, 0) == 60


def test_gap_lies_between_turns_and_not_behind_the_last() -> None:
    assert starts(600, 1_500, 240, 60) == [600, 900, 1_200]


@given(WINDOWS, LENGTHS, GAPS)
def test_as_many_turns_as_fit_and_none_that_does_not(window: tuple[int, int], seconds: int, gap: int) -> None:
    first, end = window
    found = starts(first, end, seconds, gap)

    assert all(at + seconds <= end for at in found)
    assert all(later - earlier == seconds + gap for earlier, later in pairwise(found))
    following = found[-1] + seconds + gap if found else first
    assert following + seconds > end


@given(ROWS, GAPS)
def test_turns_that_keep_their_distance_stay_where_they_are(rows: list[tuple[int, int, bool]], gap: int) -> None:
    assert pushed(turns(rows, gap), gap) == turns(rows, gap)


@given(ROWS, GAPS, st.data())
def test_inserting_moves_what_follows_by_its_length_and_the_gap(
    rows: list[tuple[int, int, bool]], gap: int, data: st.DataObject
) -> None:
    before = turns(rows, gap)
    at = data.draw(st.integers(0, len(before)))
    start = before[at - 1].ends_after + gap if at else 0
    panel = Turn("panel", start, data.draw(LENGTHS), spare=False)

    planned = plan([*before[:at], panel], before[at:], panel.seconds + gap, gap, 10**9)

    moved = list(planned.fit)
    assert moved[:at] == before[:at]
    assert [turn.starts_after for turn in moved[at + 1 :]] == [
        turn.starts_after + panel.seconds + gap for turn in before[at:]
    ]
    assert keep_distance(moved, gap)


@given(ROWS, GAPS, st.data())
def test_taking_the_inserted_out_again_puts_everything_back(
    rows: list[tuple[int, int, bool]], gap: int, data: st.DataObject
) -> None:
    before = turns(rows, gap)
    at = data.draw(st.integers(0, len(before)))
    start = before[at - 1].ends_after + gap if at else 0
    panel = Turn("panel", start, data.draw(LENGTHS), spare=False)
    inserted = list(plan([*before[:at], panel], before[at:], panel.seconds + gap, gap, 10**9).fit)

    back = plan(inserted[:at], inserted[at + 1 :], -(panel.seconds + gap), gap, 10**9)

    assert list(back.fit) == before


@given(ROWS, GAPS, st.integers(-3_600, 3_600), WINDOWS, st.data())
def test_no_plan_overlaps_or_passes_the_end(
    rows: list[tuple[int, int, bool]], gap: int, by: int, window: tuple[int, int], data: st.DataObject
) -> None:
    before = turns(rows, gap)
    at = data.draw(st.integers(0, len(before)))

    planned = plan(before[:at], before[at:], by, gap, window[1])

    assert keep_distance(list(planned.fit), gap)
    assert all(turn.ends_after <= window[1] for turn in planned.fit)
    assert {turn.id for part in (planned.fit, planned.go, planned.stuck) for turn in part} == {t.id for t in before}
    assert (all(turn.spare for turn in planned.go), any(turn.spare for turn in planned.stuck)) == (True, False)


@given(ROWS, GAPS, st.integers(0, 7_200))
def test_packed_turns_keep_order_and_leave_no_hole(rows: list[tuple[int, int, bool]], gap: int, first: int) -> None:
    before = turns(rows, gap)
    placed = packed(before, first, gap)

    assert [turn.id for turn in placed] == [turn.id for turn in before]
    expected = first
    for turn in placed:
        assert turn.starts_after == expected
        expected = turn.ends_after + gap


def test_turn_that_ends_with_the_window_fits() -> None:
    last, late = Turn("a", 0, 60, spare=False), Turn("b", 60, 61, spare=False)

    planned = until([last, late], 120)

    assert (planned.fit, planned.go, planned.stuck) == ((last,), (), (late,))


def queue(called: str) -> list[Turn]:
    """Turns of 100 seconds, a thousand from start to start, their ids a, b, c ...: `x` for one that was called."""
    return [Turn("abcdef"[at], 1_000 * at, 100, spare=False, called=was == "x") for at, was in enumerate(called)]


@given(ROWS, st.integers(0, 3_600), GAPS)
def test_queue_is_planned_without_holes(rows: list[tuple[int, int, bool]], first: int, gap: int) -> None:
    placed = queued(turns(rows, gap), first, gap)

    assert placed == packed(turns(rows, gap), first, gap)
    assert all(one.ends_after + gap == other.starts_after for one, other in pairwise(placed))


def test_turn_that_was_called_stays_where_it_was_planned_and_counts_in_the_order() -> None:
    placed = queued([Turn("a", 0, 150, spare=False), *queue("-x-")[1:]], 0, 10)

    assert [(turn.id, turn.starts_after) for turn in placed] == [("a", 0), ("b", 1_000), ("c", 1_110)]


def test_turn_that_was_called_and_is_overtaken_does_not_take_less_time() -> None:
    placed = queued([Turn("a", 0, 300, spare=False), Turn("b", 100, 100, spare=False, called=True), *queue("-")], 0, 0)

    assert [turn.starts_after for turn in placed] == [0, 100, 400]


def test_turn_is_moved_behind_another_or_to_the_front() -> None:
    def moved(what: str, after: str | None, called: str) -> str:
        return "".join(turn.id for turn in moved_behind(queue(called), what, after))

    assert moved("a", "c", "---") == "bca"
    assert moved("c", None, "---") == "cab"
    assert moved("d", None, "xx--") == "abdc"
    assert moved("d", "a", "xx--") == "abdc"


def test_budget_is_what_the_window_holds_beside_the_lists_that_follow() -> None:
    assert budget((0, 1_000), 10, None, None) == 1_000
    assert budget((0, 1_000), 10, 300, None) == 1_000
    assert budget((0, 1_000), 10, 300, 510) == 790
    assert budget((0, 1_000), 10, None, 200) == 790


def test_seconds_left_are_those_of_a_turn_at_the_end() -> None:
    assert seconds_left((100, 1_000), 10, None, None) == 900
    assert seconds_left((100, 1_000), 10, 300, None) == 690
    assert seconds_left((100, 1_000), 10, 300, 510) == 480
    assert seconds_left((100, 1_000), 10, None, 200) == 790
    assert seconds_left((100, 1_000), 10, 995, None) == 0
