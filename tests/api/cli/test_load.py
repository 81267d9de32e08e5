"""`rostrum load` with a participants' list."""

import re
from pathlib import Path

import pytest

from tests.api.cli.test_commands import ROOT, run
from tests.makers.spreadsheets import csv_of, people_rows, xlsx_of

HEADER = ("email", "name", "organisation", "category", "timezone")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    run(tmp_path / "var", "migrate")
    return tmp_path / "var"


def test_the_manual_s_dry_run_is_printed(data: Path, tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "imports.md").read_text()
    sample, printed = (
        re.search(r"```csv\n(.*?)```", manual, re.DOTALL),
        re.search(r"```\n\$ rostrum load people.csv --dry-run\n(.*?)```", manual, re.DOTALL),
    )
    assert sample is not None
    assert printed is not None
    (tmp_path / "people.csv").write_text(sample[1])

    done = run(data, "load", str(tmp_path / "people.csv"), "--dry-run")

    assert (done.returncode, done.stderr, done.stdout) == (0, "", printed[1])


def test_a_list_is_imported_with_progress_and_the_second_time_nothing(data: Path, tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").write_bytes(xlsx_of(HEADER, *people_rows(600)))

    first = run(data, "load", str(tmp_path / "people.xlsx")).stdout.splitlines()
    again = run(data, "load", str(tmp_path / "people.xlsx")).stdout.splitlines()

    assert first[0] == "500 of 660 looked at"
    assert first[-2] == "people: 600 created, 0 changed, 0 as they were."
    assert again[1:] == [
        "people: 0 created, 0 changed, 600 as they were.",
        "organisations: 0 created, 0 changed, 60 as they were.",
    ]


def test_each_fault_is_a_line_and_the_code_is_1(data: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(csv_of(HEADER, ("no address", "Ada"), ("b@example.org", "Ben", "New")))

    done = run(data, "load", str(tmp_path / "people.csv"))

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "row 2, email: This is not an e-mail address. Give one such as name@example.org.",
        (
            "row 3, category: There is no such organisation yet. "
            "Say its category in a column, or one for all that are new."
        ),
    ]
    assert done.stderr == "rostrum: The list has 2 faults; nothing was changed.\n"


def test_a_category_for_a_programme_is_wrong_use(data: Path, tmp_path: Path) -> None:
    assert run(data, "load", "programme.toml", "--category", "ngo").returncode == 2
