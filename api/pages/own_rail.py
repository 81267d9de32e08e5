"""The rail of one's own hours: the night hatched, quiet hours framed, turns and mails at their places, and now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from api.delivery.letters.dates import clock_time, on_clock
from api.pages.hours import HOUR, Hours, Point, Stretch, is_night, on_the_hour
from api.pages.times import Times
from api.pages.turns import Turn
from scheduler.people.views import QuietHours

_LEAST, _AHEAD = timedelta(hours=8), timedelta(hours=14)
_BEFORE, _AFTER = timedelta(hours=4), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Bar:
    """A turn: its window, the thick tick at the median, and where it is spoken from; `first` is the one in question."""

    window: Stretch
    median: str
    mode: str
    first: bool


@dataclass(frozen=True, slots=True)
class OwnRail:
    """All of it; `now` None: it is not on this rail."""

    hours: list[Point]
    nights: list[Stretch]
    quiet: list[Stretch]
    bars: list[Bar]
    mails: list[Point]
    now: Point | None


def around(
    times: Times,
    turn: Turn,
    others: Sequence[Turn],
    mails: Sequence[datetime],
    quiet: QuietHours | None,
    *,
    mirrored: bool,
) -> OwnRail:
    """The hours around a turn: from now on where it is near, else those before and after it."""
    zone = times.zone or turn.event.timezone
    latest = turn.foreseen.latest if turn.foreseen else turn.starts_at
    if timedelta() <= latest - times.now < _AHEAD:
        first = on_the_hour(times.now, zone)
        last = max(first + _LEAST, on_the_hour(latest, zone) + 2 * HOUR)
    else:
        first = on_the_hour(turn.starts_at, zone) - _BEFORE
        last = first + _BEFORE + _AFTER
    span = Hours(first, last, zone, mirrored)
    shown = [each for each in (turn, *others) if span.holds(each.starts_at)]
    return OwnRail(
        hours=span.ticks(),
        nights=list(span.where(is_night)),
        quiet=list(span.where(_hushed(quiet))),
        bars=[_bar(span, each, first=each is turn) for each in shown],
        mails=[span.point(at, clock_time(at, zone)) for at in mails if span.holds(at)],
        now=span.point(times.now) if span.holds(times.now) else None,
    )


def day_of_quiet(times: Times, zone: str, quiet: QuietHours | None, *, mirrored: bool) -> OwnRail:
    """Noon to noon on her clock, with her quiet hours."""
    noon = on_clock(times.now, zone).replace(hour=12, minute=0, second=0, microsecond=0)
    span = Hours(noon, noon + 24 * HOUR, zone, mirrored)
    return OwnRail(span.ticks(), list(span.where(is_night)), list(span.where(_hushed(quiet))), [], [], None)


def _bar(span: Hours, turn: Turn, *, first: bool) -> Bar:
    ends_at = turn.starts_at + (turn.event.ends_at - turn.event.starts_at)
    window = (turn.foreseen.earliest, turn.foreseen.latest) if turn.foreseen else (turn.starts_at, ends_at)
    return Bar(span.stretch(*window), span.point(turn.starts_at).x, turn.event.mode, first)


def _hushed(quiet: QuietHours | None) -> Callable[[time], bool]:
    if quiet is None:
        return lambda _: False
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    if start <= end:
        return lambda at: start <= at < end
    return lambda at: at >= start or at < end
