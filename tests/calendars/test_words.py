from dataclasses import fields
from string import Formatter
from typing import get_args

import pytest

from calendars.vocabulary import Words
from calendars.words import LANGUAGE_NAMES, words
from scheduler.people.rules import Language


def filled(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_each_language_that_one_may_choose_has_its_own_words_and_name() -> None:
    languages = get_args(Language)

    assert len({words(language).meeting_about for language in languages}) == len(languages)
    assert set(LANGUAGE_NAMES) == set(languages)


@pytest.mark.parametrize("language", get_args(Language))
def test_words_of_a_language_take_the_same_values_as_the_english(language: str) -> None:
    said, english = words(language), words("en")

    for field in fields(Words):
        mine, theirs = getattr(said, field.name), getattr(english, field.name)
        if isinstance(theirs, dict):
            assert mine.keys() == theirs.keys()
        else:
            assert (field.name, filled(mine)) == (field.name, filled(theirs))


def test_an_unknown_language_is_given_english() -> None:
    assert words("de") == words("en")
