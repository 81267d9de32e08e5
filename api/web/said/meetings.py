"""What may be said of meetings, by programs and by forms."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from api.web.said.sessions import Format
from api.web.shapes import (
    UNSENT,
    Fold,
    Id,
    Language,
    Line,
    OptionalLine,
    Seconds,
    Shape,
    Url,
    Version,
    WallDate,
    WallTime,
    ZoneName,
)
from scheduler.programme import meetings

_EXAMPLE: dict[str, Any] = {
    "title": "1st meeting",
    "date": "2022-05-30",
    "start": "10:00",
    "end": "12:00",
    "room": "Plenary Hall",
}


class MeetingPatch(Shape):
    """What may be said of a meeting. `date`, `start` and `end` are wall clocks in `timezone`."""

    number: Annotated[int | None, Field(strict=True, ge=1, le=100_000, description="Null: the next.")] = None
    title: Line = UNSENT
    date: WallDate = UNSENT
    start: WallTime = UNSENT
    end: WallTime = UNSENT
    fold: Fold | None = None
    timezone: ZoneName | None = None
    room: OptionalLine | None = None
    format: Format | None = None
    languages: Annotated[list[Language], Field(max_length=6)] | None = None
    items: Annotated[list[Id], Field(max_length=100)] | None = None
    remote_budget_seconds: Annotated[Seconds | None, Field(description="Null: no cap.")] = None
    end_if_exceeded: WallTime | None = None
    webcast_url: Url | None = None
    join_url: Url | None = None
    links_for: Literal["accredited", "speakers"] | None = None
    replies: Literal["after_list", "end_of_day"] | None = None
    status: Literal["scheduled", "cancelled"] = "scheduled"


class MeetingIn(MeetingPatch):
    """A new meeting."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    title: Line
    date: WallDate
    start: WallTime
    end: WallTime

    def new(self) -> meetings.NewMeeting:
        """As the act takes it."""
        said = {name: value for name, value in self.sent().items() if value is not None}
        return meetings.NewMeeting(**said)


def _how_many(sent: Any) -> str:
    return "(many)" if isinstance(sent, list) else "(one)"


NewMeetings = Annotated[
    Annotated[MeetingIn, Tag("(one)")]
    | Annotated[list[MeetingIn], Field(min_length=1, max_length=2_000), Tag("(many)")],
    Discriminator(_how_many),
]


class MeetingChange(MeetingPatch):
    """Changes to a meeting: what is absent stays, null clears. `note` is one line for those who are told."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"date": "2022-05-31", "note": "The room was needed.", "expected_version": 1}]}
    )

    expected_version: Version | None = None
    note: OptionalLine | None = None

    def said(self) -> dict[str, Any]:
        """What was sent of the meeting itself."""
        return {name: value for name, value in self.sent().items() if name != "note"}
