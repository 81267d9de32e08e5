"""Shapes of what comes in: the parts that many nouns share. Texts are cleaned, never refused for their characters."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from scheduler.ids import is_code, is_id
from scheduler.people import rules

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"\\^`{|}]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Shape(BaseModel):
    """A body that may hold only what it names. For PATCH: `sent()` is what was really there."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    def sent(self) -> dict[str, Any]:
        """Only the fields that were sent; null is there as None."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}


def _no_surrogates(value: object) -> object:
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _long(text: str) -> str:
    return _CONTROL_BUT_LINES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("Write something here; blanks alone say nothing.")
    return text


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


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or _NOT_IN_ADDRESSES.search(text):
        raise ValueError("Give an address that begins with https:// or http:// and has no blanks.")
    return text


def cleaned(text: str) -> str:
    """A one-line text from an address, cleaned as one in a body is."""
    return _one_line(text)


UNSENT: Any = Field(default=None)
"""The default of what may be left out and yet is never null."""

Whole = BeforeValidator(_no_surrogates)
OptionalLine = Annotated[str, Whole, StringConstraints(max_length=500), AfterValidator(_one_line)]
Line = Annotated[str, Whole, StringConstraints(max_length=500), AfterValidator(_one_line), AfterValidator(_said)]
LongText = Annotated[str, Whole, StringConstraints(max_length=20_000), AfterValidator(_long)]
Id = Annotated[str, Whole, AfterValidator(_identity)]
Reference = Annotated[str, Whole, AfterValidator(_reference)]
WallDate = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2022-06-13"])]
WallTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["10:00"])]
CodeText = Annotated[str, Whole, AfterValidator(_slug), Field(examples=["ahc-2"])]
Url = Annotated[str, Whole, StringConstraints(max_length=2_000), AfterValidator(_web_address)]
ZoneName = Annotated[str, Whole, Field(max_length=64, examples=["Europe/Vienna"])]
Fold = Annotated[Literal[0, 1], Field(description="Which of the two, where this local time exists twice.")]
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


Moment = Annotated[str, Field(max_length=40, examples=["2022-06-10T22:00:00Z"])] | WallMoment
"""An instant, or a wall clock with its zone, which need not be the meeting's."""
