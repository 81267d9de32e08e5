"""Finding a clock by the name of its city or country, in the reader's language or in English."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations

import pytz

from api.delivery.letters.dates import city_of, locale_of
from api.web.translations import translations
from scheduler.clock.zones import ZONE_NAMES

_MOST = 24


@dataclass(frozen=True, slots=True)
class City:
    """A city, the country that it is in, and the zone of its clock."""

    name: str
    country: str
    zone: str


def find(text: str, language: str) -> list[City]:
    """The cities that `text` may mean, those that begin with it first; a zone's own name is found as well."""
    wanted = _plain(text)
    if not wanted:
        return []
    found = [(_rank(names, wanted), city) for names, city in _known(language) if any(wanted in name for name in names)]
    return [city for _, city in sorted(found, key=lambda pair: (pair[0], pair[1].name))][:_MOST]


def describe(zone: str, language: str) -> City:
    """The city of a zone, with its country where it has one."""
    return City("UTC" if zone == "UTC" else city_of(zone, language), _country(zone, language), zone)


@cache
def every_city(language: str) -> list[City]:
    """Every city of a zone in daily use, by name."""
    return sorted((city for _, city in _cities(language) if city.country), key=lambda city: city.name)


@cache
def _known(language: str) -> list[tuple[tuple[str, ...], City]]:
    return [(tuple(map(_plain, names)), city) for names, city in _cities(language)]


def _cities(language: str) -> Iterator[tuple[tuple[str, ...], City]]:
    for zone in pytz.common_timezones:
        if zone in ZONE_NAMES:
            city = describe(zone, language)
            yield (city.name, city_of(zone, "en"), city.country, _country(zone, "en"), zone), city
    for (name, zone), english in zip(_others(translations(language)).items(), _others(NullTranslations()), strict=True):
        country = _country(zone, language)
        yield (name, english, country, _country(zone, "en")), City(name, country, zone)


def _others(said: NullTranslations) -> dict[str, str]:
    """Seats of organisations and capitals that no zone is named after."""
    pgettext = said.pgettext
    return {
        pgettext("city", "Geneva"): "Europe/Zurich",
        pgettext("city", "Bern"): "Europe/Zurich",
        pgettext("city", "The Hague"): "Europe/Amsterdam",
        pgettext("city", "Beijing"): "Asia/Shanghai",
        pgettext("city", "New Delhi"): "Asia/Kolkata",
        pgettext("city", "Mumbai"): "Asia/Kolkata",
        pgettext("city", "Washington"): "America/New_York",
        pgettext("city", "Ottawa"): "America/Toronto",
        pgettext("city", "Montreal"): "America/Toronto",
        pgettext("city", "Brasilia"): "America/Sao_Paulo",
        pgettext("city", "Rio de Janeiro"): "America/Sao_Paulo",
        pgettext("city", "San Francisco"): "America/Los_Angeles",
        pgettext("city", "Abuja"): "Africa/Lagos",
        pgettext("city", "Pretoria"): "Africa/Johannesburg",
        pgettext("city", "Rabat"): "Africa/Casablanca",
        pgettext("city", "Wellington"): "Pacific/Auckland",
        pgettext("city", "Canberra"): "Australia/Sydney",
        pgettext("city", "Ankara"): "Europe/Istanbul",
        pgettext("city", "Abu Dhabi"): "Asia/Dubai",
        pgettext("city", "Hanoi"): "Asia/Ho_Chi_Minh",
    }


@cache
def _countries() -> dict[str, str]:
    return {zone: code for code, zones in pytz.country_timezones.items() for zone in zones}


def _country(zone: str, language: str) -> str:
    return str(locale_of(language).territories.get(_countries().get(zone, ""), ""))


def _rank(names: tuple[str, ...], wanted: str) -> int:
    """The name itself first, then what begins with it, then countries and parts of names."""
    if wanted in names[:2] or wanted == names[-1]:
        return 0
    return 1 if any(name.startswith(wanted) for name in names[:2]) else 2


def _plain(text: str) -> str:
    """Without accents, case and underscores: as people type."""
    apart = unicodedata.normalize("NFKD", text.replace("_", " ").strip())
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()
