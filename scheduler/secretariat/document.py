"""The programme file: its shape (docs/programme-file.md) and the reading of it. Pure.

The same structure as TOML or as JSON. What is written with days and times of TOML's own is taken as their text.
"""

import datetime as dt
import json
import tomllib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scheduler.errors import Fault, Meaningless
from scheduler.people.rules import Category, Language, Region, Role

MOST_BYTES = 10_000_000
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")]
Time = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM on the wall clock")]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Long = Annotated[str, Field(max_length=20_000)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Moment = str | dict[str, Any]
"""An instant, or {date, time, timezone, fold?}."""


class Part(BaseModel):
    """A part of the file; a name that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid")

    def said(self, *without: str) -> dict[str, Any]:
        """What the file says of it, by the contract's names."""
        return self.model_dump(exclude_unset=True, by_alias=True, exclude=set(without))


class BodyPart(Part):
    """A body, known by its code."""

    code: Text
    name: Text
    description: Long | None = None


class OrganisationPart(Part):
    """An organisation, known by its name."""

    name: Text
    category: Category
    country: str | None = None
    region: Region | None = None
    groups: list[Text] = []


class RolePart(Part):
    """A role; without a scope on the whole service. An organisation is named by its name."""

    role: Role
    body: Text | None = None
    session: Text | None = None
    organisation: Text | None = None


class PersonPart(Part):
    """A person, known by the e-mail address. `organisation` is a name."""

    email: Text
    name: Text
    timezone: Text = "UTC"
    language: Language = "en"
    organisation: Text | None = None
    roles: list[RolePart] = []


class DeadlinePart(Part):
    """A deadline of a session."""

    title: Text
    at: Moment


class ItemPart(Part):
    """An agenda item, known by its number; `parent` is another's number."""

    number: Text
    title: Text
    parent: Text | None = None


class ListPart(Part):
    """A list of speakers, known by its title in its meeting; `item` is a number."""

    title: Text
    allocation: Literal["queue", "timed"] = "timed"
    item: Text | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    modes: list[Literal["in_person", "remote", "video"]] | None = None
    window: dict[str, Any] | None = None
    slot_seconds: Seconds | None = None
    gap_seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    seconds_default: Seconds = 180
    capacity: Annotated[int, Field(ge=1, le=1_000)] | None = None
    one_per_organisation: bool = False


class Sitting(Part):
    """What meetings of a day pattern and meetings written one by one have in common; `items` are numbers."""

    timezone: Text | None = None
    room: Text | None = None
    format: Literal["hybrid", "in_person", "online"] | None = None
    languages: list[Language] = []
    items: list[Text] = []
    remote_budget_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    end_if_exceeded: Time | None = None
    webcast_url: Text | None = None
    join_url: Text | None = None
    links_for: Literal["accredited", "speakers"] = "accredited"
    lists: list[ListPart] = []


class MeetingPart(Sitting):
    """A meeting, known by its number: the one given or, without, its place among the session's meetings."""

    number: Annotated[int, Field(ge=1, le=100_000)] | None = None
    title: Text | None = None
    date: Day
    start: Time
    end: Time
    fold: Literal[0, 1] | None = None


class DaysPart(Sitting):
    """A day's pattern repeated over the weekdays from `first` to `last`; `but` are days without meetings."""

    first: Day
    last: Day
    but: list[Day] = []
    at: Annotated[list[tuple[Time, Time]], Field(min_length=1, max_length=10, description="[start, end] of each")]


class AccreditationPart(Part):
    """An organisation's accreditation, known by the organisation's name."""

    organisation: Text
    status: Literal["pending", "approved", "objected"] = "approved"
    note: Text | None = None


class SessionPart(Part):
    """A session, known by its code."""

    code: Text
    body: Text
    title: Text
    timezone: Text
    starts_on: Day
    ends_on: Day
    kind: Literal["session", "intersessional", "briefing"] = "session"
    format: Literal["hybrid", "in_person", "online"] = "hybrid"
    city: Text | None = None
    venue: Text | None = None
    description: Long | None = None
    deadlines: list[DeadlinePart] = []
    reply_seconds: list[Seconds] = [600, 300]
    status: Literal["draft", "published", "cancelled"] = "published"
    items: list[ItemPart] = []
    days: list[DaysPart] = []
    meetings: list[MeetingPart] = []
    accreditations: list[AccreditationPart] = []


class Document(Part):
    """A whole programme."""

    bodies: list[BodyPart] = []
    organisations: list[OrganisationPart] = []
    sessions: list[SessionPart] = []
    people: list[PersonPart] = []


def read(data: bytes, *, toml: bool) -> Document:
    """The document in the bytes of a TOML or JSON file.

    Raises:
        Meaningless: it is none; each fault with its place, such as `sessions[3].meetings[2].start`.
    """
    if len(data) > MOST_BYTES:
        raise Meaningless(f"The file has more than {MOST_BYTES:,} bytes. Divide it.")
    try:
        text = data.decode()
        parsed = tomllib.loads(text) if toml else json.loads(text)
    except UnicodeDecodeError as error:
        raise Meaningless(f"The file is not UTF-8: byte {error.start} is none of it.") from error
    except (ValueError, RecursionError) as error:
        raise Meaningless(f"The file cannot be read: {error}.") from error
    return checked(parsed)


def checked(parsed: object) -> Document:
    """The document in parsed JSON or TOML. Raises Meaningless, each fault with its place."""
    try:
        return Document.model_validate(_texts(parsed))
    except ValidationError as error:
        faults = tuple(Fault(place(each["loc"]), each["msg"]) for each in error.errors())
        raise Meaningless(f"The programme has {len(faults)} faults; nothing was changed.", faults=faults) from error


def place(parts: tuple[int | str, ...]) -> str:
    """A place in the file: `sessions[3].meetings[2].start`, counted from 0."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file."""
    described = Document.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Rostrum programme", **described}


def _texts(value: object) -> object:
    """TOML's own dates and times as their texts."""
    if isinstance(value, dict):
        return {key: _texts(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_texts(part) for part in value]
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value
