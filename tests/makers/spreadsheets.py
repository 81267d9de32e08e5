"""Participants' lists as bytes: as programs write them, and as nobody honest does."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

import xlsxwriter

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
INDICO = (
    "ID", "Name", "First Name", "Last Name", "Email Address", "Affiliation", "Country", "Position",
    "Registration date", "Registration state",
)  # fmt: skip
"""The header of an Indico registrants export with the fields and columns that are often chosen."""


def csv_of(*rows: Sequence[object], separator: str = ",") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    return written.getvalue().encode()


def xlsx_of(*rows: Sequence[object], in_memory: bool = True, formula: tuple[int, int] | None = None) -> bytes:
    """A workbook as Indico writes it; `in_memory` False puts texts into the cells, not among the shared strings."""
    written = io.BytesIO()
    options = {
        "in_memory": in_memory, "constant_memory": not in_memory, "strings_to_formulas": False,
        "strings_to_numbers": False, "strings_to_urls": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(written, options) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
            if formula is not None and formula[0] == number:
                sheet.write_formula(*formula, '=HYPERLINK("http://evil.example")', None, "ada@example.org")
    return written.getvalue()


def people_rows(count: int) -> Iterable[tuple[str, str, str, str, str]]:
    """So many people of a tenth as many organisations."""
    for number in range(count):
        yield (f"p{number}@example.org", f"Person {number}", f"Organisation {number // 10}", "ngo", "Pacific/Apia")


def package(sheet: str | bytes, **parts: str | bytes) -> bytes:
    """A workbook of one sheet, written by hand; `parts` replace or add parts by the end of their names."""
    named: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="a" '
        f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
        '<sheet name="Hidden" sheetId="1" state="hidden" r:id="h"/><sheet name="A" sheetId="2" r:id="b"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">'
        f'<Relationship Id="h" Type="{_DOCUMENT}/worksheet" Target="nowhere.xml"/>'
        f'<Relationship Id="b" Type="{_DOCUMENT}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        f'<Relationship Id="s" Type="{_DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><r><t>Ada </t></r><r><t>Example</t></r>'
        "<rPh><t>eda</t></rPh></si></sst>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    for end, part in parts.items():
        named[next((name for name in named if name.endswith(end)), end)] = part
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in named.items():
            archive.writestr(name, content)
    return written.getvalue()


def sheet_of(*rows: str) -> str:
    """The XML of a sheet with these rows' XML."""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
