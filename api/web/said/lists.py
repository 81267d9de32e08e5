"""What may be said of lists of speakers, by programs and by forms."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.web.shapes import (
    UNSENT,
    Category,
    Fold,
    Id,
    Line,
    Mode,
    Moment,
    PositiveSeconds,
    Seconds,
    Shape,
    Version,
    WallTime,
)
from scheduler.allocation.policies import Policy

_MOMENT = (
    "An instant, or a wall clock with its zone, which need not be the meeting's: "
    '{"date": "2022-06-10", "time": "18:00", "timezone": "America/New_York"}.'
)


class ClosesWhenIn(Shape):
    """The list closes as this agenda item reaches this state."""

    item: Id
    state: Literal["started", "ended"]


class WindowIn(Shape):
    """Wall clocks of the meeting's place; an `end` not after its `start` is on the next day."""

    start: WallTime
    end: WallTime
    fold: Fold | None = None


class StepIn(Shape):
    """Speaking times to come down to when time runs short, in seconds."""

    seconds_default: PositiveSeconds
    seconds_by_category: dict[Category, PositiveSeconds] = Field(default_factory=dict)


class PolicyOptionsIn(Shape):
    """What the policy may be told: groups of categories in their order, and steps down."""

    order: list[list[Category]] = Field(default_factory=list, max_length=20)
    steps: list[StepIn] = Field(default_factory=list, max_length=20)


class ListPatch(Shape):
    """What may be said of a list; null means the default."""

    title: Line = UNSENT
    allocation: Literal["queue", "timed"] = UNSENT
    item: Id | None = None
    position: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = Field(
        default=None, description="In the meeting, each list its own: turns are taken list by list. Null: the next."
    )
    opens_at: Moment | None = Field(default=None, description=_MOMENT)
    closes_at: Moment | None = Field(default=None, description=_MOMENT)
    closes_when: ClosesWhenIn | None = None
    modes: Annotated[list[Mode], Field(min_length=1, max_length=3)] | None = Field(
        default=None, description="Null: all that the meeting's format has."
    )
    policy: Policy = "first_come"
    policy_options: PolicyOptionsIn | None = None
    seconds_default: PositiveSeconds = 180
    seconds_by_category: dict[Category, PositiveSeconds] | None = None
    window: WindowIn | None = Field(
        default=None,
        description="Null: what earlier lists leave of the meeting. As it is written, also where two lists' overlap: "
        "the floor then takes them one after the other, by position.",
    )
    slot_seconds: PositiveSeconds | None = Field(default=None, description="A timed list needs it.")
    gap_seconds: Seconds = 0
    capacity: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = Field(
        default=None, description="How many speakers at most. Null: no limit; a timed list has its slots."
    )
    one_per_organisation: Annotated[bool, Field(strict=True)] = False

    def said(self) -> dict[str, Any]:
        """What was sent, as plain values."""
        return self.model_dump(exclude_unset=True, exclude={"expected_version"})


_EXAMPLE: dict[str, Any] = {
    "title": "Item 5: statements",
    "allocation": "timed",
    "slot_seconds": 180,
    "gap_seconds": 30,
    "window": {"start": "10:00", "end": "12:00"},
    "opens_at": "2022-06-01T08:00:00Z",
    "closes_at": {"date": "2022-06-07", "time": "18:00", "timezone": "America/New_York"},
}


class ListIn(ListPatch):
    """A new list of speakers."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    title: Line
    allocation: Literal["queue", "timed"]


class ListChange(ListPatch):
    """Changes to a list: what is absent stays, null clears."""

    expected_version: Version | None = None
