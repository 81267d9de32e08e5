import pytest

from scheduler.storage.texts import long_text, one_line, something, web_address, whole


def test_a_line_has_one_space_for_control_characters_and_breaks() -> None:
    assert one_line(" a\r\n\x00b\u2028c\td ") == "a b c d"


def test_a_long_text_keeps_lines_and_tabs() -> None:
    assert long_text("a\r\nb\rc\td\x00e") == "a\nb\nc\tde"


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert whole("a\ud800b😀") == "a\ufffdb😀"


def test_what_is_no_text_is_left_alone() -> None:
    assert whole(5) == 5


def test_blanks_alone_say_nothing() -> None:
    with pytest.raises(ValueError, match="blanks"):
        something(" ")


@pytest.mark.parametrize("text", ["ftp://x.org", "https://", "javascript:alert(1)", "https://a b", "http://[", "x"])
def test_an_address_that_no_browser_should_open_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        web_address(text)


def test_a_web_address_stays_as_it_is() -> None:
    assert web_address("https://x.org/a?b=c#d") == "https://x.org/a?b=c#d"
