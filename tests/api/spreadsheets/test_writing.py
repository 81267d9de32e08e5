import csv
import io

import pytest

from api.spreadsheets.writing import csv_file, harmless


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\rx", "'\rx"),
        ("  =1", "'  =1"),
        ('"=1', "'\"=1"),
        ("＝1", "'＝1"),
        ("Ada;=1", "Ada;'=1"),
        ("Ada; -1", "Ada;' -1"),
        ("Ada - Example", "Ada - Example"),
        ("O'Neill, a+b@c", "O'Neill, a+b@c"),
        ("", ""),
    ],
)
def test_no_text_begins_like_a_formula(text: str, written: str) -> None:
    assert harmless(text) == written


def test_a_file_has_a_mark_a_header_and_quotes_where_they_are_needed() -> None:
    data = csv_file(["a", "b"], [[1, 'x,"y"'], [None, "=1\nz"]])

    assert data == '\ufeffa,b\r\n1,"x,""y"""\r\n,"\'=1\nz"\r\n'.encode()
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["a", "b"],
        ["1", 'x,"y"'],
        ["", "'=1\nz"],
    ]
