"""The rail of one's own hours: the night hatched, quiet hours framed, turns and mails at their places, and now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from api.delivery.letters.dates import clock_time, on_clock
from api.pages.times import Times
from api.pages.turns import Turn
from scheduler.clock.civil import civil
from scheduler.people.views import QuietHours

_HOUR, _STEP = timedelta(hours=1), timedelta(minutes=15)
_LEAST, _AHEAD = timedelta(hours=8), timedelta(hours=14)
_BEFORE, _AFTER = timedelta(hours=4), timedelta(hours=4)
_MOST_TICKS = 9
_LEAST_WIDTH = 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the rail, and what is said there; `late` in its second half, where words stand before it."""

    x: str
    text: str
    late: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `x`, as SVG counts, on."""

    x: str
    width: str


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


@dataclass(frozen=True, slots=True)
class _Span:
    first: datetime
    last: datetime
    zone: str
    mirrored: bool

    def point(self, moment: datetime, text: str = "") -> Point:
        share = self._share(moment)
        return Point(self._x(share), text, share > 0.5)  # noqa: PLR2004  -- its half

    def stretch(self, first: datetime, last: datetime) -> Stretch:
        begin, end = (min(1.0, max(0.0, self._share(moment))) for moment in (first, last))
        return Stretch(self._x(end if self.mirrored else begin), f"{max(_LEAST_WIDTH, 100 * (end - begin)):.2f}%")

    def holds(self, moment: datetime) -> bool:
        return self.first <= moment <= self.last

    def where(self, told: Callable[[time], bool]) -> Iterator[Stretch]:
        """The stretches in which her wall clock is told so."""
        begin, at = None, self.first
        while at < self.last:
            if told(on_clock(at, self.zone).time()):
                begin = begin or at
            elif begin:
                yield self.stretch(begin, at)
                begin = None
            at += _STEP
        if begin:
            yield self.stretch(begin, self.last)

    def ticks(self) -> list[Point]:
        whole = int((self.last - self.first) / _HOUR)
        step = next(each for each in (1, 2, 3, 4, 6, 12) if whole / each < _MOST_TICKS or each == 12)  # noqa: PLR2004  -- the widest
        moments = [self.first + _HOUR * at for at in range(0, whole + 1, step)]
        return [self.point(moment, clock_time(moment, self.zone)) for moment in moments]

    def _share(self, moment: datetime) -> float:
        return (moment - self.first) / (self.last - self.first)

    def _x(self, share: float) -> str:
        return f"{100 * (1 - share if self.mirrored else share):.2f}%"


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
        first = _on_the_hour(times.now, zone)
        last = max(first + _LEAST, _on_the_hour(latest, zone) + 2 * _HOUR)
    else:
        first = _on_the_hour(turn.starts_at, zone) - _BEFORE
        last = first + _BEFORE + _AFTER
    span = _Span(first, last, zone, mirrored)
    shown = [each for each in (turn, *others) if span.holds(each.starts_at)]
    return OwnRail(
        hours=span.ticks(),
        nights=list(span.where(_is_night)),
        quiet=list(span.where(_hushed(quiet))),
        bars=[_bar(span, each, first=each is turn) for each in shown],
        mails=[span.point(at, clock_time(at, zone)) for at in mails if span.holds(at)],
        now=span.point(times.now) if span.holds(times.now) else None,
    )


def day_of_quiet(times: Times, zone: str, quiet: QuietHours | None, *, mirrored: bool) -> OwnRail:
    """Noon to noon on her clock, with her quiet hours."""
    noon = on_clock(times.now, zone).replace(hour=12, minute=0, second=0, microsecond=0)
    span = _Span(noon, noon + 24 * _HOUR, zone, mirrored)
    return OwnRail(span.ticks(), list(span.where(_is_night)), list(span.where(_hushed(quiet))), [], [], None)


def _bar(span: _Span, turn: Turn, *, first: bool) -> Bar:
    ends_at = turn.starts_at + (turn.event.ends_at - turn.event.starts_at)
    window = (turn.foreseen.earliest, turn.foreseen.latest) if turn.foreseen else (turn.starts_at, ends_at)
    return Bar(span.stretch(*window), span.point(turn.starts_at).x, turn.event.mode, first)


def _on_the_hour(moment: datetime, zone: str) -> datetime:
    there = on_clock(moment, zone)
    return moment - timedelta(minutes=there.minute, seconds=there.second, microseconds=there.microsecond)


def _is_night(at: time) -> bool:
    return civil(at) == "night"


def _hushed(quiet: QuietHours | None) -> Callable[[time], bool]:
    if quiet is None:
        return lambda _: False
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    if start <= end:
        return lambda at: start <= at < end
    return lambda at: at >= start or at < end
