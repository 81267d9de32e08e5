"""Figures as the reader's region writes them: Cairo reads ٠٣:٤٠ where Algiers and Apia read 03:40 (CLDR)."""

import re
from functools import cache

import pytz
from babel import Locale, UnknownLocaleError

_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PIECE = re.compile(r"<(script|style|code|pre|kbd|textarea)\b.*?</\1>|<[^>]*>|[^<]+", re.DOTALL)
_LATIN = re.compile(r"[A-Za-z]")


@cache
def numbering(language: str, zone: str | None) -> str:
    """How figures are written in a language where this zone's clock hangs: `latn` or `arab`."""
    if language != "ar" or zone is None:
        return "latn"
    try:
        return Locale("ar", _countries().get(zone)).default_numbering_system
    except UnknownLocaleError:
        return "latn"


def in_figures(html: str, system: str) -> str:
    """A page with the figures of its text in a numbering system. What is written in Latin letters keeps its own."""
    return _PIECE.sub(_figured, html) if system == "arab" else html


def line_in_figures(text: str, system: str) -> str:
    """The same for a line of plain text."""
    return text.translate(_ARABIC_INDIC) if system == "arab" and not _LATIN.search(text) else text


def _figured(found: re.Match[str]) -> str:
    text = found[0]
    # A reference such as &#39; is no figure that anybody reads.
    return text if text[0] == "<" or "&#" in text else line_in_figures(text, "arab")


@cache
def _countries() -> dict[str, str]:
    return {zone: code for code, zones in pytz.country_timezones.items() for zone in zones}
