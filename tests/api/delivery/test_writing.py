import pytest

from api.delivery.letters.rendering import render
from api.delivery.writing import rendered_for
from api.web.translations import languages
from scheduler.notices.facts import LetterFacts
from tests.makers import facts as makers

NAMES = ["Ada Example", "<script>alert('x') & \"y\"</script>", "Zoë Ω", "{name} %s \\1"]


def facts(name: str, link: str | None) -> LetterFacts:
    return makers.facts(rule="meeting-soon", name=name, unsubscribe_url=link)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("link", ["https://rostrum.test/unsubscribe/1?a=b&c=d", None])
@pytest.mark.parametrize("language", languages())
def test_what_is_filled_in_reads_as_if_it_had_been_laid_out_for_her(name: str, link: str | None, language: str) -> None:
    told = facts(name, link)

    assert rendered_for(told, language) == render(told, language)


def test_one_reader_never_gets_the_name_or_the_link_of_another() -> None:
    first = rendered_for(facts("Ada Example", "https://rostrum.test/unsubscribe/ada"), "en")
    second = rendered_for(facts("Bob Example", "https://rostrum.test/unsubscribe/bob"), "en")

    assert ("Ada" in first.text, "unsubscribe/ada" in first.html) == (True, True)
    assert ("Ada" in second.text + second.html, "unsubscribe/ada" in second.text + second.html) == (False, False)
