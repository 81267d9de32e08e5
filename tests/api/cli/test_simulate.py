import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import main
from scheduler.simulation.kinds import KINDS

FEW = ["simulate", "--kinds", "punctual,loose", "--meetings", "2", "--moments", "2", "--draws", "20"]
NOT_A_NUMBER = "Argument --meetings: '0' is not a whole number from 1 to 1000000. `rostrum simulate --help` explains."


def test_it_prints_the_same_whatever_the_number_of_processes(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for processes in ("1", "2"):
        assert main([*FEW, "--processes", processes]) == 0
        printed.append(capsys.readouterr())

    assert printed[0].out == printed[1].out
    assert printed[0].err == "4 of 4 meetings\n"
    rows = [line.split("  ")[0] for line in printed[0].out.splitlines()]
    assert [row for row in rows if row in {"all turns", "next", "nobody has spoken", "punctual", "loose"}] == [
        *("all turns", "next", "nobody has spoken"),
        *("punctual", "loose") * 2,
    ]


def test_written_records_can_be_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--kinds", "no-starts", "--meetings", "2", "--write", str(tmp_path / "records")]) == 0

    written = sorted((tmp_path / "records").iterdir())
    assert [path.name for path in written] == ["no-starts-0001.json", "no-starts-0002.json"]
    capsys.readouterr()
    assert main(["forecast", *map(str, written)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    events = [len(json.loads(path.read_text())["events"]) for path in written]
    assert [line["record"] for line in lines if "record" in line] == [path.name for path in written]
    assert len(lines) == sum(events) + 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--kinds", "silent"], f"rostrum: There is no kind 'silent' of meeting: {', '.join(KINDS)}.\n"),
        (["--meetings", "0"], f"rostrum: {NOT_A_NUMBER}\n"),
    ],
)
def test_wrong_use_is_one_line(wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *wrong]) == 2
    assert capsys.readouterr().err == said


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")

    assert main(["simulate", "--meetings", "1", "--write", str(tmp_path / "file")]) == 1
    assert capsys.readouterr().err == f"rostrum: {tmp_path / 'file'} cannot be written to: File exists.\n"


@pytest.mark.parametrize("command", ["simulate", "forecast"])
def test_the_command_loads_nothing_of_the_web_or_the_database(command: str) -> None:
    code = f"import sys, api.cli.{command}; print(sorted(set(sys.modules) & {{'fastapi', 'sqlalchemy', 'sqlmodel'}}))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
