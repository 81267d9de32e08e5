from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scheduler.floor.tally import Held, SpokenTime, TurnMark, report, whole

APIA = timezone(timedelta(hours=13))


def held(clock: str | None = "10:00", **said: Any) -> Held:
    """Somebody of a State who spoke three minutes of three, at this time of her own clock."""
    began = None if clock is None else datetime.fromisoformat(f"2022-06-09T{clock}").replace(tzinfo=APIA)
    values: dict[str, Any] = {
        "category": "member_state",
        "region": "asia_pacific",
        "mode": "in_person",
        "organisation": "samoa",
        "planned_seconds": 180,
        "spoken": 180_000,
    }
    return Held(**values | said, local_start=began)


def test_turns_are_summed_by_each_of_four_keys() -> None:
    turns = [
        held("03:40", mode="remote", spoken=200_400),
        held(None, organisation="tonga", spoken=0),
        held("10:00", category="ngo", region="african", organisation="rights", planned_seconds=120, spoken=90_000),
    ]

    found = report(2, turns, {"samoa": "Samoa", "tonga": "Tonga", "rights": "Rights Online"})

    assert found.meetings == 2
    assert found.by_category == (
        SpokenTime("member_state", None, 360, 200, 1, 1),
        SpokenTime("ngo", None, 120, 90, 1, 0),
    )
    assert found.by_region == (
        SpokenTime("african", None, 120, 90, 1, 0),
        SpokenTime("asia_pacific", None, 360, 200, 1, 1),
    )
    assert [(each.key, each.actual_seconds, each.turns) for each in found.by_mode] == [
        ("in_person", 90, 1),
        ("remote", 200, 1),
    ]
    assert [(each.name, each.planned_seconds, each.turns) for each in found.by_organisation] == [
        ("Rights Online", 120, 1),
        ("Samoa", 180, 1),
        ("Tonga", 180, 0),
    ]


def test_the_night_begins_at_midnight_and_ends_at_six() -> None:
    turns = [held(clock) for clock in ("23:59", "00:00", "05:59", "06:00")]

    found = report(1, turns, {})

    assert [each.night_turns for each in found.by_region] == [2]
    assert [(each.local_start, each.at_night) for each in found.turns] == [
        ("00:00", True),
        ("05:59", True),
        ("06:00", False),
        ("23:59", False),
    ]


def test_turns_are_told_by_their_hour_and_not_in_the_order_of_the_meeting() -> None:
    turns = [held("22:14"), held("03:40", mode="remote"), held(None), held("03:40", region="african", mode="video")]

    assert report(1, turns, {}).turns == (
        TurnMark("african", "video", "03:40"),
        TurnMark("asia_pacific", "remote", "03:40"),
        TurnMark("asia_pacific", "in_person", "22:14"),
    )


def test_what_has_no_key_comes_last() -> None:
    found = report(1, [held(region=None, category=None, organisation=None), held()], {"samoa": "Samoa"})

    assert [each.key for each in found.by_region] == ["asia_pacific", None]
    assert [(each.key, each.name) for each in found.by_organisation] == [("samoa", "Samoa"), (None, None)]


def test_no_turn_is_an_empty_report() -> None:
    found = report(0, [], {})

    assert (found.by_category, found.by_organisation, found.turns) == ((), (), ())


@given(st.lists(st.integers(0, 10_000_000)))
def test_whole_seconds_come_to_the_rounded_sum_and_none_is_a_second_off(milliseconds: list[int]) -> None:
    found = whole(milliseconds)

    assert sum(found) == (sum(milliseconds) + 500) // 1000
    assert [abs(1000 * seconds - exact) < 1000 for seconds, exact in zip(found, milliseconds, strict=True)] == [
        True
    ] * len(milliseconds)
