"""Choosing a clock by the name of a city, in the reader's language."""

import httpx
import pytest

from api.pages.cities import find
from tests.api.pages.test_sign_in import ROOT


@pytest.mark.parametrize(
    ("text", "language", "zone"),
    [
        ("vienna", "en", "Europe/Vienna"),
        ("Vienne", "fr", "Europe/Vienna"),
        ("viena", "es", "Europe/Vienna"),
        ("samoa", "en", "Pacific/Apia"),
        ("bogota", "en", "America/Bogota"),
        ("Bogotá", "es", "America/Bogota"),
        ("geneva", "en", "Europe/Zurich"),
        ("new york", "fr", "America/New_York"),
        ("genève", "fr", "Europe/Zurich"),
        ("geneva", "ru", "Europe/Zurich"),
        ("جنيف", "ar", "Europe/Zurich"),
        ("ابيا", "ar", "Pacific/Apia"),
        ("Новая Зеландия", "ru", "Pacific/Auckland"),
        ("北京", "zh", "Asia/Shanghai"),
        ("Pacific/Apia", "en", "Pacific/Apia"),
    ],
)
def test_a_city_is_found_in_the_language_without_accents_and_by_its_country(
    text: str, language: str, zone: str
) -> None:
    assert find(text, language)[0].zone == zone


@pytest.mark.parametrize("text", ["", "   ", "qqqq", "<script>", "\0"])
def test_what_is_no_city_finds_none(text: str) -> None:
    assert find(text, "en") == []


async def test_a_city_that_is_meant_is_remembered_at_once(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{ROOT}/clock?city=apia&back=/sessions/ahc-2")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sessions/ahc-2")
    assert answer.headers["set-cookie"].startswith('rostrum_zone="Pacific/Apia";')


async def test_what_may_mean_several_clocks_is_asked_again(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{ROOT}/clock?city=australia")

    assert answer.status_code == 200
    assert "/clock?zone=Australia/Perth" in answer.text


@pytest.mark.parametrize("back", ["//evil.test", "https://evil.test", "/\\evil.test", "/x%0d%0aSet-Cookie: a=b"])
async def test_choosing_leads_nowhere_else(client: httpx.AsyncClient, back: str) -> None:
    answer = await client.get(f"{ROOT}/language/fr?back={back}")

    assert answer.headers["location"].startswith("/")
    assert not answer.headers["location"].startswith("//")
    assert "a=b" not in answer.headers["set-cookie"]


async def test_a_language_without_pages_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{ROOT}/language/xx")).status_code == 404
