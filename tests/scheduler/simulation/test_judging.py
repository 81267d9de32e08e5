from math import sqrt

import pytest

from scheduler.simulation.judging import Account, Said, Sums
from scheduler.simulation.rivals import Rivals, printed, rivals


def sums(*came: float) -> Sums:
    """Calls that came then, all said to come at 100, between 90 and 120."""
    found = Sums()
    for each in came:
        found.note(Said(each, (90.0, 100.0, 120.0), (95.0, 100.0, 105.0), Rivals(100.0, 110.0, 80.0)))
    return found


def test_a_call_inside_costs_the_width_and_one_outside_ten_times_what_is_missing() -> None:
    assert (sums(100).score, sums(100).inside) == (30.0, 1)
    assert (sums(123).score, sums(123).inside, sums(123).before) == (60.0, 0, 0)
    assert (sums(88).score, sums(88).before) == (50.0, 1)


def test_errors_are_of_the_medians() -> None:
    found = sums(104)

    assert (found.error, found.oracle_error) == (4.0, 4.0)
    assert (found.plan_error, found.shifted_error, found.paced_error) == (4.0, 6.0, 24.0)


def test_the_doubt_counts_meetings_not_calls() -> None:
    account = Account()
    account.add(sums(100, 100, 100, 100))
    account.add(sums(10, 10, 10, 10))

    assert account.inside == 0.5
    assert account.doubt == pytest.approx(sqrt(0.5) / 2)


def test_the_printed_plan_has_one_after_the_other() -> None:
    assert printed([("a", 180), ("b", 120), ("c", 60)]) == {"a": 0.0, "b": 180.0, "c": 300.0}


def test_the_rivals_shift_the_plan_and_stretch_it() -> None:
    # planned at 0 and 200, called at 50 and 350: 150 late, and one and a half times as slow as planned
    assert rivals(400.0, 360.0, [(0.0, 50.0), (200.0, 350.0)]) == Rivals(400.0, 550.0, 650.0)


def test_no_rival_says_less_than_now() -> None:
    assert rivals(100.0, 360.0, []) == Rivals(360.0, 360.0, 360.0)
    assert rivals(210.0, 900.0, [(200.0, 350.0)]) == Rivals(900.0, 900.0, 900.0)
