import codecs

import pytest

from api.spreadsheets.comma_separated import rows
from scheduler.errors import Meaningless

TEXT = 'name{0}email\r\n"Žižek{0} Élise"{0}e@example.org\r\n'
READ = [["name", "email"], ["Žižek{0} Élise", "e@example.org"]]


def _read(data: bytes) -> list[list[str]]:
    return [list(cells) for _, cells in rows(data)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_every_encoding_with_a_mark_and_every_separator_is_read(separator: str, mark: bytes, encoding: str) -> None:
    data = mark + TEXT.format(separator).encode(encoding)

    assert _read(data) == [[cell.format(separator) for cell in row] for row in READ]


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    data = b'name,email\n"two\nlines",a@example.org\n\nB,b@example.org\n'

    assert [number for number, cells in rows(data) if cells] == [1, 2, 4]


def test_a_separator_that_excel_wrote_ahead_counts_as_a_row() -> None:
    assert list(rows(b"sep=;\r\nname;email\r\na,b;c\r\n")) == [(2, ["name", "email"]), (3, ["a,b", "c"])]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            "name,email\nÉlise,e@example.org\n".encode("cp1252"),
            "Line 2 is not UTF-8 (Windows-1252, perhaps). Save the list as “CSV UTF-8”.",
        ),
        (
            "name,email\n".encode("utf-16-le"),
            "This seems to be UTF-16 without its mark, or no text at all. Save the list as “CSV UTF-8”.",
        ),
        (
            codecs.BOM_UTF16_LE + b"\x00\xd8\x00",
            "Line 1 is not UTF-16 (Windows-1252, perhaps). Save the list as “CSV UTF-8”.",
        ),
        (
            b'name,email\n"Ada,a@example.org\n',
            "Line 2 is no CSV: unexpected end of data. Save the list as “CSV UTF-8”.",
        ),
        (
            b'name,email\n"Ada"x,a@example.org\n',
            "Line 2 is no CSV: ',' expected after '\"'. Save the list as “CSV UTF-8”.",
        ),
        (
            b"name,email\n" + b"x" * 200_000,
            "Line 2 is no CSV: field larger than field limit (131072). Save the list as “CSV UTF-8”.",
        ),
    ],
    ids=["windows", "unmarked", "half", "open quote", "behind a quote", "long"],
)
def test_what_cannot_be_read_is_named_with_its_line(data: bytes, sentence: str) -> None:
    with pytest.raises(Meaningless) as refused:
        _read(data)

    assert refused.value.sentence == sentence
