"""The catalogues against the sentences in the code: none lacks, none is left over, all take the same values."""

from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from api.web.translations import LOCALE, languages, translations

KEYWORDS = {"_": None, "gettext": None, "pgettext": ((1, "c"), 2)}
TRANSLATED = [language for language in languages() if language != "en"]


def sentences() -> set[tuple[str | None, str]]:
    found = extract_from_dir(LOCALE.parent, method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {(context, text if isinstance(text, str) else text[-1]) for _, _, text, _, context in found}


def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "rostrum.po").open("rb") as file:
        return read_po(file, locale=language)


def fields(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def test_letters_can_be_had_in_three_languages() -> None:
    assert languages() == ("en", "es", "fr")


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_has_every_sentence_and_no_other(language: str) -> None:
    translated = {(message.context, message.id) for message in catalogue(language) if message.id}

    assert translated == sentences()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_is_whole_and_takes_the_same_values(language: str) -> None:
    messages = [message for message in catalogue(language) if message.id]
    bad = [
        each.id
        for each in messages
        if not each.string or each.fuzzy or fields(str(each.string)) != fields(str(each.id))
    ]

    assert bad == []


def test_catalogue_is_read_with_its_contexts() -> None:
    assert translations("fr").gettext("Take a slot") == "Prendre un créneau"
    assert translations("es").pgettext("CLDR date pattern", "EEE d MMMM") == "EEE d 'de' MMMM"


@pytest.mark.parametrize("language", ["en", "ru", "xx", "", "../fr"])
def test_language_without_a_catalogue_keeps_the_sentences(language: str) -> None:
    assert translations(language).gettext("Take a slot") == "Take a slot"
