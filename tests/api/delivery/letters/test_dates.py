from datetime import UTC, date, datetime

import pytest

from api.delivery.letters.dates import Clock, Words, city_of, written_date, written_dates

NOW = datetime(2022, 6, 8, 9, 14, tzinfo=UTC)
VIENNA = Clock("Europe/Vienna", "Vienna")


def words(now: datetime = NOW, reader: str = "Pacific/Apia", language: str = "en", *moments: datetime) -> Words:
    return Words.between(language, now, reader, VIENNA, moments or (now,))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2022, 6, 8, 10, 30, tzinfo=UTC), "23:30 today in Apia (12:30 Vienna)"),
        (datetime(2022, 6, 8, 14, 40, tzinfo=UTC), "03:40 tomorrow in Apia (16:40 Vienna)"),
        (datetime(2022, 6, 9, 11, 0, tzinfo=UTC), "00:00 on Fri 10 June in Apia (13:00 Vienna)"),
        (datetime(2022, 6, 7, 9, 14, tzinfo=UTC), "22:14 on Tue 7 June in Apia (11:14 Vienna)"),
        (datetime(2023, 1, 2, 9, 0, tzinfo=UTC), "22:00 on Mon 2 January 2023 in Apia (10:00 Vienna)"),
    ],
)
def test_moment_is_said_on_both_clocks_mine_first(moment: datetime, said: str) -> None:
    assert words().when(moment) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "03:40 tomorrow in Apia (16:40 Vienna)"),
        ("fr", "demain à 03:40, Apia (16:40 Vienna)"),
        ("es", "mañana a las 03:40 en Apia (16:40 Vienna)"),
    ],
)
def test_moment_is_said_in_the_readers_language(language: str, said: str) -> None:
    assert words(NOW, "Pacific/Apia", language).when(datetime(2022, 6, 8, 14, 40, tzinfo=UTC)) == said


def test_clocks_that_show_the_same_are_one() -> None:
    assert words(NOW, "Europe/Berlin").when(datetime(2022, 6, 8, 14, 40, tzinfo=UTC)) == "16:40 today in Vienna"


def test_clocks_that_part_within_the_stretch_are_two() -> None:
    # Until the night of 26 March 2022 both are an hour ahead of UTC; then Vienna goes on to two, Algiers stays.
    before, after = datetime(2022, 3, 26, 20, tzinfo=UTC), datetime(2022, 3, 27, 9, tzinfo=UTC)

    assert words(before, "Africa/Algiers", "en", before).venue is None
    assert words(before, "Africa/Algiers", "en", before, after).venue == VIENNA


def test_repeated_hour_is_told_apart_from_the_first() -> None:
    first, second = datetime(2022, 10, 30, 0, 30, tzinfo=UTC), datetime(2022, 10, 30, 1, 30, tzinfo=UTC)
    both = words(first, "Asia/Tokyo", "en", first, second)

    assert both.when(first) == "09:30 today in Tokyo (02:30 Vienna)"
    assert both.when(second) == "10:30 today in Tokyo (02:30 Vienna)"


@pytest.mark.parametrize(
    ("language", "short", "long", "dates"),
    [
        ("en", "Thu 9 June", "Thu 9 June 2022", "8–10 Jun 2022"),
        ("fr", "jeu. 9 juin", "jeu. 9 juin 2022", "8–10 juin 2022"),
        ("es", "jue 9 de junio", "jue 9 de junio de 2022", "8–10 de junio de 2022"),
    ],
)
def test_dates_are_written_as_the_language_does(language: str, short: str, long: str, dates: str) -> None:
    day = date(2022, 6, 9)

    assert written_date(day, language, with_year=False) == short
    assert written_date(day, language, with_year=True) == long
    assert written_dates(date(2022, 6, 8), date(2022, 6, 10), language) == dates


@pytest.mark.parametrize(
    ("zone", "language", "city"),
    [
        ("Pacific/Apia", "en", "Apia"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        ("Europe/Vienna", "fr", "Vienne"),
        ("America/Bogota", "es", "Bogotá"),
        ("UTC", "en", "UTC"),
    ],
)
def test_zone_is_named_after_its_city(zone: str, language: str, city: str) -> None:
    assert city_of(zone, language) == city
