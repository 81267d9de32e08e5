"""Texts as they are kept: cleaned, never refused for their characters. Pure."""

import re
from urllib.parse import urlsplit

MOST_OF_A_LINE = 500
MOST_OF_A_TEXT = 20_000
MOST_OF_AN_ADDRESS = 2_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"\\^`{|}]")


def whole(value: object) -> object:
    """A text with each lone surrogate, which no encoding can carry, as U+FFFD; anything else as it is."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


def one_line(text: str) -> str:
    """Control characters and line breaks become one space; none stands at an end."""
    return _CONTROL.sub(" ", text).strip()


def long_text(text: str) -> str:
    """Line breaks become LF; of other control characters only the tab stays."""
    return _CONTROL_BUT_LINES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def something(text: str) -> str:
    """The text. Raises ValueError where it is blank."""
    if not text.strip():
        raise ValueError("Write something here; blanks alone say nothing.")
    return text


def web_address(text: str) -> str:
    """The address. Raises ValueError where no browser should be sent there."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or _NOT_IN_ADDRESSES.search(text):
        raise ValueError("Give an address that begins with https:// or http:// and has no blanks.")
    return text
