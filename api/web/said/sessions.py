"""What may be said of sessions, by programs and by forms."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, create_model

from api.web.shapes import (
    UNSENT,
    CodeText,
    Line,
    LongText,
    Moment,
    OptionalLine,
    PositiveSeconds,
    Reference,
    Shape,
    Version,
    WallDate,
    ZoneName,
)
from scheduler.programme import sessions

Kind = Literal["session", "intersessional", "briefing"]


Format = Literal["hybrid", "in_person", "online"]


Status = Literal["draft", "published", "cancelled"]


_EXAMPLE: dict[str, Any] = {
    "code": "ahc-2",
    "body": "ahc",
    "title": "Second session",
    "timezone": "Europe/Vienna",
    "starts_on": "2022-05-30",
    "ends_on": "2022-06-10",
    "city": "Vienna",
}


DeadlineIn = create_model(
    "DeadlineIn",
    __base__=Shape,
    __doc__="A deadline of the session: `at` or, as it was written, `as`.",
    title=(Line, ...),
    at=(Moment | None, None),
    written_as=(Moment | None, Field(default=None, alias="as")),
)


Replies = Annotated[list[PositiveSeconds], Field(min_length=1, max_length=10, description="Seconds of each reply.")]


class SessionPatch(Shape):
    """What may be said of a session."""

    code: CodeText = UNSENT
    body: Reference = UNSENT
    title: Line = UNSENT
    timezone: ZoneName = UNSENT
    starts_on: WallDate = UNSENT
    ends_on: WallDate = UNSENT
    kind: Kind | None = "session"
    format: Format | None = "hybrid"
    city: OptionalLine | None = None
    venue: OptionalLine | None = None
    description: LongText | None = None
    deadlines: Annotated[list[DeadlineIn], Field(max_length=100)] | None = []  # type: ignore[valid-type]  # noqa: RUF012  -- made above because `as` is a keyword
    reply_seconds: Replies | None = [600, 300]  # noqa: RUF012  -- pydantic copies defaults
    status: Status = "draft"

    def said(self) -> dict[str, Any]:
        """What was sent, deadlines with their outside names."""
        return self.model_dump(exclude_unset=True, by_alias=True, exclude={"expected_version", "note"})


class SessionIn(SessionPatch):
    """A new session."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    code: CodeText
    body: Reference
    title: Line
    timezone: ZoneName
    starts_on: WallDate
    ends_on: WallDate

    def new(self) -> sessions.NewSession:
        """As the act takes it."""
        return sessions.NewSession(**{name: value for name, value in self.said().items() if value is not None})


class SessionChange(SessionPatch):
    """Changes to a session: what is absent stays, null clears. `note` is one line for those who are told."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "published", "expected_version": 1}]})

    expected_version: Version | None = None
    note: OptionalLine | None = None


class SessionMove(Shape):
    """Where a whole session goes. `dry_run` only looks at it; `note` is one line for those who are told."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"starts_on": "2022-06-06", "dry_run": True}]})

    starts_on: WallDate
    dry_run: Annotated[bool, Field(strict=True)] = False
    expected_version: Version | None = None
    note: OptionalLine | None = None
