"""Countries and languages as people call them: by the Unicode CLDR's names in the six languages, and by codes."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import get_args

import pytz
from babel import Locale

from scheduler.people.rules import Language
from scheduler.secretariat.participants import Naming

_LANGUAGES: tuple[str, ...] = get_args(Language)
_FORMAL = {
    "BO": "Bolivia, Plurinational State of",
    "BS": "Bahamas, The",
    "CD": "Congo, The Democratic Republic of the/Democratic Republic of the Congo",
    "CG": "Congo/Republic of the Congo",
    "CI": "Ivory Coast",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic",
    "FM": "Micronesia, Federated States of",
    "GB": "United Kingdom of Great Britain and Northern Ireland",
    "GM": "Gambia, The/The Gambia",
    "IR": "Iran, Islamic Republic of/Islamic Republic of Iran",
    "KP": "Korea, Democratic People's Republic of/Democratic People's Republic of Korea",
    "KR": "Korea, Republic of/Republic of Korea",
    "LA": "Lao People's Democratic Republic",
    "MD": "Moldova, Republic of/Republic of Moldova",
    "NL": "Netherlands, Kingdom of the/Kingdom of the Netherlands",
    "PS": "Palestine/Palestine, State of/State of Palestine",
    "RU": "Russian Federation",
    "SY": "Syrian Arab Republic",
    "TR": "Turkey",
    "TZ": "Tanzania, United Republic of/United Republic of Tanzania",
    "US": "United States of America",
    "VA": "Holy See",
    "VE": "Venezuela, Bolivarian Republic of",
    "VN": "Viet Nam",
}
"""As ISO 3166 and the United Nations call those that the CLDR calls otherwise."""


def _country(name: str) -> str | None:
    return _countries().get(_folded(name))


def _language(name: str) -> str | None:
    return _languages().get(_folded(name))


NAMING = Naming(_country, _language)


@cache
def _countries() -> dict[str, str]:
    return {_folded(name): code for name, code in _named("territories") if code in pytz.country_names} | {
        _folded(name): code for code, names in _FORMAL.items() for name in names.split("/")
    }


@cache
def _languages() -> dict[str, str]:
    return {_folded(name): code for name, code in _named("languages") if code in _LANGUAGES}


def _named(kind: str) -> Iterator[tuple[str, str]]:
    for language in _LANGUAGES:
        for code, name in getattr(Locale(language), kind).items():
            yield name, code
            yield code, code


def _folded(name: str) -> str:
    """Without case, accents and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))
