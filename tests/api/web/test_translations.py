"""The catalogues against the sentences in the code: none lacks, none is left over, all take the same values."""

from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from api.web.translations import LOCALE, languages, translations

KEYWORDS = {"_": None, "gettext": None, "pgettext": ((1, "c"), 2), "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
TRANSLATED = [language for language in languages() if language != "en"]


def key(context: str | None, text: object) -> tuple[str | None, str]:
    """A sentence, or the singular of one; behind a context, the last of what was found."""
    if isinstance(text, str):
        return context, text
    assert isinstance(text, tuple | list)
    return context, str(text[-1] if context else text[0])


def sentences() -> set[tuple[str | None, str]]:
    found = extract_from_dir(LOCALE.parent, method_map=METHODS, keywords=KEYWORDS)
    return {key(context, text) for _, _, text, _, context in found}


def messages(language: str) -> list[Message]:
    """What the catalogues of a language hold: that of letters and that of pages."""
    found: list[Message] = []
    for path in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found += [message for message in read_po(file, locale=language) if message.id]
    return found


def fields(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def test_letters_can_be_had_in_three_languages() -> None:
    assert languages() == ("en", "es", "fr")


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_has_every_sentence_and_no_other(language: str) -> None:
    translated = [key(message.context, message.id) for message in messages(language)]

    assert set(translated) == sentences()
    assert len(translated) == len(set(translated))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_is_whole_and_takes_the_same_values(language: str) -> None:
    bad = [
        message.id
        for message in messages(language)
        for said in (message.string if isinstance(message.string, tuple | list) else [message.string])
        if not said or message.fuzzy or fields(str(said)) != fields(key(message.context, message.id)[1])
    ]

    assert bad == []


def test_catalogue_is_read_with_its_contexts() -> None:
    assert translations("fr").gettext("Take a slot") == "Prendre un créneau"
    assert translations("es").pgettext("CLDR date pattern", "EEE d MMMM") == "EEE d 'de' MMMM"


@pytest.mark.parametrize("language", ["en", "ru", "xx", "", "../fr"])
def test_language_without_a_catalogue_keeps_the_sentences(language: str) -> None:
    assert translations(language).gettext("Take a slot") == "Take a slot"
