"""Reading a programme file: every fault of its shape is named with its place, and the rest can still be looked at.

What has a fault is mended for the look only: a field that cannot be read is left out or stands in for itself, a part
that cannot be read goes. A file with any fault is never loaded.
"""

import datetime as dt
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scheduler.errors import Fault, Meaningless
from scheduler.secretariat.document import Document, Place

MOST_BYTES = 10_000_000
STAND_IN = "stand-in"
"""How the stand-in of a code, a name or a title begins."""

STAND_INS = {"timezone": "UTC", "category": "ngo", "starts_on": "1970-01-01", "ends_on": "2100-12-31"}
"""What a needed field that has a fault is taken for, so that what hangs on it can be looked at."""

_NAMING = frozenset({"body", "code", "name", "title"})
_SENTENCES = {
    "missing": "This is needed and is not there.",
    "model_type": "Here stands an object, names with their values.",
    "extra_forbidden": "There is no such name here. Look at the JSON Schema or docs/programme-file.md.",
}
_MOST_ROUNDS = 50


@dataclass(slots=True)
class ProgrammeFile:
    """A file that was read. `faults` are those of its shape; where there are any, `document` is mended for a look."""

    called: ClassVar[str] = "programme"

    document: Document
    faults: list[Fault] = field(default_factory=list)
    _value: Any = None
    _origins: dict[int, list[int]] = field(default_factory=dict)

    def place(self, parts: Iterable[int | str]) -> str:
        """A place of the document as the file has it: `sessions[3].meetings[2].start`, counted from 0."""
        here, text = self._value, ""
        for part in parts:
            if isinstance(part, int):
                origins = self._origins.get(id(here))
                text += f"[{origins[part] if origins and part < len(origins) else part}]"
            else:
                text += f".{part}"
            here = _inside(here, part)
        return text.lstrip(".")


def read(data: bytes, *, toml: bool) -> ProgrammeFile:
    """What is in the bytes of a TOML or JSON file.

    Raises:
        Meaningless: it cannot be read at all, with the line and column where it is no TOML or JSON any more.
    """
    if len(data) > MOST_BYTES:
        raise Meaningless(f"The file has more than {MOST_BYTES:,} bytes. Divide it.")
    try:
        text = data.decode("utf-8-sig")
        return checked(tomllib.loads(text) if toml else json.loads(text))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Meaningless(f"The file is not UTF-8: look at line {line}.") from error
    except RecursionError as error:
        raise Meaningless("The file is nested too deeply to be a programme.") from error
    except ValueError as error:
        raise Meaningless(f"The file is no {'TOML' if toml else 'JSON'}: {error}.") from error


def checked(parsed: object, found: ProgrammeFile | None = None) -> ProgrammeFile:
    """What is in parsed TOML or JSON, put into `found`; faults of its shape are in it, not raised."""
    found = found or ProgrammeFile(Document())
    value = found._value = _texts(parsed)  # noqa: SLF001  -- of this file
    if not isinstance(value, dict):
        found.faults.append(Fault("", "A programme is an object with bodies, organisations, sessions, people."))
        return found
    for number in range(_MOST_ROUNDS):
        try:
            found.document = Document.model_validate(value)
            break
        except ValidationError as error:
            errors = error.errors(include_url=False, include_context=False, include_input=False)
        if number == 0:
            found.faults += _faults(found, errors)
        _mend(found, errors)
    return found


def stand_in_of(name: str, where: Place) -> str | None:
    """What stands in for a field at a place in a document; None: nothing can."""
    if name in _NAMING:
        number = max((part for part in where[-2:] if isinstance(part, int)), default=0)
        return STAND_IN if name == "body" else f"{STAND_IN}-{number}"
    return STAND_INS.get(name)


def _faults(found: ProgrammeFile, errors: list[ErrorDetails]) -> list[Fault]:
    """One fault a place, in the order of the file."""
    faults: dict[str, Fault] = {}
    for error in errors:
        named = error["loc"][-1:] if error["type"] == "missing" else ()
        where = found.place((*_existing(found, error), *named))
        sentence = _SENTENCES.get(error["type"], error["msg"].removeprefix("Value error, "))
        faults.setdefault(where, Fault(where, sentence if sentence.endswith(".") else f"{sentence}."))
    return list(faults.values())


def _existing(found: ProgrammeFile, error: ErrorDetails) -> Place:
    """The part of an error's place that is there in the file; pydantic adds names of its own to it."""
    here, parts = found._value, []  # noqa: SLF001  -- of this file
    for part in error["loc"]:
        inside = _inside(here, part)
        if inside is not _NOTHING:
            here = inside
            parts.append(part)
    return tuple(parts)


def _mend(found: ProgrammeFile, errors: list[ErrorDetails]) -> None:
    """Leaves out what has a fault, each by itself where that is enough."""
    going: dict[int, tuple[list[Any], set[int]]] = {}
    for error in errors:
        where = _existing(found, error)
        missing = error["loc"][-1] if error["type"] == "missing" else None
        holder, last = _holder(found, where, missing)
        if isinstance(holder, dict) and isinstance(last, str):
            stand_in = stand_in_of(last, where)
            if stand_in and error["type"] != "extra_forbidden":
                holder[last] = stand_in
            elif missing is None:
                holder.pop(last, None)
            else:
                _let_go(found, where, going)
        else:
            _let_go(found, where, going)
    for list_, numbers in going.values():
        origins = found._origins.setdefault(id(list_), list(range(len(list_))))  # noqa: SLF001  -- of this file
        for number in sorted(numbers, reverse=True):
            del list_[number], origins[number]


def _holder(found: ProgrammeFile, where: Place, missing: int | str | None) -> tuple[Any, int | str | None]:
    path = where if missing is None else (*where, missing)
    here = found._value  # noqa: SLF001  -- of this file
    for part in path[:-1]:
        here = _inside(here, part)
    return here, path[-1] if path else None


def _let_go(found: ProgrammeFile, where: Place, going: dict[int, tuple[list[Any], set[int]]]) -> None:
    """Takes down the innermost element of a list at or above a place."""
    here, innermost = found._value, None  # noqa: SLF001  -- of this file
    for part in where:
        if isinstance(here, list) and isinstance(part, int):
            innermost = here, part
        here = _inside(here, part)
    if innermost is not None:
        list_, number = innermost
        going.setdefault(id(list_), (list_, set()))[1].add(number)


_NOTHING = object()


def _inside(here: Any, part: int | str) -> Any:
    if isinstance(here, dict):
        return here.get(part, _NOTHING)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return _NOTHING


def _texts(value: object) -> object:
    """A copy, with TOML's own dates and times as their texts."""
    if isinstance(value, dict):
        return {key: _texts(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_texts(part) for part in value]
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value
