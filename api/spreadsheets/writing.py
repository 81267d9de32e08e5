"""CSV files for spreadsheet programs, from which no formula comes that was smuggled in through a name."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"(^|;)(?=[\s\"]*[=+\-@＝＋－＠]|[\t\r\n])")
"""Where a cell begins like a formula, also one that begins behind another separator than ours."""


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """The bytes of a CSV file (RFC 4180, UTF-8 with its mark, without which Excel takes it for another encoding)."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return codecs.BOM_UTF8 + written.getvalue().encode()


def harmless(text: str) -> str:
    """The text with an apostrophe where a spreadsheet program would take it for a formula, as OWASP advises.

    Such programs also divide at semicolons, whatever the file was written with: behind one stands an apostrophe too.
    """
    return _FORMULA.sub(r"\1'", text)
