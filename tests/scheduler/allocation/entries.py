"""People who ask to speak, for tests and their strategies."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from scheduler.allocation.policies import POLICIES, PROTOCOL, Entry
from scheduler.allocation.proposals import Fixed, Terms
from scheduler.allocation.rules import Limits

NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)
CATEGORIES = tuple(category for rank in PROTOCOL for category in rank)


def entry(number: int, category: str = "member_state", **changes: Any) -> Entry:
    """Somebody who inscribed so many minutes after noon."""
    values: dict[str, Any] = {"mode": "in_person", "since": NOON + timedelta(minutes=number)} | changes
    return Entry(str(UUID(int=number)), category, **values)


def numbers(entries: list[Entry]) -> list[int]:
    """Who they are, by number."""
    return [UUID(each.id).int for each in entries]


limits = st.builds(
    Limits, st.integers(1, 400), st.dictionaries(st.sampled_from(CATEGORIES), st.integers(1, 400), max_size=3)
)
orders = st.just(()) | st.lists(
    st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=3).map(tuple), max_size=4
).map(tuple)


@st.composite
def crowds(draw: st.DrawFn, *, by_hand: bool = True, most: int = 10) -> list[Entry]:
    """Some people, in any order; some moments are the same."""
    ids = draw(st.lists(st.integers(1, 10_000), unique=True, max_size=most))
    positions = draw(st.permutations(range(1, len(ids) + 5)))
    return [
        entry(
            number,
            draw(st.sampled_from(CATEGORIES)),
            mode=draw(st.sampled_from(("in_person", "remote", "video"))),
            since=NOON + timedelta(minutes=draw(st.integers(0, 5))),
            asked=draw(st.none() | st.integers(1, 500)),
            for_group=draw(st.booleans()),
            placed=position if by_hand and draw(st.integers(0, 3)) == 0 else None,
            barred="not-accredited" if draw(st.integers(0, 9)) == 0 else None,
        )
        for number, position in zip(ids, positions, strict=False)
    ]


terms = st.builds(
    Terms,
    policy=st.sampled_from(POLICIES),
    levels=st.lists(limits, min_size=1, max_size=4).map(tuple),
    room=st.integers(0, 4_000),
    gap=st.integers(0, 40),
    budget=st.none() | st.integers(0, 4_000),
    remote=st.none() | st.integers(0, 1_000),
    places=st.none() | st.integers(0, 10),
    order=orders,
    seed=st.text("abc", max_size=3),
)
fixed = st.lists(st.integers(1, 20), unique=True, max_size=4).map(
    lambda positions: [Fixed(f"stays-{position}", position) for position in positions]
)
