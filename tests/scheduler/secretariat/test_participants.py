from collections.abc import Sequence

import pytest

from scheduler.errors import Fault, Meaningless, TooLarge
from scheduler.secretariat.participants import DESCRIBING, MOST_ROWS, Line, Naming, Sheet, Unreadable, read
from tests.makers.spreadsheets import INDICO

NAMING = Naming({"Costa Rica": "CR", "CR": "CR"}.get, {"French": "fr"}.get)


def _read(*rows: Sequence[str]) -> Sheet:
    return read(enumerate(rows, 1), NAMING)


def test_columns_are_known_in_any_case_and_what_is_unknown_is_ignored() -> None:
    sheet = _read(
        ("E-MAIL", "Full name", "ORGANIZATION", "Time Zone", "Shoe size", ""),
        ("a@example.org", " Ada\n Example", "Rights", "Pacific/Apia", "37", ""),
    )

    assert sheet.columns == {
        "email": "E-MAIL", "name": "Full name", "organisation": "ORGANIZATION", "timezone": "Time Zone"
    }  # fmt: skip
    assert (sheet.ignored, sheet.faults) == (("Shoe size",), [])
    said = {"email": "a@example.org", "name": "Ada  Example", "organisation": "Rights", "timezone": "Pacific/Apia"}
    assert sheet.lines == [Line(2, said)]


def test_words_become_codes() -> None:
    sheet = _read(
        ("email", "name", "organisation", "category", "region", "country", "language", "groups"),
        ("a@example.org", "Ada", "Rights", "Member State", "Asia-Pacific", "Costa Rica", "French", "G77,AOSIS;"),
    )

    assert [sheet.lines[0].said[column] for column in DESCRIBING] == [
        "member_state",
        "CR",
        "asia_pacific",
        "G77; AOSIS",
    ]
    assert sheet.lines[0].person() == {"email": "a@example.org", "language": "fr", "name": "Ada"}


def test_an_indico_export_is_read_but_for_those_who_do_not_come() -> None:
    sheet = _read(
        INDICO,
        (
            "1",
            "Ada Example",
            "Ada",
            "Example",
            "a@example.org",
            "Rights",
            "Nowhere",
            "Chief",
            "2022-05-01",
            "Completed",
        ),
        ("2", "B", "B", "", "no address", "Rights", "", "", "", "Rejected"),
        ("3", "C", "C", "", "c@example.org", "Rights", "Costa Rica", "", "", "withdrawn"),
    )

    assert [line.person() for line in sheet.lines] == [{"email": "a@example.org", "name": "Ada Example"}]
    assert (sheet.indico, sheet.left_out, sheet.faults) == (True, [3, 4], [])
    assert sheet.ignored == ("ID", "Position", "Registration date")


def test_a_name_is_put_together_where_it_stands_in_two_columns() -> None:
    sheet = _read(("Email Address", "First Name", "Last Name"), ("a@example.org", "Ada", "Example"))

    assert sheet.lines[0].person() == {"email": "a@example.org", "name": "Ada Example"}
    assert sheet.place(2, "name") == "row 2, Last Name"


def test_faults_are_named_by_row_and_the_file_s_own_column() -> None:
    sheet = _read(
        ("E-mail", "Name", "Organisation", "Category", "Land", "Country"),
        ("a@example.org", Unreadable("A formula."), "", "NGO", "", "Ruritania", "", "more"),
    )

    assert sheet.faults == [
        Fault("row 2, Name", "A formula."),
        Fault("row 2", "This row has more cells than the first one has names for."),
        Fault(
            "row 2, Country",
            "There is no such country. Give its name or its ISO 3166 code of two letters, e.g. CR.",
        ),
        Fault("row 2, Category", "This is an organisation's category, and the row names no organisation."),
    ]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (("name",), "No column is called email (or Email Address). Name the columns in the first row."),
        (
            ("email", "first name"),
            "No column is called name (or First Name and Last Name). Name the columns in the first row.",
        ),
        (
            ("email", "name", "Email Address"),
            "The columns email and Email Address mean the same, email. Leave one of them.",
        ),
    ],
)
def test_a_header_that_does_not_do_is_refused(header: Sequence[str], sentence: str) -> None:
    with pytest.raises(Meaningless) as refused:
        _read(header, ("a@example.org", "Ada"))

    assert refused.value.sentence == sentence


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Meaningless) as refused:
        _read((), ("", ""))

    assert refused.value.sentence == "There is nothing in this file. The first row names the columns, e.g. email, name."


def test_no_more_rows_are_taken_than_20_000() -> None:
    rows = [("email", "name"), *[("a@example.org", "Ada")] * MOST_ROWS]

    assert len(_read(*rows, ("", "")).lines) == MOST_ROWS
    with pytest.raises(TooLarge):
        _read(*rows, ("a@example.org", "Ada"))
