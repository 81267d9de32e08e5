import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calendars.text import escaped, folded, paragraphs, phrase, uri

ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=300)
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda pair: "\n" if pair[1] in "nN" else pair[1], text)


def isolates_and_embeddings_are_closed(line: str) -> bool:
    waiting = []
    for character in line:
        if character in "\u202a\u202b\u202d\u202e":
            waiting.append("\u202c")
        elif character in "\u2066\u2067\u2068":
            waiting.append("\u2069")
        elif character in "\u202c\u2069" and (not waiting or waiting.pop() != character):
            return False
    return not waiting


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("plain", "plain"),
        (None, ""),
        ("", ""),
        (" \t\x00 ", ""),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("one\u2028two\u2029three\x85four\vfive\fsix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("tab\tbed", "tab bed"),
        ("bell\x07 and\x9b delete\x7f", "bell and delete"),
        ("half \ud83d\u0020", "half \ufffd"),
        ("not a character \uffff!", "not a character !"),
    ],
)
def test_paragraphs_hold_no_control_but_line_feeds(written: str | None, cleaned: str) -> None:
    assert paragraphs(written) == cleaned


@pytest.mark.parametrize(
    ("written", "closed"),
    [
        ("\u202eevil", "\u202eevil\u202c"),
        ("\u2067a \u202bb", "\u2067a \u202bb\u202c\u2069"),
        ("\u2067a \u202bb\u2069 c", "\u2067a \u202bb\u202c\u2069 c"),
        ("never begun\u202c\u2069", "never begun"),
        ("\u2066inside\u202c\u2069", "\u2066inside\u2069"),
        ("\u2067first\nsecond\u2069", "\u2067first\u2069\nsecond"),
        ("\u2068whole\u2069", "\u2068whole\u2069"),
    ],
)
def test_a_turn_of_direction_ends_with_its_line(written: str, closed: str) -> None:
    assert paragraphs(written) == closed


@given(ANYTHING)
def test_cleaned_text_is_clean_whatever_was_written(written: str) -> None:
    cleaned = paragraphs(written)

    assert CONTROLS.search(cleaned) is None
    assert all(map(isolates_and_embeddings_are_closed, cleaned.split("\n")))
    assert paragraphs(cleaned) == cleaned
    assert cleaned.encode().decode() == cleaned


def test_phrase_is_one_line() -> None:
    assert phrase(" A title\r\nBEGIN:VALARM\u2028X ") == "A title BEGIN:VALARM X"


@given(ANYTHING)
@example("a\\n;,\\;\n")
def test_escaped_text_reads_back(written: str) -> None:
    cleaned = paragraphs(written)

    assert unescaped(escaped(cleaned)) == cleaned
    assert "\n" not in escaped(cleaned)
    assert re.search(r"(?<!\\)[;,]", re.sub(r"\\\\", "", escaped(cleaned))) is None


@given(ANYTHING.map(phrase))
@example("x" * 75)
@example("x" * 76)
@example("x" * 73 + "\U00010400" * 30)
def test_folded_line_reads_back_and_keeps_to_75_octets(written: str) -> None:
    line = f"SUMMARY:{written}"

    assert unfolded(folded(line)) == line
    assert max(len(piece.encode()) for piece in folded(line).split("\r\n")) <= 75


@pytest.mark.parametrize("before", range(60, 80))
@pytest.mark.parametrize(
    "letter",
    [
        "é",
        "e\u0301",
        "\U0001f469\U0001f3fd\u200d\U0001f4bb",
        "\U0001f1e6\U0001f1f9",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "\u0e01\u0e33",
        "\u1112\u1161\u11ab",
        "क्ष",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "\U00020000",
    ],
)
def test_fold_cuts_no_letter(before: int, letter: str) -> None:
    pieces = folded("x" * before + letter * 12).split("\r\n ")

    assert all(piece.removeprefix("x" * before).replace(letter, "").strip("x") == "" for piece in pieces)


def test_letter_longer_than_a_line_is_cut_between_characters() -> None:
    line = "x" * 70 + "e" + "\u0301" * 200

    assert unfolded(folded(line)) == line
    assert all(piece.encode().decode() == piece for piece in folded(line).split("\r\n "))


def test_flags_in_a_row_are_cut_between_flags() -> None:
    pieces = folded("x" * 70 + "\U0001f1e6\U0001f1f9\U0001f1eb\U0001f1f7" * 10).split("\r\n ")

    assert {sum(map(is_flag_half, piece)) % 2 for piece in pieces} == {0}


def is_flag_half(character: str) -> bool:
    return unicodedata.name(character, "").startswith("REGIONAL INDICATOR")


@pytest.mark.parametrize(
    ("given_address", "written"),
    [
        ("https://zoom.example/j/1?pwd=a%20b;c,d#x", "https://zoom.example/j/1?pwd=a%20b;c,d#x"),
        ("HTTP://zoom.example", "HTTP://zoom.example"),
        ("sip:room@example.org", "sip:room@example.org"),
        ("https://zoom.example/é à", "https://zoom.example/%C3%A9%20%C3%A0"),
        ("https://x.example/\r\nBEGIN:VALARM", "https://x.example/%0D%0ABEGIN:VALARM"),
        ("https://x.example/\ud800", "https://x.example/%EF%BF%BD"),
        ("javascript:alert(1)", None),
        ("https:///nowhere", None),
        ("see the website", None),
        ("", None),
        (None, None),
    ],
)
def test_address_can_end_no_line(given_address: str | None, written: str | None) -> None:
    assert uri(given_address) == written
