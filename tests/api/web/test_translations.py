"""The catalogues against the sentences in the code: none lacks, none is left over, all take the same values."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import Literal

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from pydantic import BaseModel, Field, ValidationError

from api.web.translations import LOCALE, languages, read, translations

KEYWORDS = {"_": None, "gettext": None, "pgettext": ((1, "c"), 2), "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
TRANSLATED = [language for language in languages() if language != "en"]
WHOLE = ("ar", "es", "fr")
PUBLIC_ALONE = ("ru", "zh")
OF_OFFICES = (
    "pages/chair",
    "pages/secretariat/",
    "pages/templates/chair",
    "pages/templates/secretariat/",
    "pages/templates/parts/chair",
)
"""Where the pages of chairs and secretariats come from: all others, and the letters, are for everybody."""

CODES = {"status", "command", "allowed", "expected"}
"""Values of refusals that are words of the API: a translation says what they mean, or leaves them out."""

Key = tuple[str | None, str]


def key(context: str | None, text: object) -> Key:
    """A sentence, or the singular of one; behind a context, the last of what was found."""
    if isinstance(text, str):
        return context, text
    assert isinstance(text, tuple | list)
    return context, str(text[-1] if context else text[0])


@cache
def sentences() -> frozenset[Key]:
    """What is marked, and what the catalogue of refusals takes from where nothing can be marked."""
    return frozenset({key_ for _, key_ in marked()} | refusals())


@cache
def marked() -> tuple[tuple[str, Key], ...]:
    """Each marked sentence, with the file that it is in."""
    found = extract_from_dir(LOCALE.parent, method_map=METHODS, keywords=KEYWORDS)
    return tuple((path, key(context, text)) for path, _, text, _, context in found)


def refusals() -> set[Key]:
    """The sentences of that catalogue that stand in the code, or that pydantic says."""
    written, faults = set(texts()), list(faults_of_shapes())
    return {
        (None, text)
        for _, text in keys(catalogues("fr")["refusals"])
        if bare(text) in written or any(re.fullmatch(re.sub(r"\{\w+\}", ".+", text), fault) for fault in faults)
    }


class Shape(BaseModel):
    name: str = Field(min_length=2, max_length=3)
    letter: str = Field(min_length=1)
    number: int = Field(ge=1, le=2)
    above: int = Field(gt=0)
    kind: Literal["a", "b"]


def faults_of_shapes() -> Iterator[str]:
    """What pydantic says of fields that are not as they should be."""
    for said in (
        {},
        {"name": "a", "letter": "", "number": 0, "above": 0, "kind": "c"},
        {"name": "abcd", "letter": 1, "number": 3, "above": "x"},
        {"number": None},
    ):
        try:
            Shape.model_validate(said)
        except ValidationError as error:
            yield from (each["msg"] for each in error.errors())


def texts() -> Iterator[str]:
    """Every text in the code, with a pair of braces where a value comes in."""
    for path in (*LOCALE.parents[1].glob("scheduler/**/*.py"), *LOCALE.parent.glob("pages/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def bare(text: str) -> str:
    return re.sub(r"\{\w*\}", "{}", text)


def catalogues(language: str) -> dict[str, Catalog]:
    """The files of a language by their names."""
    return {path.stem: read(path) for path in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po"))}


def messages(language: str) -> Iterator[Message]:
    for catalogue in catalogues(language).values():
        yield from (message for message in catalogue if message.id)


def keys(catalogue: Catalog) -> set[Key]:
    return {key(message.context, message.id) for message in catalogue if message.id}


def said(message: Message) -> list[str]:
    """A translation in each of its forms."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def takes_the_same_values(message: Message, form: int) -> bool:
    """Whether a form names all that the sentence names; one that is said of a single number may leave it out."""
    wanted, found = fields(key(message.context, message.id)[1]), fields(said(message)[form])
    may_lack = {"number"} if form < len(said(message)) - 1 else CODES
    return found <= wanted and wanted - found <= may_lack


def test_letters_and_pages_can_be_had_in_the_six_languages() -> None:
    assert languages() == ("ar", "en", "es", "fr", "ru", "zh")


@pytest.mark.parametrize("language", WHOLE)
def test_language_has_every_sentence_and_no_other(language: str) -> None:
    assert {key(message.context, message.id) for message in messages(language)} == sentences()


@pytest.mark.parametrize("language", PUBLIC_ALONE)
def test_language_has_every_sentence_of_public_pages_and_letters(language: str) -> None:
    public = {key_ for path, key_ in marked() if not path.startswith(OF_OFFICES)}

    assert (public | refusals()) - {key(message.context, message.id) for message in messages(language)} == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_language_says_no_sentence_twice_and_none_that_is_not_said(language: str) -> None:
    found = [key(message.context, message.id) for message in messages(language)]

    assert sorted(found, key=str) == sorted(set(found), key=str)
    assert set(found) - sentences() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_file_of_a_language_holds_nothing_that_the_french_one_does_not_hold(language: str) -> None:
    french = catalogues("fr")

    for name, catalogue in catalogues(language).items():
        assert keys(catalogue) - keys(french[name]) == set(), name
        assert language in PUBLIC_ALONE or keys(catalogue) == keys(french[name]), name


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_is_whole_and_takes_the_same_values(language: str) -> None:
    bad = [
        (message.id, form)
        for message in messages(language)
        for form, text in enumerate(said(message))
        if not text or message.fuzzy or not takes_the_same_values(message, form)
    ]

    assert bad == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_has_all_forms_of_its_language(language: str) -> None:
    forms = {catalogue.num_plurals for catalogue in catalogues(language).values()}
    counted = [message for message in messages(language) if isinstance(message.id, tuple | list)]

    assert {len(said(message)) for message in counted} == forms
    assert forms == {{"ar": 6, "ru": 3, "zh": 1}.get(language, 2)}


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        ("en", {1: "1 hour", 2: "2 hours"}),
        ("fr", {0: "0 heure", 1: "1 heure", 2: "2 heures"}),
        ("ru", {1: "1 час", 2: "2 часа", 5: "5 часов", 11: "11 часов", 21: "21 час"}),
        ("zh", {1: "1 小时", 2: "2 小时"}),
        (
            "ar",
            {0: "0 ساعة", 1: "ساعة واحدة", 2: "ساعتان", 3: "3 ساعات", 11: "11 ساعة", 100: "100 ساعة", 103: "103 ساعات"},
        ),
    ],
)
def test_hours_are_counted_as_the_language_counts(language: str, counted: dict[int, str]) -> None:
    ngettext = translations(language).ngettext

    assert {n: ngettext("{number} hour", "{number} hours", n).format(number=n) for n in counted} == counted


def test_catalogue_is_read_with_its_contexts() -> None:
    assert translations("fr").gettext("Take a slot") == "Prendre un créneau"
    assert translations("es").pgettext("CLDR date pattern", "EEE d MMMM") == "EEE d 'de' MMMM"


@pytest.mark.parametrize("language", ["en", "de", "xx", "", "../fr"])
def test_language_without_a_catalogue_keeps_the_sentences(language: str) -> None:
    assert translations(language).gettext("Take a slot") == "Take a slot"
