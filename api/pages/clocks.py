"""Times as people read them: on their own clock first, on the venue's beside it, each with its city."""

from dataclasses import dataclass
from datetime import date, datetime

from scheduler.clock.civil import view
from scheduler.clock.written import Written


@dataclass(frozen=True, slots=True)
class Shown:
    """A moment or a stretch on one clock: `Mon 30 May 2022, 10:00`, with where that clock hangs."""

    text: str
    city: str


def stretch(starts_at: datetime, ends_at: datetime, venue: str, tz: str | None) -> list[Shown]:
    """A stretch on the viewer's clock, if she named one that differs, and then on the venue's."""
    return [_stretch(starts_at, ends_at, venue, zone) for zone in _zones(venue, tz)]


def moment(at: datetime, written: Written | None, venue: str, tz: str | None) -> list[Shown]:
    """A deadline on the viewer's clock and on the one in whose time it was decided (default: the venue's)."""
    decided = written["timezone"] if isinstance(written, dict) else venue
    return [_moment(at, decided, zone) for zone in _zones(decided, tz)]


def day(text: str) -> str:
    """`2022-05-30` as `Mon 30 May 2022`."""
    on = date.fromisoformat(text)
    return f"{on:%a} {on.day} {on:%B %Y}"


def days(first: str, last: str) -> str:
    """From one day to another."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def city(zone: str) -> str:
    """The city that a zone is named after."""
    return zone.rpartition("/")[2].replace("_", " ")


def _zones(venue: str, tz: str | None) -> list[str]:
    return [venue] if tz in {None, venue} else [str(tz), venue]


def _stretch(starts_at: datetime, ends_at: datetime, venue: str, zone: str) -> Shown:
    seen = view(starts_at, ends_at, venue, zone)
    end = seen.end if seen.end_date == seen.date else f"{seen.end} on {day(seen.end_date)}"
    return Shown(f"{day(seen.date)}, {seen.start} to {end}", city(zone))


def _moment(at: datetime, decided: str, zone: str) -> Shown:
    seen = view(at, at, decided, zone)
    return Shown(f"{day(seen.date)}, {seen.start}", city(zone))
