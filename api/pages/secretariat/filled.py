"""A form as somebody filled it in, read as the shapes take it: what cannot be read is told of at its field."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qs

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from api.pages.cities import find
from api.pages.door import ticked
from api.pages.rendering import READ
from api.pages.viewer import viewer_of
from api.web.problems import shape_refusal
from scheduler.clock.zones import ZONE_NAMES, parse_date, parse_time
from scheduler.errors import Fault, Meaningless

S = TypeVar("S", bound=BaseModel)
CHOOSE = "choose"
"""The field of buttons that settle a local time: each says which fields are to be what, as an address would."""

_MINUTE = 60
_ = str
"""Marks a sentence for the catalogues: it is said in the reader's language where a page shows it."""
_NO_MINUTES = _("Give minutes as a number, such as 3 or 1.5.")
_NO_ZONE = _("There is no such time zone. Choose it by the name of a city.")
_CORRECT = _("Some of this cannot be taken. Correct what is marked.")


def fields_of(request: Request) -> Mapping[str, list[str]]:
    """What a form, or an address, says, after what its buttons settle."""
    asked = request.query_params
    sent = {name: asked.getlist(name) for name in asked} if request.method in READ else ticked(request)
    return {**sent, **parse_qs(sent[CHOOSE][-1], max_num_fields=4)} if sent.get(CHOOSE) else sent


class Filled:
    """A form's fields by the names that the API has for them. `wrong` are the faults found while reading."""

    def __init__(self, fields: Mapping[str, list[str]], language: str = "en") -> None:
        self.fields = fields
        self.wrong: dict[str, Fault] = {}
        self._language = language

    @classmethod
    def of(cls, request: Request) -> "Filled":
        """The form that a request sent."""
        return cls(fields_of(request), viewer_of(request).language)

    def raw(self, name: str) -> str:
        """What was written, without blanks around it."""
        return (self.fields.get(name) or [""])[-1].strip()

    def text(self, name: str) -> str | None:
        """The same; None for nothing."""
        return self.raw(name) or None

    def many(self, name: str) -> list[str]:
        """All that was ticked."""
        return [each for each in self.fields.get(name, ()) if each]

    def parts(self, name: str) -> list[str]:
        """What was written with commas or on lines of its own."""
        return [part.strip() for part in self.raw(name).replace("\n", ",").split(",") if part.strip()]

    def flag(self, name: str) -> bool:
        """Whether it was ticked."""
        return bool(self.fields.get(name))

    def number(self, name: str) -> int | str | None:
        """A whole number; the text where it is none."""
        text = self.raw(name)
        return int(text) if text.isascii() and text.isdecimal() else text or None

    def seconds(self, name: str) -> int | None:
        """Seconds of what was written in minutes."""
        text = self.raw(name).replace(",", ".")
        if not text:
            return None
        try:
            return round(float(text) * _MINUTE)
        except (ValueError, OverflowError):
            self._fault(name, _NO_MINUTES)
            return None

    def time(self, name: str) -> str:
        """A wall clock; `9:00` and `0900` are meant as 09:00."""
        text = self.raw(name).replace(".", ":")
        if ":" not in text and len(text) == 4:  # noqa: PLR2004  -- hours and minutes
            text = f"{text[:2]}:{text[2:]}"
        return self._checked(name, text.rjust(5, "0") if text else "", parse_time)

    def date(self, name: str) -> str:
        """A date."""
        return self._checked(name, self.raw(name), parse_date)

    def zone(self, name: str) -> str:
        """A zone by its name or by that of its city."""
        text = self.raw(name)
        if text in ZONE_NAMES or not text:
            return text
        found = {each.zone for each in find(text, self._language)}
        if len(found) == 1:
            return found.pop()
        self._fault(name, _NO_ZONE)
        return text

    def fold(self, name: str) -> int | None:
        """Which of two equal wall clocks is meant."""
        text = self.raw(name)
        return int(text) if text in {"0", "1"} else None

    def moment(self, name: str) -> dict[str, Any] | None:
        """A written deadline; None where nothing was written."""
        if not (self.raw(f"{name}.date") or self.raw(f"{name}.time")):
            return None
        return {
            "date": self.date(f"{name}.date"),
            "time": self.time(f"{name}.time"),
            "timezone": self.zone(f"{name}.timezone"),
            "fold": self.fold(f"{name}.fold"),
        }

    def shaped(self, shape: type[S], said: Mapping[str, Any]) -> S:
        """What was said as a shape. Raises Meaningless with a fault for each field that cannot be taken."""
        faults: dict[str, Fault] = {}
        try:
            made = shape.model_validate(dict(said))
        except ValidationError as error:
            placed = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
            faults = {fault.field: fault for fault in shape_refusal(placed).faults}
        if faults or self.wrong:
            raise Meaningless(_CORRECT, faults=tuple((faults | self.wrong).values()))
        return made

    def _checked(self, name: str, text: str, parse: Any) -> str:
        try:
            parse(text, field=name)
        except Meaningless as refusal:
            self._fault(name, refusal.sentence)
        return text

    def _fault(self, name: str, sentence: str) -> None:
        self.wrong[name] = Fault(name, sentence)
