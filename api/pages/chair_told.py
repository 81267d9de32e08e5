"""What the console tells of acts: the last one and how it is taken back, what another chair did meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from api.delivery.letters.dates import clock_time
from api.pages.chair_acts import MENDING, Unclear
from api.pages.chair_words import ChairsWords
from scheduler.errors import Refusal, VersionConflict
from scheduler.floor.lately import CHANGED, Happened, lately, to_take_back
from scheduler.floor.reading import Standing, named
from scheduler.floor.states import CHANGES, allowed
from scheduler.people.views import Named
from scheduler.storage.connection import Connection

_MOST = 5
_NO_COMMAND = frozenset({CHANGED, *CHANGES})


@dataclass(frozen=True, slots=True)
class Tried:
    """What a form tried and how it was refused: what was written is kept."""

    fields: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def like(self) -> list[Named]:
        """The delegations that may have been meant."""
        return self.refusal.like if isinstance(self.refusal, Unclear) else []

    @property
    def late(self) -> int | None:
        """The version of the floor that she saw, where somebody else was first."""
        seen = self.fields.get("expected_version", "")
        return int(seen) if isinstance(self.refusal, VersionConflict) and seen.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened: its number, when on the venue's clock, what, and by whom unless it was herself."""

    number: int
    at: str
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class Undo:
    """The form that takes the last act back, and that act as a sentence."""

    fields: Mapping[str, str]
    what: str

    @property
    def mends(self) -> bool:
        """Whether that act was no command of the floor."""
        return self.fields["command"] in MENDING


def lines(conn: Connection, here: Standing, words: ChairsWords, me: str | None) -> list[Line]:
    """What happened last on this floor, the last one last. `me` is who looks."""
    told = lately(conn, here, max(here.floor.version - _MOST, 0), _MOST)
    return [_line(here, words, each, me) for each in told]


def undo(conn: Connection, here: Standing, words: ChairsWords, back: str) -> Undo | None:
    """How the last act is taken back. `back` is what an address keeps of an act that is no command of the floor's.

    That goes first, unless a command has followed it.
    """
    said = dict(parse_qsl(back))
    since = said.pop("since", "")
    if said.get("command") in MENDING and since.isdecimal():
        followed = lately(conn, here, int(since), _MOST)
        if all(each.event.command in _NO_COMMAND for each in followed):
            return Undo(said, _mended(conn, here, words, said))
    last = to_take_back(conn, here)
    if last is None or here.cancelled or "undo" not in allowed(here.floor):
        return None
    return Undo({"command": "undo"}, words.happened(last))


def _line(here: Standing, words: ChairsWords, each: Happened, me: str | None) -> Line:
    by = each.by.name if each.by and each.by.id != me else ""
    return Line(each.number, clock_time(each.event.at, here.meeting.timezone), words.happened(each), by)


def _mended(conn: Connection, here: Standing, words: ChairsWords, said: Mapping[str, str]) -> str:
    turn = named(conn, here.floor).turns.get(said.get("slot", ""))
    return words.mended(said["command"], turn)
