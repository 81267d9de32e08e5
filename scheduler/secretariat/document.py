"""The programme file as a typed model: what may stand in it (docs/programme-file.md), and its JSON Schema. Pure."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from scheduler.clock.zones import parse_date, parse_time
from scheduler.errors import Meaningless
from scheduler.people.rules import Category, Language, Region, Role
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


def _day(text: str) -> str:
    try:
        return parse_date(text, field="").isoformat()
    except Meaningless as refusal:
        raise ValueError(refusal.sentence) from refusal


def _time(text: str) -> str:
    try:
        return f"{parse_time(text, field=''):%H:%M}"
    except Meaningless as refusal:
        raise ValueError(refusal.sentence) from refusal


Whole = BeforeValidator(whole)
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MOST_OF_A_LINE),
    Whole,
    AfterValidator(one_line),
    AfterValidator(something),
]
Long = Annotated[str, StringConstraints(max_length=MOST_OF_A_TEXT), Whole, AfterValidator(long_text)]
Url = Annotated[str, StringConstraints(max_length=MOST_OF_AN_ADDRESS), Whole, AfterValidator(web_address)]
Day = Annotated[
    str,
    AfterValidator(_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "examples": ["2022-06-13"]}),
]
Time = Annotated[
    str,
    AfterValidator(_time),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["10:00"]}),
]
Seconds = Annotated[int, Field(strict=True, ge=1, le=86_400)]
SecondsOrNone = Annotated[int, Field(strict=True, ge=0, le=86_400)]
Fold = Annotated[
    int, Field(strict=True, ge=0, le=1, description="Which of the two, where this local time exists twice.")
]
Format = Literal["hybrid", "in_person", "online"]
Mode = Literal["in_person", "remote", "video"]
Place = tuple[int | str, ...]
"""Where something stands in a file: names and numbers, from outside to inside."""

Sittings = Annotated[
    list[tuple[Time, Time]],
    Field(min_length=1, max_length=24, description="Start and end of each meeting of a day."),
]


class Part(BaseModel):
    """A part of the file; a name that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    def said(self, *without: str) -> dict[str, Any]:
        """Only what the file says of it."""
        return self.model_dump(exclude_unset=True, exclude=set(without))


class WrittenPart(Part):
    """A moment on a wall clock, in the named place's time."""

    date: Day
    time: Time
    timezone: Line
    fold: Fold | None = None


Moment = Annotated[
    Annotated[str, Whole, Tag("instant")] | Annotated[WrittenPart, Tag("written")],
    Discriminator(lambda value: "instant" if isinstance(value, str) else "written"),
    Field(description="An instant such as 2022-06-10T22:00:00Z, or a wall clock with its zone."),
]


class BodyPart(Part):
    """A body, known by its code."""

    code: Line
    name: Line
    description: Long | None = None


class OrganisationPart(Part):
    """An organisation, known by its name."""

    name: Line
    category: Category
    country: Annotated[str, Field(max_length=2, description="ISO 3166 alpha-2."), Whole] | None = None
    region: Region | None = None
    groups: Annotated[list[Line], Field(max_length=50)] = []


class RolePart(Part):
    """A role on a body or session (its code) or an organisation (its name); on none of them: the whole service."""

    role: Role
    body: Line | None = None
    session: Line | None = None
    organisation: Line | None = None


class PersonPart(Part):
    """A person, known by the e-mail address. `roles`, where it stands, replaces all that she has."""

    email: Line
    name: Line
    timezone: Line = "UTC"
    language: Language = "en"
    organisation: Line | None = None
    """The name of the organisation in whose name she may speak."""
    roles: Annotated[list[RolePart], Field(max_length=100)] = []


class DeadlinePart(Part):
    """A deadline of a session."""

    title: Line
    at: Moment


class ItemPart(Part):
    """An agenda item, known by its number, which is a text: "5", "5 (a)"."""

    number: Line
    title: Line
    parent: Line | None = None
    """The number of the item that it stands below."""
    status: Literal["pending", "started", "ended"] = "pending"


class WindowPart(Part):
    """A part of a meeting."""

    start: Time
    end: Time
    fold: Fold | None = None


