"""Every IANA zone and each of its changes from 1990 to 2040, against judges who share neither our code nor our data."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
import pytz
import tzdata

from scheduler.clock.zones import ZONE_DATA, ZONE_NAMES, instant, local, rfc3339, transitions
from scheduler.errors import LocalTimeAmbiguous, LocalTimeSkipped
from tests.scheduler.clock.judges import Judge, PytzJudge, TzdataJudge, Wall

FIRST = datetime(1990, 1, 1, tzinfo=UTC)
LAST = datetime(2041, 1, 1, tzinfo=UTC)
PYTZ_ENDS = datetime(2038, 1, 1, tzinfo=UTC)

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def our_wall(name: str, moment: datetime) -> Wall:
    shown = local(moment, name)
    return shown.date(), shown.time()


def our_instants(name: str, wall: Wall) -> list[datetime]:
    """What we answer; a refusal must give what the two folds then give, and neither where there is nothing."""
    try:
        found = [instant(*wall, name)]
    except LocalTimeSkipped:
        found = []
    except LocalTimeAmbiguous as refusal:
        found = [instant(*wall, name, fold) for fold in (0, 1)]
        given = {"candidates": [{"fold": fold, "starts_at": rfc3339(at)} for fold, at in enumerate(found)]}
        return found if refusal.data == given else []
    for fold in (0, 1):
        if found:
            assert instant(*wall, name, fold) == found[0]
        else:
            with pytest.raises(LocalTimeSkipped):
                instant(*wall, name, fold)
    return found


def moments_around(change: datetime, width: timedelta) -> list[datetime]:
    """Before, at and after a change; and where what it skips or repeats begins, is half over and ends."""
    return [
        change + far + near
        for far in (-width, -width / 2, 0 * width, width / 2, width)
        for near in (-SECOND, 0 * SECOND)
    ]


def walls_around(change: datetime, before: timedelta, after: timedelta) -> list[Wall]:
    """The same on the wall: the edges of a gap or a repeat, the minute on either side of each, and the middle."""
    edges = sorted((change + before, change + after))
    walls = [edges[0] - MINUTE, *edges, edges[0] + (edges[1] - edges[0]) / 2, edges[1] - MINUTE, edges[1] + MINUTE]
    return [(wall.date(), wall.time()) for wall in walls]


def check_skipped(name: str, wall: Wall, change: datetime) -> None:
    with pytest.raises(LocalTimeSkipped) as refused:
        instant(*wall, name)
    judge = TzdataJudge(name)
    expected = []
    for moment in (change - MINUTE, change):
        day, at = judge.wall(moment)
        expected.append({"date": f"{day}", "time": f"{at:%H:%M}", "starts_at": f"{moment:%Y-%m-%dT%H:%M:%SZ}"})
    assert refused.value.data == {"candidates": expected}


def test_both_judges_have_the_release_that_we_record() -> None:
    assert (tzdata.IANA_VERSION, pytz.OLSON_VERSION) == (ZONE_DATA, ZONE_DATA)  # type: ignore[attr-defined]  # -- the stubs leave it out


def test_the_zones_are_those_of_the_judge() -> None:
    listed = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    assert frozenset(listed) - {"Factory", "localtime"} == ZONE_NAMES


def test_vienna_changes_twice_in_each_of_the_fifty_one_years() -> None:
    assert len(TzdataJudge("Europe/Vienna").changes(FIRST, LAST)) == 2 * 51


@pytest.mark.parametrize("name", sorted(ZONE_NAMES))
def test_wall_clocks_and_instants_agree_with_both_judges_around_every_change(name: str) -> None:
    judge, pytz_judge = TzdataJudge(name), PytzJudge(name)
    changes = judge.changes(FIRST, LAST)

    assert transitions(name, FIRST, LAST) == changes
    for change in changes:
        before, after = judge.offset(change - SECOND), judge.offset(change)
        judges: list[Judge] = [judge, pytz_judge] if change < PYTZ_ENDS else [judge]
        for moment in moments_around(change, abs(after - before)):
            assert [our_wall(name, moment)] * len(judges) == [each.wall(moment) for each in judges]
        for wall in walls_around(change, before, after):
            assert [our_instants(name, wall)] * len(judges) == [each.instants(wall) for each in judges]
        if after > before:
            gap = change + before + (after - before) / 2
            check_skipped(name, (gap.date(), gap.time()), change)


@pytest.mark.parametrize("name", sorted(ZONE_NAMES))
def test_wall_clocks_and_instants_agree_with_both_judges_all_year(name: str) -> None:
    judge, pytz_judge = TzdataJudge(name), PytzJudge(name)
    for month in range(51 * 12):
        moment = datetime(1990 + month // 12, month % 12 + 1, 15, 12, tzinfo=UTC)
        wall = judge.wall(moment)
        assert (our_wall(name, moment), instant(*wall, name)) == (wall, moment)
        if moment < PYTZ_ENDS:
            assert pytz_judge.wall(moment) == wall
