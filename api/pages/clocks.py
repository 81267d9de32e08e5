"""Moments as paper says them: whole, with their year, since paper is read later and elsewhere."""

from datetime import datetime

from api.delivery.letters.dates import clock_time, on_clock, written_date
from api.pages.times import Times
from api.web.translations import translations


def stretch(times: Times, starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Such as `Wed 8 June 2022, 10:00 to 13:00 Vienna`; the end's day where it is another."""
    _ = translations(times.language).gettext
    first, last = (on_clock(moment, zone).date() for moment in (starts_at, ends_at))
    end = clock_time(ends_at, zone)
    return _("{day}, {start} to {end} {city}").format(
        day=_written(times, starts_at, zone),
        start=clock_time(starts_at, zone),
        end=end if first == last else _("{time} on {day}").format(time=end, day=_written(times, ends_at, zone)),
        city=times.city(zone),
    )


def moment(times: Times, at: datetime, zone: str) -> str:
    """Such as `Sun 1 May 2022, 14:00 Vienna`."""
    return (
        translations(times.language)
        .gettext("{day}, {time} {city}")
        .format(day=_written(times, at, zone), time=clock_time(at, zone), city=times.city(zone))
    )


def _written(times: Times, at: datetime, zone: str) -> str:
    return written_date(on_clock(at, zone).date(), times.language, with_year=True)
