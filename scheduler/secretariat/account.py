"""The account of a load: what was made, changed and left, and every fault with its place."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scheduler.errors import Fault, Meaningless, Refusal
from scheduler.journal.entries import Entry
from scheduler.secretariat.document import Place
from scheduler.secretariat.reading import ProgrammeFile, stand_in_of
from scheduler.storage.writer import Tx

T = TypeVar("T")
_NUMBER = re.compile(r"\.(\d+)")
_NEEDED = frozenset({"email", "number", "date", "start", "end"})
"""What nothing can stand in for: where it has a fault, the part is not looked at any further."""

_ORDER = ("bodies", "organisations", "sessions", "people")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a load makes or changes. `what` is as in "meeting changed", `fields` are those that change."""

    what: str
    place: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What a load did, or would do."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    changes: list[Change] = field(default_factory=list)


class Lost(Exception):  # noqa: N818  -- how a part says that what it refers to has a fault itself
    """Not a fault of its own: what stands at `field` refers to a part of the file that has one."""

    def __init__(self, field_: str) -> None:
        super().__init__(field_)
        self.field = field_


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file that is being loaded. `about` stands before its faults' sentences, where it has to."""

    kind: str
    place: Place
    new: bool
    about: str = ""


class Account:
    """Keeps the report and the faults of one load; `progress` hears how many parts are done."""

    def __init__(self, tx: Tx, file: ProgrammeFile, progress: Callable[[int], None]) -> None:
        self.tx = tx
        self.file = file
        self.report = Report()
        self.faults: dict[str, Fault] = {fault.field: fault for fault in file.faults}
        self.lost: set[tuple[str, str]] = set()
        """Parts that could not be loaded, as ("bodies", code): what refers to them has no fault of its own."""
        self._progress = progress
        self._done = 0

    def require_none(self) -> None:
        """Raises Meaningless with every fault, if there is one."""
        if self.faults:
            number = len(self.faults)
            sentence = f"The {self.file.called} has {number} fault{'s' if number > 1 else ''}; nothing was changed."
            raise Meaningless(sentence, faults=tuple(sorted(self.faults.values(), key=_in_file)))

    def tried(
        self,
        part: Part,
        said: Mapping[str, Any],
        do: Callable[[dict[str, Any]], T],
        *,
        passed_on: tuple[type[Refusal], ...] = (),
    ) -> T | None:
        """Does what the file says; takes down why it was refused, and tries again without what has a fault.

        So all that is wrong with a part is found, and what hangs on it too. Raises the refusals of `passed_on`.
        """
        left, settled, fine = dict(said), set[str](), True
        before = len(self.tx.notes)
        while True:
            try:
                made = do(left)
            except passed_on:
                raise
            except Lost as lost:
                fields = {lost.field}
            except Refusal as refusal:
                fields = self.refused(part, refusal)
            else:
                self._count(part, before, fine=fine)
                return made
            fine = False
            fields = (fields & left.keys()) - settled
            if not fields or (part.new and not _mended(left, fields, part.place)):
                self.step()
                return None
            for name in fields if not part.new else ():
                del left[name]
            settled |= fields

    def refused(self, part: Part, refusal: Refusal) -> set[str]:
        """Takes down a refusal; the fields of the part that it is about."""
        faults = refusal.faults or (Fault("", refusal.sentence),)
        for fault in faults:
            self.fault(part.place, fault.field, f"{part.about}{fault.message}")
        return {top(fault.field) for fault in faults}

    def fault(self, place: Place, field_: str, sentence: str) -> None:
        """Takes down a fault at a field of a part; the first at a place stands."""
        inside = _NUMBER.sub(r"[\1]", f".{field_}")[1:] if field_ else ""
        where = self.file.place((*place, inside) if inside else place)
        self.faults.setdefault(where, Fault(where, sentence))

    def step(self) -> None:
        """One part more is done."""
        self._done += 1
        self._progress(self._done)

    def _count(self, part: Part, before: int, *, fine: bool) -> None:
        entries: list[Entry] = self.tx.notes[before:]
        report = self.report
        self.step()
        if not fine:
            return
        if part.new:
            report.created += 1
        elif entries:
            report.changed += 1
        else:
            report.unchanged += 1
        if part.new or entries:
            fields = () if part.new else tuple(sorted(_fields(entries)))
            what = f"{part.kind} {'created' if part.new else 'changed'}"
            report.changes.append(Change(what, self.file.place(part.place), fields))


def top(field_: str) -> str:
    """The name that a field's place begins with."""
    return re.split(r"[.\[]", field_)[0]


def _in_file(fault: Fault) -> tuple[tuple[int, int, str], ...]:
    """Sorts faults as their places stand in a file."""
    parts = re.findall(r"\d+|[^\d.\[\]]+", fault.field)
    first = _ORDER.index(parts[0]) if parts and parts[0] in _ORDER else len(_ORDER)
    return ((first, 0, ""), *((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts[1:]))


def _mended(left: dict[str, Any], fields: Iterable[str], place: Place) -> bool:
    """Replaces or leaves out fields of something new; whether that can be done."""
    for name in fields:
        stand_in = stand_in_of(name, place)
        if stand_in is not None:
            left[name] = stand_in
        elif name in _NEEDED:
            return False
        else:
            del left[name]
    return True


def _fields(entries: Iterable[Entry]) -> set[str]:
    """The fields that journal entries tell of."""
    found: set[str] = set()
    for entry in entries:
        data = entry.data or {}
        before, after = data.get("before"), data.get("after")
        if "fields" in data:
            found |= set(data["fields"])
        elif isinstance(before, dict) and isinstance(after, dict):
            found |= {name for name in before if before[name] != after.get(name)} - {"starts_at", "ends_at"}
        else:
            found.add("roles" if entry.kind.startswith("role.") else "status")
    return found
