"""What a form tried and how it was refused: what was written is kept, and told of where it stands."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from api.delivery.letters.dates import on_clock
from api.pages.secretariat.filled import fields_of
from api.pages.times import Times
from scheduler.clock.zones import ZONE_NAMES, parse_instant
from scheduler.errors import Fault, Forbidden, Meaningless, NotFound, NotSignedIn, Refusal, VersionConflict

T = TypeVar("T")
_FREE = frozenset({"form", "do", "choose", "expected_version"})
_LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A local time that can be meant where the written one cannot; `value` is what its button says."""

    value: str
    time: str
    day: str
    offset: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed, or left otherwise: as it is now, and as it was written here."""

    field: str
    now: str
    written: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was refused; an empty one before anything was tried."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    refusal: Refusal | None = None

    def value(self, name: str, stored: object = None) -> str:
        """What was written, or else what is stored."""
        if self.fields:
            return (self.fields.get(name) or [""])[-1]
        return "" if stored is None else str(stored)

    def values(self, name: str, stored: Collection[str] = ()) -> list[str]:
        """What was ticked, or else what is stored."""
        return self.fields.get(name, []) if self.fields else list(stored)

    def faults(self, name: str) -> list[str]:
        """What is wrong with a field or a part of it."""
        found = self.refusal.faults if self.refusal else ()
        return [each.message for each in found if each.field == name or each.field.startswith(f"{name}.")]

    @property
    def elsewhere(self) -> list[Fault | Refusal]:
        """What is wrong and concerns no field that the form has."""
        if self.refusal is None:
            return []
        names = self.fields.keys() - _FREE
        apart = [each for each in self.refusal.faults if not any(_at(each.field, name) for name in names)]
        if apart:
            return list({each.message: each for each in apart}.values())
        return [] if isinstance(self.refusal, Meaningless) else [self.refusal]

    @property
    def conflict(self) -> bool:
        """Whether somebody else changed it first."""
        return isinstance(self.refusal, VersionConflict)

    def version(self, stored: int) -> int:
        """The version that the form is about: after a conflict the one whose differences are shown."""
        return int(self.refusal.data["current"].version) if self.refusal and self.conflict else stored

    @property
    def differences(self) -> list[Difference]:
        """After a conflict: where what is stored now is not what was written here."""
        if self.refusal is None or not self.conflict:
            return []
        current = self.refusal.data["current"]
        names = [name for name in dict.fromkeys(self.fields) if name not in _FREE and hasattr(current, name)]
        pairs = [(name, _shown(name, getattr(current, name)), ", ".join(self.fields[name]).strip()) for name in names]
        return [Difference(*each) for each in pairs if each[1] != each[2]]

    def choices(self, times: Times, zone: str) -> list[Choice]:
        """The local times that can be meant instead, on the clock of the place; none where that is not the matter."""
        if self.refusal is None or not self.refusal.faults:
            return []
        at = self.refusal.faults[0].field
        base, _, last = at.rpartition(".")
        written = self.value(f"{base}.timezone" if last == "time" else "timezone")
        place = written if written in ZONE_NAMES else zone
        return [_choice(times, base, last, each, place) for each in self.refusal.data.get("candidates", ())]


def _choice(times: Times, base: str, last: str, candidate: Mapping[str, Any], zone: str) -> Choice:
    moment = parse_instant(str(candidate["starts_at"]), field="starts_at")
    there = on_clock(moment, zone)
    within = f"{base}." if base else ""
    if "fold" in candidate:
        settles = {f"{within}fold": str(candidate["fold"])}
    else:
        settles = {f"{within}{last}": candidate["time"]}
        settles |= {} if last == "end" else {f"{within}date": candidate["date"]}
    shown = Times(times.language, moment, zone)
    return Choice(urlencode(settles), f"{there:%H:%M}", times.written(there.date()), shown.utc_offset(zone))


async def attempt(request: Request, do: Callable[[], Awaitable[T]]) -> T | Tried:
    """Does it, or says how it was refused. What she may not do or know of, and who is not signed in, is raised."""
    try:
        return await do()
    except (NotSignedIn, NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return Tried(fields_of(request), refusal)


def _at(place: str, name: str) -> bool:
    return place == name or place.startswith(f"{name}.")


def _shown(name: str, value: object) -> str:
    """A stored value as its field in a form has it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, list | tuple):
        return ", ".join(_shown(name, each) for each in value)
    if isinstance(value, int) and name.endswith("_seconds"):
        return minutes(value)
    return str(getattr(value, "id", value))[:_LONGEST_SHOWN]


def minutes(seconds: int | None) -> str:
    """Seconds as a form has them: `3`, `1.5`."""
    return "" if seconds is None else f"{seconds / 60:g}"
