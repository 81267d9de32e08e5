"""Refusals as pages show them: in the reader's language, and honest where a sentence is there in English alone."""

import httpx
import pytest
from markupsafe import Markup

from api.pages.refusals import told
from scheduler import errors
from scheduler.accreditation.rules import why_barred
from scheduler.errors import Fault, ListFull, Meaningless, ModeNotOffered, NotAllowedNow, NotFound, Refusal

LANGUAGES = ("ar", "es", "fr", "ru", "zh")
UNHEARD = "The moon is in the way. Wait for it to pass."


def kinds() -> list[type[Refusal]]:
    found = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refusal)]
    return [kind for kind in found if kind.code != "refused"]


def test_in_english_a_refusal_is_told_as_it_is_escaped() -> None:
    assert told(NotFound("<b>"), "en") == Markup("&lt;b&gt;")


def test_the_very_sentence_is_told_where_it_is_translated() -> None:
    refusal = NotAllowedNow("A meeting can be opened from 60 minutes before its start.")

    assert told(refusal, "fr") == "Une séance peut être ouverte à partir de 60 minutes avant son heure."


def test_values_of_a_sentence_go_where_the_language_wants_them_and_are_escaped() -> None:
    full = ListFull("This list takes 12 speakers and has them. Join those who wait for a place.")
    barred = why_barred("<b>Ada & Co.</b>", "objected", "no statutes")

    assert told(full, "zh") == "此名单可容纳 12 位发言者，已满。您可以等候名额。"
    assert told(barred, "es") == (
        "Hay una objeción a la acreditación de &lt;b&gt;Ada &amp; Co.&lt;/b&gt; en este período de sesiones"
        ": no statutes. Consulte a la secretaría."
    )


def test_a_code_that_says_enough_stands_for_a_sentence_that_is_not_translated() -> None:
    assert told(ModeNotOffered("The list does not offer video."), "fr") == (
        "Cette façon de prendre la parole n’est pas proposée ici. Choisissez-en une autre."
    )


def test_a_code_that_says_little_is_followed_by_the_english_sentence() -> None:
    assert told(NotAllowedNow(UNHEARD), "fr") == (
        f'C’est impossible en ce moment. <span lang="en" dir="ltr">{UNHEARD}</span>'
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_meaning_in_every_language(language: str) -> None:
    untold = [kind.code for kind in kinds() if told(kind(UNHEARD), language).startswith("<span")]
    as_if_unknown = told(Refusal(UNHEARD), language)

    assert untold == []
    assert [kind.code for kind in kinds() if told(kind(UNHEARD), language) == as_if_unknown] == []


def test_a_field_s_fault_is_told_like_a_refusal() -> None:
    assert told(Fault("name", "Field required"), "ar") == "هذا الحقل لازم."
    assert told(Fault("name", "String should have at most 80 characters"), "ru") == "Знаков не больше: 80."
    assert told(Fault("name", UNHEARD), "ru") == f'<span lang="en" dir="ltr">{UNHEARD}</span>'
    assert told(Meaningless("", field="name"), "es") == (
        'Lo escrito no se puede aceptar tal como está. <span lang="en" dir="ltr"></span>'
    )


async def test_an_error_page_tells_the_refusal_in_the_reader_s_language(client: httpx.AsyncClient) -> None:
    answer = await client.get("http://rostrum.test/lists/nothing?lang=ar", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert '<p class="notice lost" role="alert">لا توجد قائمة متكلمين كهذه.</p>' in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/sessions", "/unsubscribe/false"])
async def test_who_goes_astray_with_a_browser_is_shown_a_page(client: httpx.AsyncClient, path: str) -> None:
    read = await client.get(f"http://rostrum.test{path}?lang=fr", headers={"Accept": "text/html"})
    told_ = await client.get(f"http://rostrum.test{path}", headers={"Accept": "*/*"})

    assert (read.status_code, read.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>Il n’y a rien à cette adresse</h1>" in read.text
    assert (told_.status_code, told_.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/calendars/nothing.ics"])
async def test_programs_are_answered_as_programs_whatever_they_accept(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"http://rostrum.test{path}", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
