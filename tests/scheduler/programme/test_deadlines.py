from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.errors import Meaningless
from scheduler.programme.deadlines import Kept, keep, shown

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
NEW_YORK = {"date": "2022-06-10", "time": "18:00", "timezone": "America/New_York"}
CLOSES = {"title": "Registration closes", "at": NEW_YORK}
PAPERS = {"title": "Papers", "at": "2022-06-01T12:00:00Z"}


def kept(*sent: dict[str, Any]) -> list[Kept]:
    return keep(sent, [], NOW)


def test_a_deadline_is_read_as_instant_and_as_it_was_written() -> None:
    assert shown(kept(CLOSES, PAPERS)) == (
        {"title": "Registration closes", "at": datetime(2022, 6, 10, 22, tzinfo=UTC), "as": NEW_YORK},
        {"title": "Papers", "at": datetime(2022, 6, 1, 12, tzinfo=UTC), "as": "2022-06-01T12:00:00Z"},
    )


def test_what_was_read_can_be_sent_back() -> None:
    before = kept(CLOSES, PAPERS)
    read = [{**each, "at": f"{each['at']:%Y-%m-%dT%H:%M:%SZ}"} for each in shown(before)]

    assert keep(read, before, LATER) == before


def test_deadlines_in_another_order_are_the_same() -> None:
    before = kept(CLOSES, PAPERS)

    assert keep([PAPERS, CLOSES], before, LATER) == before[::-1]


def test_two_deadlines_of_one_title_are_two() -> None:
    before = kept(PAPERS, PAPERS)

    assert len({each["id"] for each in before}) == 2
    assert keep([PAPERS], before, LATER) == before[:1]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": "Papers"}, "deadlines.0.at"),
        ({"title": "Papers", "at": None, "as": None}, "deadlines.0.at"),
        ({"title": "Papers", "at": "soon"}, "deadlines.0.at"),
        ({"title": "Papers", "as": "soon"}, "deadlines.0.as"),
        ({"title": "Papers", "at": "2022-06-10T21:00:00Z", "as": NEW_YORK}, "deadlines.0.at"),
        ({"title": "Papers", "as": {**NEW_YORK, "time": "25:00"}}, "deadlines.0.as.time"),
    ],
)
def test_a_deadline_that_is_no_moment_is_refused_at_its_place(sent: dict[str, Any], field: str) -> None:
    with pytest.raises(Meaningless) as refused:
        kept(sent)

    assert [fault.field for fault in refused.value.faults] == [field]
