"""A few dozen meetings, far from enough to measure with: docs/forecast.md has the figures of five thousand."""

from functools import cache

from scheduler.simulation.judging import Accounts
from scheduler.simulation.kinds import KINDS
from scheduler.simulation.trial import ALL, BANDS, CARRIED, EARLY, GROUPS, LATE, UNHEARD, Effort, trial

EFFORT = Effort(moments=5, draws=40)


@cache
def accounts() -> Accounts:
    found = Accounts()
    for number in range(6):
        for kind in KINDS:
            found.add(trial(kind, "tests", number, EFFORT))
    return found


def test_every_group_of_calls_is_judged() -> None:
    assert set(accounts().of) == set(GROUPS)


def test_bands_and_halves_share_out_all_calls() -> None:
    calls = {group: account.sums.calls for group, account in accounts().of.items()}

    assert sum(calls[name] for _, _, name in BANDS) == calls[ALL]
    assert calls[EARLY] + calls[LATE] == calls[ALL]
    assert calls[CARRIED] > 0


def test_about_four_of_five_calls_come_inside_their_window() -> None:
    found = accounts().of

    assert 0.72 < found[ALL].inside < 0.90
    assert 0.65 < found[UNHEARD].inside < 0.99


def test_windows_are_widest_before_anyone_has_spoken() -> None:
    found = {group: account.sums for group, account in accounts().of.items() if group != CARRIED}

    widths = {group: sums.width / sums.oracle_width for group, sums in found.items()}
    assert max(widths, key=widths.__getitem__) == UNHEARD


def test_the_forecast_beats_the_plain_rivals_and_stays_near_the_oracle() -> None:
    sums = accounts().of[ALL].sums

    assert sums.error < 0.7 * sums.plan_error
    assert sums.error < sums.shifted_error
    assert sums.error < sums.paced_error
    assert sums.score < 1.8 * sums.oracle_score


def test_the_same_seed_gives_the_same_figures() -> None:
    assert trial("loose", "tests", 0, EFFORT) == trial("loose", "tests", 0, EFFORT)
