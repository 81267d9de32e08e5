"""XLSX files: the rows of the first sheet that is shown. A file from a stranger: nothing in it is trusted.

A workbook is a zip of XML (ECMA-376). It is read with the standard library alone, in small pieces: what it unpacks to
is counted, a document type (where entities would be declared) is refused, no formula is followed, no other part of the
package is opened.
"""

import posixpath
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from scheduler.errors import Meaningless
from scheduler.secretariat.participants import Row, Unreadable

MOST_PARTS = 2_000
MOST_UNPACKED = 80_000_000
"""Bytes of XML; a list of 20,000 rows and 40 columns has 40 million."""

MOST_ELEMENTS = 3_000_000
_MOST_OF_A_TAG = 200_000
_MOST_OF_A_SMALL_PART = 10_000
_LAST_ROW = 1_048_576
_MOST_COLUMNS = 500
_MOST_OF_A_CELL = 1_000
_PIECE = 65_536
_DAMAGED = "This workbook is damaged or incomplete. Save it again as .xlsx."
_TOO_LARGE = "This workbook unpacks to far more than a list of people needs. Copy the list into a new workbook."
_FORMULA = "Here stands a formula. Replace it by its value (copy, then paste values)."
_ERROR = "Here stands an error of the spreadsheet program. Write the value."
_COLUMN = re.compile(r"([A-Z]{1,3})\d*")
_Start = Callable[[str, dict[str, str]], None]


def rows(data: bytes) -> Iterator[Row]:
    """The rows that hold anything, numbered as the workbook numbers them; a formula is an Unreadable cell.

    Raises:
        Meaningless: it is no workbook, or a damaged, encrypted or monstrous one.
    """
    try:
        yield from _rows(_Package(data))
    except (BadZipFile, expat.ExpatError, zlib.error, EOFError, ValueError, LookupError) as error:
        raise Meaningless(_DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:
        # zipfile says so of passwords and of packing methods that no spreadsheet program uses
        raise Meaningless(
            "This workbook is encrypted or packed in an unusual way. Save it as a plain .xlsx."
        ) from error


class _Package:
    """The zip, its parts opened by name, everything unpacked counted."""

    def __init__(self, data: bytes) -> None:
        self._zip = ZipFile(BytesIO(data))
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Meaningless(_TOO_LARGE)
        self._left = MOST_UNPACKED

    def parsed(self, name: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Feeds a part to a parser, piece by piece."""
        parser.StartDoctypeDeclHandler = _refuse
        with self._zip.open(name) as part:
            while piece := part.read(_PIECE):
                parser.Parse(piece, False)  # noqa: FBT003  -- expat takes no names
                # What the directory declares of a part's size need not be true. And before its release 2.6 expat reads
                # a tag that is not at its end from the beginning again with each piece.
                self._left -= len(piece)
                if self._left < 0 or part.tell() - parser.CurrentByteIndex > _MOST_OF_A_TAG:
                    raise Meaningless(_TOO_LARGE)
                yield
        parser.Parse(b"", True)  # noqa: FBT003  -- the same
        yield

    def elements(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """The elements of a small part, with their attributes, by local names."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if len(found) == _MOST_OF_A_SMALL_PART:
                raise Meaningless(_TOO_LARGE)
            found.append((_local(tag), {_local(key): value for key, value in attributes.items()}))

        for _ in self.parsed(name, _parser(start)):
            pass
        return found

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: by id, the last word of its type and the part's name."""
        folder, file = posixpath.split(name)
        found = {}
        for tag, said in self.elements(posixpath.join(folder, "_rels", f"{file}.rels")):
            if tag == "Relationship" and said.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, said["Target"]))
                found[said["Id"]] = said["Type"].rpartition("/")[2], target.lstrip("/")
        return found


def _rows(package: _Package) -> Iterator[Row]:
    workbook = dict(package.related("").values())["officeDocument"]
    related = package.related(workbook)
    shown = [
        related[said["id"]][1]
        for tag, said in package.elements(workbook)
        if tag == "sheet" and said.get("state", "visible") == "visible" and related[said["id"]][0] == "worksheet"
    ]
    if not shown:
        raise Meaningless("There is no sheet with cells in this file.")
    strings: list[str] = []
    for kind, part in related.values():
        if kind == "sharedStrings":
            reader = _Cells([])
            for _ in package.parsed(part, reader.parser):
                strings += reader.taken_strings()
    cells = _Cells(strings)
    for _ in package.parsed(shown[0], cells.parser):
        yield from cells.taken()


class _Cells:
    """Hears the elements of a sheet, or of the shared strings, and gathers what they say."""

    def __init__(self, strings: list[str]) -> None:
        self.parser = _parser(self._start, self._end)
        self._strings = strings
        self._rows: list[Row] = []
        self._found: list[str] = []
        self._row = 0
        self._column = -1
        self._cells: dict[int, str] = {}
        self._type = "n"
        self._formula = False
        self._text: list[str] = []
        self._kept = self._text
        self._elements = 0

    def taken(self) -> list[Row]:
        """The rows that were finished since the last time."""
        taken, self._rows = self._rows, []
        return taken

    def taken_strings(self) -> list[str]:
        """The same for shared strings."""
        taken, self._found = self._found, []
        return taken

    def _start(self, tag: str, said: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise Meaningless(_TOO_LARGE)
        match _local(tag):
            case "row":
                last, self._row = self._row, int(said.get("r", self._row + 1))
                if not last < self._row <= _LAST_ROW:
                    raise ValueError(said)
                self._column, self._cells = -1, {}
            case "c":
                self._column = _number(said["r"]) if "r" in said else self._column + 1
                self._type, self._formula, self._text = said.get("t", "n"), False, []
            case "si":
                self._text = []
            case "f":
                self._formula = True
            case "t" | "v":
                self.parser.CharacterDataHandler = self._text.append
            case "rPh":
                # how a text is pronounced, beside the text itself
                self._text, self._kept = [], self._text

    def _end(self, tag: str) -> None:
        match _local(tag):
            case "t" | "v" | "f":
                self.parser.CharacterDataHandler = None
            case "rPh":
                self._text = self._kept
            case "si":
                self._found.append("".join(self._text)[:_MOST_OF_A_CELL])
            case "c" if self._column < _MOST_COLUMNS and (cell := self._cell()):
                self._cells[self._column] = cell
            case "row" if self._cells:
                self._rows.append((self._row, [self._cells.get(at, "") for at in range(max(self._cells) + 1)]))

    def _cell(self) -> str:
        if self._formula:
            return Unreadable(_FORMULA)
        text = "".join(self._text)
        match self._type:
            case "s":
                return self._strings[int(text)] if text else ""
            case "e":
                return Unreadable(_ERROR)
            case _:
                return text[:_MOST_OF_A_CELL]


def _parser(start: _Start, end: Callable[[str], None] | None = None) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    return parser


def _refuse(*_: object) -> None:
    raise Meaningless("This workbook declares a document type, as none from a spreadsheet program does. Save it anew.")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _number(reference: str) -> int:
    """`B7` as 1."""
    match = _COLUMN.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1
