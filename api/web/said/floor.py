"""What may be said of a floor, by programs and by forms."""

from typing import Literal

from pydantic import ConfigDict, Field

from api.web.shapes import Id, Line, PositiveSeconds, Shape, Version

CommandName = Literal[
    "open", "announce", "call", "absent", "defer", "point_of_order", "right_of_reply", "suspend", "close", "undo",
    "start", "extend", "finish", "pause", "resume", "resume_meeting",
]  # fmt: skip


class CommandIn(Shape):
    """One command. `slot` is whom it means (default: the first of the queue, or the one who was called)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"command": "call", "expected_version": 17}]})

    command: CommandName
    slot: Id | None = None
    seconds: PositiveSeconds | None = Field(
        default=None, description="`extend`: by how many (60); `point_of_order`, `right_of_reply`: how long it may be."
    )
    organisation: Id | None = Field(default=None, description="Whose point of order or right of reply it is.")
    person: Id | None = Field(default=None, description="Who speaks for that organisation.")
    to: Literal["end", "next_meeting"] | None = Field(
        default=None, description="`defer`: to the end of her group, or to the next meeting on the item."
    )
    carry: bool = Field(
        default=True, strict=True, description="`close`: whether what is left goes on in the next meeting."
    )
    text: Line | None = Field(default=None, description="`announce`: what all who wait shall read.")
    expected_version: Version | None = None
