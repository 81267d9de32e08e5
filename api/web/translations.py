"""Sentences in the reader's language: the catalogues of `api/locale`, compiled when they are first asked for."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOMAIN = "rostrum"
LOCALE = Path(__file__).parents[1] / "locale"


_RIGHT_TO_LEFT = frozenset({"ar"})


def direction(language: str) -> str:
    """In which direction a language is written, as HTML says it: `ltr` or `rtl`."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


@cache
def languages() -> tuple[str, ...]:
    """Those that there is a catalogue for, and English, in which the sentences are written."""
    found = {"en", *(file.parents[1].name for file in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}
    return tuple(sorted(found))


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language such as `fr`; where there is none, the sentences as they are written."""
    if language == "en" or language not in languages():
        return NullTranslations()
    # The head of the first one tells how the language counts: its order of plural forms is not everybody's.
    catalogue = read(LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po")
    for path in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")):
        for message in read(path):
            if message.id:
                catalogue[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def read(path: Path) -> Catalog:
    """A catalogue's file."""
    with path.open("rb") as file:
        return read_po(file)
