"""Finding a clock by the name of its city or country, in the reader's language or in English."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytz

from api.delivery.letters.dates import city_of, locale_of
from scheduler.clock.zones import ZONE_NAMES

_MOST = 24
# Seats of organisations and capitals that no zone is named after.
_OTHERS = {
    "Geneva": "Europe/Zurich", "Bern": "Europe/Zurich", "The Hague": "Europe/Amsterdam", "Beijing": "Asia/Shanghai",
    "New Delhi": "Asia/Kolkata", "Mumbai": "Asia/Kolkata", "Washington": "America/New_York",
    "Ottawa": "America/Toronto",
    "Brasilia": "America/Sao_Paulo", "Rio de Janeiro": "America/Sao_Paulo", "Abuja": "Africa/Lagos",
    "Pretoria": "Africa/Johannesburg", "Rabat": "Africa/Casablanca", "Wellington": "Pacific/Auckland",
    "Canberra": "Australia/Sydney", "Ankara": "Europe/Istanbul", "Abu Dhabi": "Asia/Dubai", "Hanoi": "Asia/Ho_Chi_Minh",
    "San Francisco": "America/Los_Angeles", "Addis Ababa": "Africa/Addis_Ababa", "Montreal": "America/Toronto",
}  # fmt: skip


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
    for name, zone in _OTHERS.items():
        country = _country(zone, language)
        yield (name, country), City(name, country, zone)


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
