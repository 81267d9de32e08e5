from typing import Any

import pytest

from scheduler.errors import Fault, Meaningless
from scheduler.secretariat.document import schema
from scheduler.secretariat.reading import MOST_BYTES, checked, read

SESSION = {
    "code": "x",
    "body": "b",
    "title": "X",
    "timezone": "Europe/Vienna",
    "starts_on": "2022-01-03",
    "ends_on": "2022-01-04",
}


def _places(parsed: dict[str, Any]) -> list[str]:
    return [fault.field for fault in checked(parsed).faults]


def test_every_fault_of_shape_is_named_with_its_place() -> None:
    meetings = [
        {"date": "2022-01-03", "start": "25:00", "end": "12:00"},
        {"date": "2022-01-03", "start": "10:00", "end": "12:00", "languages": ["en", "xx"], "colour": "red"},
    ]
    deadlines = [{"title": "T", "at": {"date": "2022-02-30", "time": "10:00"}}, {"title": "T", "at": 7}]
    days = [{"first": "2022-01-03", "last": "2022-01-04", "at": [["10:00", "24:00"]]}]
    session = SESSION | {"starts_on": "soon", "meetings": meetings, "deadlines": deadlines, "days": days}

    assert _places({"bodies": [{"code": "a"}, 5], "sessions": [session], "x": 1}) == [
        "bodies[0].name",
        "bodies[1]",
        "sessions[0].starts_on",
        "sessions[0].deadlines[0].at.date",
        "sessions[0].deadlines[0].at.timezone",
        "sessions[0].deadlines[1].at",
        "sessions[0].days[0].at[0][1]",
        "sessions[0].meetings[0].start",
        "sessions[0].meetings[1].languages[1]",
        "sessions[0].meetings[1].colour",
        "x",
    ]


def test_what_has_no_fault_is_still_there_to_be_looked_at() -> None:
    bodies = [5, {"code": "a"}, {"code": "b", "name": "B"}]

    file = checked({"bodies": bodies, "sessions": [SESSION | {"starts_on": "soon", "kind": "party"}]})

    assert [(body.code, body.name) for body in file.document.bodies] == [("a", "stand-in-1"), ("b", "B")]
    assert (file.document.sessions[0].starts_on, file.document.sessions[0].kind) == ("1970-01-01", "session")


def test_a_place_is_that_of_the_file_also_where_parts_of_it_went() -> None:
    file = checked({"bodies": [5, {"code": "a", "name": "A"}, {"name": "B"}, {"code": "c", "name": "C"}]})

    assert file.place(("bodies", 2, "code")) == "bodies[3].code"


def test_a_part_goes_where_nothing_can_stand_in() -> None:
    file = checked({"sessions": [SESSION | {"items": [{"number": "1", "title": ["no"], "status": 5}, {"title": "B"}]}]})

    assert [(item.number, item.title) for item in file.document.sessions[0].items] == [("1", "stand-in-0")]


def test_a_file_without_faults_is_read_as_it_stands() -> None:
    file = checked({"sessions": [SESSION]})

    assert (file.faults, file.document.sessions[0].said()) == ([], SESSION)


def test_dates_and_times_of_toml_are_read_as_their_texts() -> None:
    text = b"""
    [[sessions]]
    starts_on = 2022-05-30
    deadlines = [{ title = "A", at = 2022-05-27T18:00:00-04:00 }, { title = "B", at = 2022-05-27T18:00:00Z }]
    [[sessions.meetings]]
    start = 10:00:00
    """

    session = read(text, toml=True).document.sessions[0]

    assert session.starts_on == "2022-05-30"
    assert [each.at for each in session.deadlines] == ["2022-05-27T18:00:00-04:00", "2022-05-27T18:00:00Z"]


@pytest.mark.parametrize(
    ("data", "toml", "sentence"),
    [
        (b"a = 1\nb = ?\n", True, "line 2, column 5"),
        (b'{"a": 1,\n "b": }', False, "line 2 column 7"),
        (b"a = '\n\xff'", True, "UTF-8: look at line 2"),
        (b"x" * (MOST_BYTES + 1), True, "10,000,000 bytes"),
        (b'{"a":' * 100_000, False, "nested too deeply"),
        (b'{"bodies":' + b"[" * 2_000 + b"]" * 2_000 + b"}", False, "nested too deeply"),
    ],
    ids=["toml", "json", "utf-8", "large", "unended", "deep"],
)
def test_what_cannot_be_read_at_all_says_why_and_where(data: bytes, toml: bool, sentence: str) -> None:
    with pytest.raises(Meaningless, match=sentence):
        read(data, toml=toml)


@pytest.mark.parametrize("parsed", [None, 5, [], "text"])
def test_what_is_no_object_is_no_programme(parsed: object) -> None:
    assert [fault.field for fault in checked(parsed).faults] == [""]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read(b'\xef\xbb\xbf[[bodies]]\ncode = "a"\nname = "A"\n', toml=True).faults == []


def test_texts_are_cleaned_and_not_refused_for_their_characters() -> None:
    body = {"code": "a", "name": " A\r\n\u0000B\ud800 ", "description": "a\r\nb\u0007"}

    file = checked({"bodies": [body]})

    assert file.document.bodies[0].said() == {"code": "a", "name": "A B\ufffd", "description": "a\nb"}


def test_a_fault_says_what_to_do() -> None:
    file = checked({"bodies": [{"code": "a", "name": " ", "colour": "red"}]})

    assert file.faults == [
        Fault("bodies[0].name", "Write something here; blanks alone say nothing."),
        Fault(
            "bodies[0].colour",
            "There is no such name here. Look at the JSON Schema or docs/programme-file.md.",
        ),
    ]


def test_the_schema_takes_what_the_file_takes() -> None:
    from jsonschema import Draft202012Validator  # noqa: PLC0415  -- slow to load

    described = schema()
    Draft202012Validator.check_schema(described)
    validator = Draft202012Validator(described)

    assert validator.is_valid({"sessions": [SESSION | {"deadlines": [{"title": "T", "at": "2022-01-01T00:00:00Z"}]}]})
    assert not validator.is_valid({"sessions": [SESSION | {"starts_on": "soon"}]})
    assert not validator.is_valid({"sessions": [SESSION | {"colour": "red"}]})
