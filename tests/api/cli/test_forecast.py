import json
from pathlib import Path

import pytest

from api.cli import main

RECORD = {
    "meeting": {"starts_at": "2022-06-13T13:00:00Z", "ends_at": "2022-06-13T16:00:00Z"},
    "next_meeting": None,
    "slots": [{"slot": name, "position": n, "seconds": 120} for n, name in enumerate("abc", 1)],
    "events": [
        {"at": "2022-06-13T13:01:00.000Z", "command": "open"},
        {"at": "2022-06-13T13:02:00.000Z", "command": "call"},
        {"at": "2022-06-13T13:02:05.500Z", "command": "start"},
    ],
}


def test_each_event_of_a_record_has_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "afternoon.json"
    path.write_text(json.dumps(RECORD))

    assert main(["forecast", str(path), str(path)]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[:4] == lines[4:]
    assert lines[0] == {"record": "afternoon.json"}
    assert [line["at"] for line in lines[1:4]] == [
        "2022-06-13T13:01:00.000Z",
        "2022-06-13T13:02:00.000Z",
        "2022-06-13T13:02:05.500Z",
    ]
    assert [[each["slot"] for each in line["queue"]] for line in lines[1:4]] == [
        ["a", "b", "c"],
        ["b", "c"],
        ["b", "c"],
    ]
    assert list(lines[3]["queue"][0]) == ["slot", "expected_start", "earliest_start", "latest_start"]


@pytest.mark.parametrize("text", ["", "{}", '{"meeting": 1}', "[" * 100_000])
def test_what_is_no_record_gives_one_line_and_prints_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text)

    assert main(["forecast", str(path)]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
