"""Moments as a letter says them: on a clock that is named, with "today" and "tomorrow" where they are true."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date, format_interval

from api.web.translations import translations
from scheduler.clock.zones import local

_DAY = timedelta(days=1)
_LOCALES = {"en": "en_GB"}  # British English writes "Thu 9 June" and a clock of 24 hours


@dataclass(frozen=True, slots=True)
class Clock:
    """A place's clock: its IANA zone and the name of its city."""

    zone: str
    city: str


@dataclass(frozen=True, slots=True)
class Words:
    """How one letter says moments: its language, the moment that "today" belongs to, and the clocks.

    The reader's comes first; `venue` None: the venue's shows the same.
    """

    language: str
    now: datetime
    reader: Clock
    venue: Clock | None

    @classmethod
    def between(
        cls, language: str, now: datetime, reader_zone: str, venue: Clock, moments: tuple[datetime, ...]
    ) -> "Words":
        """For moments that a reader and a venue share; the same clock once where it is the same at all of them."""
        same = all(
            on_clock(moment, reader_zone).utcoffset() == on_clock(moment, venue.zone).utcoffset() for moment in moments
        )
        reader = venue if same else Clock(reader_zone, city_of(reader_zone, language))
        return cls(language, now, reader, None if same else venue)

    @property
    def texts(self) -> NullTranslations:
        """The catalogue."""
        return translations(self.language)

    def when(self, moment: datetime) -> str:
        """Such as "03:40 tomorrow in Apia (16:40 Vienna)"."""
        _ = self.texts.gettext
        day = _offset(self.now, moment, self.reader.zone)
        if self.venue is None:
            text = {
                0: _("{time} today in {city}"),
                1: _("{time} tomorrow in {city}"),
            }.get(day, _("{time} on {day} in {city}"))
        else:
            text = {
                0: _("{time} today in {city} ({venue_time} {venue_city})"),
                1: _("{time} tomorrow in {city} ({venue_time} {venue_city})"),
            }.get(day, _("{time} on {day} in {city} ({venue_time} {venue_city})"))
        return text.format(
            time=clock_time(moment, self.reader.zone),
            day=self.date(moment, self.reader.zone),
            city=self.reader.city,
            venue_time=clock_time(moment, (self.venue or self.reader).zone),
            venue_city=(self.venue or self.reader).city,
        )

    def day(self, moment: datetime, zone: str) -> str:
        """Such as "tomorrow, Thu 9 June"."""
        _ = self.texts.gettext
        near = {0: _("today, {day}"), 1: _("tomorrow, {day}")}.get(_offset(self.now, moment, zone), "{day}")
        return near.format(day=self.date(moment, zone))

    def date(self, moment: datetime, zone: str) -> str:
        """Such as "Thu 9 June", with its year where that is another than now."""
        there = on_clock(moment, zone).date()
        return written_date(there, self.language, with_year=there.year != on_clock(self.now, zone).year)


def on_clock(moment: datetime, zone: str) -> datetime:
    """A moment as a place's clock shows it; a letter asks for the same few again and again."""
    # In UTC, because two datetimes of one zone that differ in `fold` alone are equal, and so one key.
    return _on_clock(moment if moment.tzinfo is UTC else moment.astimezone(UTC), zone)


@lru_cache(maxsize=4096)
def _on_clock(moment: datetime, zone: str) -> datetime:
    return local(moment, zone)


def clock_time(moment: datetime, zone: str) -> str:
    """Such as "03:40"."""
    there = on_clock(moment, zone)
    return f"{there.hour:02}:{there.minute:02}"


def _offset(now: datetime, moment: datetime, zone: str) -> int:
    """How many days after today it is, on the clock of a place."""
    return (on_clock(moment, zone).date() - on_clock(now, zone).date()) // _DAY


@lru_cache(maxsize=4096)
def written_date(day: date, language: str, *, with_year: bool) -> str:
    """A date as the language writes it."""
    texts = translations(language)
    short, long = texts.pgettext("CLDR date pattern", "EEE d MMMM"), texts.pgettext("CLDR date pattern", "EEE d MMMM y")
    return format_date(day, long if with_year else short, locale=locale_of(language))


@lru_cache(maxsize=1024)
def written_dates(first: date, last: date, language: str) -> str:
    """Such as "8–10 June 2022"."""
    return format_interval(first, last, "yMMMMd", locale=locale_of(language))


@lru_cache(maxsize=4096)
def city_of(zone: str, language: str) -> str:
    """The city that a zone is named after, in the language where it has a name of its own there."""
    names = locale_of(language).time_zones.get(zone) or {}
    return str(names.get("city") or zone.rpartition("/")[2].replace("_", " "))


def named_city(city: str | None, zone: str, language: str) -> str:
    """A city as the secretariat writes it; in the language, where its zone is named after it or its name is known."""
    if city is None or city == city_of(zone, "en"):
        return city_of(zone, language)
    return translations(language).pgettext("city", city)


@lru_cache(maxsize=16)
def locale_of(language: str) -> Locale:
    """What CLDR knows of a language."""
    return Locale.parse(_LOCALES.get(language, language))
