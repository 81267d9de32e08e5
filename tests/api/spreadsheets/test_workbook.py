import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.spreadsheets import workbook
from api.spreadsheets.workbook import rows
from scheduler.errors import Meaningless
from scheduler.secretariat.participants import Unreadable
from tests.makers.spreadsheets import package, sheet_of, xlsx_of

CELL = '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'


def _refusal(data: bytes) -> str:
    with pytest.raises(Meaningless) as refused:
        list(rows(data))
    return refused.value.sentence


@pytest.mark.parametrize("in_memory", [True, False])
def test_what_xlsxwriter_writes_is_read(in_memory: bool) -> None:
    written: list[list[object]] = [
        ["name", "email"],
        ["Žižek <&> 王", "e@example.org"],
        ["+1", 7.5],
        ["", ""],
        ["=1", True],
    ]

    assert list(rows(xlsx_of(*written, in_memory=in_memory))) == [
        (1, ["name", "email"]),
        (2, ["Žižek <&> 王", "e@example.org"]),
        (3, ["+1", "7.5"]),
        (5, ["=1", "1"]),
    ]


def test_a_hidden_sheet_is_passed_over_and_rich_text_is_joined_without_its_pronunciation() -> None:
    data = package(sheet_of('<row r="3"><c r="B3" t="s"><v>0</v></c></row>', '<row><c t="str"><v>y</v></c></row>'))

    assert list(rows(data)) == [(3, ["", "Ada Example"]), (4, ["y"])]


def test_formulas_and_errors_are_cells_that_cannot_be_read() -> None:
    data = package(
        sheet_of('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1"><f/></c></row>')
    )

    ((_, cells),) = list(rows(data))

    assert [type(cell) for cell in cells] == [Unreadable] * 3
    assert cells == [workbook._FORMULA, workbook._ERROR, workbook._FORMULA]


def test_a_long_cell_is_cut_before_it_can_be_multiplied() -> None:
    data = package(sheet_of(f'<row r="1">{CELL.replace("x", "x" * 50_000)}</row>'))

    assert [[len(cell) for cell in cells] for _, cells in rows(data)] == [[1_000]]


@pytest.mark.parametrize("how_much", [workbook.MOST_UNPACKED + 1, 3 * workbook.MOST_UNPACKED])
def test_a_zip_bomb_is_refused_by_what_it_declares(how_much: int) -> None:
    assert _refusal(package(b" " * how_much)) == workbook._TOO_LARGE


def test_a_zip_bomb_that_declares_little_does_not_unpack() -> None:
    """The sizes in the directory are forged: the zip module gives no more than was declared, and misses the rest."""
    bomb = bytearray(package(sheet_of(" " * 5_000_000), **{"xl/worksheets/sheet1.xml": sheet_of(" " * 5_000_000)}))
    at = bomb.rindex(b"xl/worksheets/sheet1.xml") - 46
    bomb[at + 24 : at + 28] = struct.pack("<I", 100)

    assert _refusal(bytes(bomb)) == workbook._DAMAGED


def test_a_bomb_of_elements_a_long_tag_and_a_long_directory_are_refused() -> None:
    cells = package(sheet_of("<row>", "<c/>" * (workbook.MOST_ELEMENTS + 1), "</row>"))
    tag = package(sheet_of("<row", *(f' a{number}=""' for number in range(100_000)), "/>"))
    directory = package("", **{f"x{number}": "" for number in range(workbook.MOST_PARTS)})
    sheets = package("", **{"xl/workbook.xml": f"<workbook>{'<sheet/>' * 10_001}</workbook>"})

    assert [_refusal(each) for each in (cells, tag, directory, sheets)] == [workbook._TOO_LARGE] * 4


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://evil.example/x.dtd">',
    ],
)
@pytest.mark.parametrize("part", ["sheet1.xml", "sharedStrings.xml", "xl/workbook.xml", "_rels/.rels"])
def test_a_document_type_is_refused_in_every_part(declared: str, part: str) -> None:
    sentence = _refusal(
        package(sheet_of(f'<row r="1">{CELL}</row>'), **{part: f"{declared}<worksheet>&a;</worksheet>"})
    )

    assert sentence == "This workbook declares a document type, as none from a spreadsheet program does. Save it anew."


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet><row>",
        "",
        sheet_of('<row r="2"/><row r="1"/>'),
        sheet_of('<row r="9999999999"/>'),
        sheet_of('<row r="1"><c r="1A"><v>1</v></c></row>'),
        sheet_of('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        sheet_of('<row r="1"><c r="A1" t="s"><v>one</v></c></row>'),
        "<worksheet>\x00</worksheet>",
    ],
)
def test_a_damaged_sheet_is_refused(sheet: str) -> None:
    assert _refusal(package(sheet)) == workbook._DAMAGED


def test_a_truncated_workbook_is_refused_wherever_it_ends() -> None:
    whole = xlsx_of(["name", "email"], ["Ada", "a@example.org"])

    assert {_refusal(whole[:end]) for end in range(2, len(whole) - 30, 97)} == {workbook._DAMAGED}


def test_another_kind_of_zip_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    assert _refusal(written.getvalue()) == workbook._DAMAGED
    assert _refusal(package("", **{"xl/workbook.xml": "<document/>"})) == "There is no sheet with cells in this file."


def test_an_unusual_packing_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package(sheet_of()))) as plain, zipfile.ZipFile(written, "w") as packed:
        for name in plain.namelist():
            packed.writestr(name, plain.read(name))
    data = bytearray(written.getvalue())
    at = data.rindex(b"_rels/.rels") - 46
    data[at + 8] |= 1

    assert _refusal(bytes(data)) == (
        "This workbook is encrypted or packed in an unusual way. Save it as a plain .xlsx."
    )


WHOLE = xlsx_of(["name", "email"], ["Ada", "a@example.org"])


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_whatever_is_changed_in_a_workbook_it_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, byte in changes:
        data[at] = byte

    with contextlib.suppress(Meaningless):
        assert all(isinstance(number, int) for number, _ in rows(bytes(data)))
