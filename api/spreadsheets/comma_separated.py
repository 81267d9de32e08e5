"""CSV files as spreadsheet programs really write them: their encodings, their separators."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from scheduler.errors import Meaningless
from scheduler.secretariat.participants import Row

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t"
_SAID = re.compile(r"sep=([,;\t|])\r?\n")
"""What Excel writes and reads ahead of everything else."""

_SAVE_AS = "Save the list as “CSV UTF-8”."


def rows(data: bytes) -> Iterator[Row]:
    """The rows of a CSV file, numbered as spreadsheet programs show them.

    Raises:
        Meaningless: its encoding or its quotation marks cannot be read, with the line.
    """
    text = _text(data)
    said = _SAID.match(text)
    if said:
        text = text[said.end() :]
    separator = said[1] if said else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    first = 2 if said else 1
    try:
        yield from enumerate(reader, first)
    except csv.Error as error:
        raise Meaningless(f"Line {reader.line_num + first - 1} is no CSV: {error}. {_SAVE_AS}") from error


def _text(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        sentence = f"Line {line} is not {encoding.upper().removesuffix('-SIG')} (Windows-1252, perhaps). {_SAVE_AS}"
        raise Meaningless(sentence) from error
    if text.count("\0") > len(text) // 4:
        raise Meaningless(f"This seems to be UTF-16 without its mark, or no text at all. {_SAVE_AS}")
    return text


def _separator(text: str) -> str:
    """The separator that the first line has most of, outside quotation marks."""
    first = re.sub('"[^"]*"', "", text.lstrip("\r\n").partition("\n")[0])
    return max(_SEPARATORS, key=first.count)
