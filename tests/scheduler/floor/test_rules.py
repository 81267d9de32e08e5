import pytest

from scheduler.floor.pace import LEVEL_VARIANCE, NOISE_VARIANCE
from scheduler.floor.rules import ENOUGH_SPEECHES, Sureness, how_sure


@pytest.mark.parametrize(
    ("speeches", "sureness"), [(0, "unknown"), (1, "early"), (3, "early"), (4, "known"), (40, "known")]
)
def test_the_forecast_is_as_sure_as_speeches_were_heard(speeches: int, sureness: Sureness) -> None:
    assert how_sure(speeches) == sureness


def test_enough_speeches_are_the_first_that_weigh_more_than_the_prior() -> None:
    weigh = [NOISE_VARIANCE / speeches < LEVEL_VARIANCE for speeches in (ENOUGH_SPEECHES - 1, ENOUGH_SPEECHES)]

    assert weigh == [False, True]
