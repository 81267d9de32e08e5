"""Text as iCalendar takes it: cleaned, escaped, folded (RFC 5545 3.1 and 3.3.11).

What people wrote is cleaned piece by piece before it is put together, so that nothing in one piece reaches the next.
"""

import re
import unicodedata
from urllib.parse import quote

_LIMIT = 75  # octets a line, without its CRLF; the space that goes before a continuation counts

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_EMBEDDING_END, _ISOLATE_END = "\u202c", "\u2069"
_BIDI_ENDS = dict.fromkeys("\u202a\u202b\u202d\u202e", _EMBEDDING_END) | dict.fromkeys(
    "\u2066\u2067\u2068", _ISOLATE_END
)

_URI = re.compile(r"(?:https?://[^/]|tel:|sips?:|xmpp:).", re.IGNORECASE)
_URI_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>\\^`{|}')

_JOINERS = "\u200d\u0e33\u0eb3\uff9e\uff9f"  # the joiner itself, and what stands apart but is part of the letter before


def paragraphs(value: str | None) -> str:
    """What someone wrote, over several lines, ended by LF; empty where nothing is left.

    Tabs become spaces, other controls go, a lone surrogate becomes U+FFFD, and a stretch of turned direction ends
    where the line does.
    """
    if not value:
        return ""
    if not _ODD.search(value):
        return value.strip()
    value = _LINE_END.sub("\n", value).replace("\t", " ")
    value = _CONTROL.sub("", _SURROGATE.sub("\ufffd", value))
    if _BIDI.search(value):
        value = "\n".join(map(_balanced, value.split("\n")))
    return value.strip()


def phrase(value: str | None) -> str:
    """As `paragraphs`, on one line."""
    return paragraphs(value).replace("\n", " ")


def escaped(value: str) -> str:
    """A cleaned text as the value of a TEXT property."""
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def uri(value: str | None) -> str | None:
    """An address fit for a URI property, or None where it is none that a calendar should open.

    URI values are not escaped, so whatever could end a line is percent-encoded; `%` stays as it is.
    """
    if not value or not _URI.match(value):
        return None
    return value if value.isascii() and value.isprintable() and " " not in value else _encoded(value)


def folded(line: str) -> str:
    """A content line, cut to 75 octets with CRLF and a space, between what readers see as letters."""
    if line.isascii():
        if len(line) <= _LIMIT:
            return line
        step = _LIMIT - 1
        return "\r\n ".join([line[:_LIMIT], *(line[at : at + step] for at in range(_LIMIT, len(line), step))])
    data, pieces, start, limit = line.encode(), [], 0, _LIMIT
    while len(data) - start > limit:
        end = _cut(data, start, start + limit)
        pieces.append(data[start:end])
        start, limit = end, _LIMIT - 1
    pieces.append(data[start:])
    return b"\r\n ".join(pieces).decode()


def _encoded(address: str) -> str:
    return quote(_SURROGATE.sub("\ufffd", address), safe=_URI_SAFE)


def _balanced(line: str) -> str:
    """`line` with each turn of direction closed in order, and no end of a turn that never began."""
    made: list[str] = []
    waiting: list[str] = []
    for character in line:
        if end := _BIDI_ENDS.get(character):
            waiting.append(end)
        elif character in {_EMBEDDING_END, _ISOLATE_END}:
            if character not in waiting or (character == _EMBEDDING_END and waiting[-1] == _ISOLATE_END):
                continue
            while waiting[-1] != character:
                made.append(waiting.pop())
            waiting.pop()
        made.append(character)
    return "".join(made + waiting[::-1])


def _cut(data: bytes, start: int, end: int) -> int:
    """The last place up to `end` to cut a line: between letters as people see them, else between characters."""
    between_characters = 0
    for at in range(end, start, -1):
        if data[at] & 0xC0 == 0x80:  # noqa: PLR2004  -- the inner octets of a UTF-8 character
            continue
        between_characters = between_characters or at
        if data[at] < 0x80 or not _joined(data[start:at].decode(), data[at : at + 4].decode(errors="ignore")[0]):  # noqa: PLR2004  -- ASCII joins to nothing
            return at
    return between_characters


def _joined(before: str, after: str) -> bool:
    """Whether `after` belongs to the letter that `before` ends with (the main rules of UAX 29)."""
    last = before[-1]
    return (
        after in _JOINERS
        or unicodedata.category(after) in {"Mn", "Me", "Mc"}
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin
        or "\U000e0020" <= after <= "\U000e007f"  # tags that make a flag
        or "\u1160" <= after <= "\u11ff"  # Hangul vowels and finals
        or last == "\u200d"
        or unicodedata.combining(last) == 9  # noqa: PLR2004  -- a virama ties the next consonant to it
        or (_is_flag_half(after) and (len(before) - len(before.rstrip(_FLAG_HALVES))) % 2 == 1)
    )


_FLAG_HALVES = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def _is_flag_half(character: str) -> bool:
    return character in _FLAG_HALVES
