"""Times as people read them: on their own clock first, on the venue's beside it, each with its city."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date

from api.delivery.letters.dates import clock_time, locale_of, named_city, on_clock, written_date, written_dates
from api.web.translations import translations
from scheduler.clock.civil import civil
from scheduler.clock.written import Written

_DAY = timedelta(days=1)
_MINUTE = 60
_HOUR = 60 * _MINUTE


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock on the wall: the zone and city where it hangs, what it shows; `shift` is `+1 day` beside the first."""

    zone: str
    city: str
    time: str
    shift: str


@dataclass(frozen=True, slots=True)
class Side:
    """A stretch on one clock. `day` is written as `Thu 9 June`, `near` as today or tomorrow where it is that.

    `end_day` is set where it ends on another day than it starts.
    """

    zone: str
    city: str
    start: str
    end: str
    day: str
    near: str
    end_day: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A stretch as the viewer sees it. `venue` None: the venue's clock shows the same.

    `tag` names the day where it is not today on her clock, `shift` (`+1 day`) where it is not the venue's day.
    """

    mine: Side
    venue: Side | None
    tag: str
    shift: str
    night: bool


@dataclass(frozen=True, slots=True)
class Times:
    """How one page says times: its language, the moment that "today" belongs to, the viewer's zone (None: any)."""

    language: str
    now: datetime
    zone: str | None

    def pair(self, venue: str, city: str | None) -> list[Clock]:
        """The clocks of the masthead: hers first; one where both show the same."""
        hers = self.zone or venue
        same = _offset(self.now, hers) == _offset(self.now, venue)
        zones = [(venue, city)] if same else [(hers, None), (venue, city)]
        first = on_clock(self.now, zones[0][0]).date()
        return [
            Clock(zone, self.city(zone, name), clock_time(self.now, zone), self.shift(self._day(zone) - first))
            for zone, name in zones
        ]

    def stretch(self, starts_at: datetime, ends_at: datetime, venue: str, city: str | None = None) -> Seen:
        """From one moment to another; a moment alone is a stretch that ends as it starts."""
        hers = self.zone or venue
        same = all(_offset(moment, hers) == _offset(moment, venue) for moment in (starts_at, ends_at))
        mine = self._side(starts_at, ends_at, venue if same else hers, city if same else None)
        theirs = None if same else self._side(starts_at, ends_at, venue, city)
        there = on_clock(starts_at, hers)
        return Seen(
            mine=mine,
            venue=theirs,
            tag="" if there.date() == self._day(hers) else mine.day,
            shift=self.shift(there.date() - on_clock(starts_at, venue).date()),
            night=civil(there.time()) == "night",
        )

    def moment(self, at: datetime, written: Written | None, venue: str, city: str | None = None) -> Seen:
        """A deadline: on her clock, and on the one in whose time it was decided (default: the venue's)."""
        decided = written["timezone"] if isinstance(written, dict) else venue
        return self.stretch(at, at, decided, city if decided == venue else None)

    def city(self, zone: str, city: str | None = None) -> str:
        """A city, in the page's language."""
        return "UTC" if zone == "UTC" and city is None else named_city(city, zone, self.language)

    def written(self, day: date) -> str:
        """`Thu 9 June`, with its year where that is not this one."""
        return written_date(day, self.language, with_year=day.year != self.now.year)

    def dates(self, first: str, last: str) -> str:
        """`8–10 June 2022`."""
        return written_dates(date.fromisoformat(first), date.fromisoformat(last), self.language)

    def today(self) -> str:
        """The whole date on her clock: `Wednesday 8 June`."""
        pattern = translations(self.language).pgettext("CLDR date pattern", "EEEE d MMMM")
        return _formatted(self._day(self.zone or "UTC"), pattern, self.language)

    def utc_offset(self, zone: str) -> str:
        """`UTC+13`."""
        return _utc_offset(_offset(self.now, zone))

    def until(self, moment: datetime) -> str:
        """How long it is until then, roughly: `3 h 46 min`, `2 days`; empty where it is past."""
        said = translations(self.language)
        seconds = int((moment - self.now).total_seconds())
        if seconds <= 0:
            return ""
        minutes, hours, days = max(1, seconds // _MINUTE), seconds // _HOUR, seconds // (24 * _HOUR)
        if hours >= 24:  # noqa: PLR2004  -- from a day on nobody counts hours
            return said.ngettext("{number} day", "{number} days", days).format(number=days)
        if hours:
            return said.gettext("{hours} h {minutes} min").format(hours=hours, minutes=minutes % 60)
        return said.gettext("{minutes} min").format(minutes=minutes)

    def length(self, seconds: int) -> str:
        """How long a turn is: `4 min`, `90 s`."""
        _ = translations(self.language).gettext
        if seconds % _MINUTE:
            return _("{seconds} s").format(seconds=seconds)
        return _("{minutes} min").format(minutes=seconds // _MINUTE)

    def shift(self, by: timedelta) -> str:
        """By how many days a clock is ahead or behind: `+1 day`; empty where it is the same day."""
        return self.shifts().get(by // _DAY, "")

    def shifts(self) -> dict[int, str]:
        """The words of `shift`, by the number of days."""
        _ = translations(self.language).gettext
        return {1: _("+1 day"), -1: _("−1 day"), 2: _("+2 days"), -2: _("−2 days")}

    def _day(self, zone: str) -> date:
        return on_clock(self.now, zone).date()

    def _side(self, starts_at: datetime, ends_at: datetime, zone: str, city: str | None) -> Side:
        first, last = (on_clock(moment, zone).date() for moment in (starts_at, ends_at))
        return Side(
            zone=zone,
            city=self.city(zone, city),
            start=clock_time(starts_at, zone),
            end=clock_time(ends_at, zone),
            day=self.written(first),
            near=self._near(first, zone),
            end_day=None if first == last else self.written(last),
        )

    def _near(self, day: date, zone: str) -> str:
        _ = translations(self.language).gettext
        near = {timedelta(): _("today"), _DAY: _("tomorrow")}
        return near.get(day - self._day(zone)) or self.written(day)


def _offset(moment: datetime, zone: str) -> timedelta:
    return on_clock(moment, zone).utcoffset() or timedelta()


def _utc_offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // _MINUTE
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def _formatted(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=locale_of(language))
