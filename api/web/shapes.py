"""Shapes of what comes in: the parts that many nouns share. Texts are cleaned, never refused for their characters."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from scheduler.ids import A_CODE, AN_ID, is_code, is_id
from scheduler.people import rules
from scheduler.storage.texts import (
    MOST_OF_A_LINE,
    MOST_OF_A_TEXT,
    MOST_OF_AN_ADDRESS,
    long_text,
    one_line,
    something,
    web_address,
    whole,
)


class Shape(BaseModel):
    """A body that may hold only what it names. For PATCH: `sent()` is what was really there."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    def sent(self) -> dict[str, Any]:
        """Only the fields that were sent; null is there as None. `expected_version`, which changes nothing, is not."""
        names = self.model_fields_set - {"expected_version"}
        return {name: getattr(self, name) for name in type(self).model_fields if name in names}


def _reference(text: str) -> str:
    if not (is_id(text) or is_code(text)):
        raise ValueError("This is neither an id nor a code.")
    return text


def _identity(text: str) -> str:
    if not is_id(text):
        raise ValueError("This is not an id.")
    return text


def _slug(text: str) -> str:
    if not is_code(text):
        raise ValueError("A code has lower-case letters, digits and hyphens inside, 63 at most, and is no id.")
    return text


def cleaned(text: str) -> str:
    """A one-line text from an address, cleaned as one in a body is."""
    return one_line(text)


def _shown(pattern: str) -> Any:
    """The pattern that a text must have, as the document shows it; it is checked elsewhere, with a better sentence."""
    return Field(json_schema_extra={"pattern": f"^{pattern}$"})


_NOT_EMPTY = Field(json_schema_extra={"minLength": 1})
"""What the document shows of a text that may not be empty; it is checked elsewhere, too."""

UNSENT: Any = Field(default=None)
"""The default of what may be left out and yet is never null."""

Whole = BeforeValidator(whole)
OptionalLine = Annotated[str, StringConstraints(max_length=MOST_OF_A_LINE), Whole, AfterValidator(one_line)]
Line = Annotated[
    str,
    StringConstraints(max_length=MOST_OF_A_LINE),
    Whole,
    AfterValidator(one_line),
    AfterValidator(something),
    _NOT_EMPTY,
]
LongText = Annotated[str, StringConstraints(max_length=MOST_OF_A_TEXT), Whole, AfterValidator(long_text)]
Id = Annotated[str, Whole, AfterValidator(_identity), _shown(AN_ID)]
Reference = Annotated[str, Whole, AfterValidator(_reference), _shown(A_CODE)]
WallDate = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2022-06-13"])]
WallTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["10:00"])]
CodeText = Annotated[str, Whole, AfterValidator(_slug), _shown(A_CODE), Field(examples=["ahc-2"])]
Url = Annotated[str, StringConstraints(max_length=MOST_OF_AN_ADDRESS), Whole, AfterValidator(web_address), _NOT_EMPTY]
ZoneName = Annotated[str, Field(max_length=64, examples=["Europe/Vienna"]), Whole, _NOT_EMPTY]
Fold = Annotated[
    int, Field(strict=True, ge=0, le=1, description="Which of the two, where this local time exists twice.")
]
Seconds = Annotated[int, Field(strict=True, ge=0, le=86_400)]
PositiveSeconds = Annotated[int, Field(strict=True, ge=1, le=86_400)]
Version = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
Language = rules.Language
Mode = Literal["in_person", "remote", "video"]
Category = rules.Category

DryRun = Annotated[bool, Query(description="Only looks at it: changes nothing, tells nobody, says who is affected.")]
Zone = Annotated[str | None, Query(max_length=64, description="An IANA zone: adds `viewer`, the same on its clock.")]


class WallMoment(Shape):
    """A moment on a wall clock."""

    date: WallDate
    time: WallTime
    timezone: ZoneName
    fold: Fold | None = None


def _how_written(sent: Any) -> str:
    return "(wall clock)" if isinstance(sent, dict | WallMoment) else "(instant)"


Moment = Annotated[
    Annotated[str, Field(max_length=40, examples=["2022-06-10T22:00:00Z"]), Tag("(instant)")]
    | Annotated[WallMoment, Tag("(wall clock)")],
    Discriminator(_how_written),
]
"""An instant, or a wall clock with its zone, which need not be the meeting's."""