class ClosesWhenPart(Part):
    """Closes as an agenda item reaches a state."""

    item: Line
    """The item's number."""
    state: Literal["started", "ended"]


class ListPart(Part):
    """A list of speakers, known by its title in its meeting."""

    title: Line
    allocation: Literal["queue", "timed"] = "timed"
    item: Line | None = None
    """The number of the agenda item that it is on."""
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    closes_when: ClosesWhenPart | None = None
    modes: Annotated[list[Mode], Field(max_length=3)] | None = None
    """What the list offers; all that the meeting's format has, where it says nothing."""
    window: WindowPart | None = None
    """What it has of the meeting; all that earlier lists leave, where it says nothing."""
    slot_seconds: Seconds | None = None
    """Needed in a timed list: how long each slot is."""
    gap_seconds: SecondsOrNone = 0
    seconds_default: Seconds = 180
    seconds_by_category: dict[Category, Seconds] | None = None
    capacity: Annotated[int, Field(strict=True, ge=1, le=1_000)] | None = None
    one_per_organisation: Annotated[bool, Field(strict=True)] = False


class Sitting(Part):
    """What meetings written one by one and those of a day's pattern have in common."""

    title: Line | None = None
    """By default its number: "3rd meeting"."""
    timezone: Line | None = None
    room: Line | None = None
    format: Format | None = None
    """By default the session's."""
    languages: Annotated[list[Language], Field(max_length=6)] = []
    items: Annotated[list[Line], Field(max_length=100)] = []
    """Numbers of agenda items."""
    remote_budget_seconds: SecondsOrNone | None = None
    end_if_exceeded: Time | None = None
    webcast_url: Url | None = None
    join_url: Url | None = None
    links_for: Literal["accredited", "speakers"] = "accredited"
    replies: Literal["after_list", "end_of_day"] = "after_list"
    lists: Annotated[list[ListPart], Field(max_length=100)] = []


class MeetingPart(Sitting):
    """A meeting, known by its number in the session; without one it gets the next that is free, by date and start."""

    number: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None
    date: Day
    start: Time
    end: Time
    fold: Fold | None = None
    status: Literal["scheduled", "cancelled"] = "scheduled"


class OtherDayPart(Sitting):
    """What is otherwise on one day of a pattern."""

    at: Sittings | None = None


class DaysPart(Sitting):
    """A day's meetings repeated from Monday to Friday between two days."""

    first: Day
    last: Day
    at: Sittings
    but: Annotated[list[Day], Field(max_length=1_000)] = []
    """Days without meetings."""
    on: dict[Day, OtherDayPart] = {}
    """Days on which something is otherwise, by date."""


class AccreditationPart(Part):
    """An organisation's accreditation in a session, known by the organisation's name."""

    organisation: Line
    status: Literal["pending", "approved", "objected"] = "approved"
    note: Line | None = None


class SessionPart(Part):
    """A session, known by its code."""

    code: Line
    body: Line
    """The code of its body."""
    title: Line
    timezone: Line
    starts_on: Day
    ends_on: Day
    kind: Literal["session", "intersessional", "briefing"] = "session"
    format: Format = "hybrid"
    city: Line | None = None
    venue: Line | None = None
    description: Long | None = None
    deadlines: Annotated[list[DeadlinePart], Field(max_length=100)] = []
    reply_seconds: Annotated[list[Seconds], Field(min_length=1, max_length=10)] = [600, 300]
    status: Literal["draft", "published", "cancelled"] = "published"
    items: Annotated[list[ItemPart], Field(max_length=1_000)] = []
    days: Annotated[list[DaysPart], Field(max_length=1_000)] = []
    meetings: Annotated[list[MeetingPart], Field(max_length=10_000)] = []
    accreditations: Annotated[list[AccreditationPart], Field(max_length=10_000)] = []


class Document(Part):
    """A whole programme. What it does not mention stays as it is."""

    bodies: Annotated[list[BodyPart], Field(max_length=1_000)] = []
    organisations: Annotated[list[OrganisationPart], Field(max_length=20_000)] = []
    sessions: Annotated[list[SessionPart], Field(max_length=2_000)] = []
    people: Annotated[list[PersonPart], Field(max_length=50_000)] = []


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the file."""
    described = Document.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Rostrum programme", **described}
