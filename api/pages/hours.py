"""Some hours on somebody's clock as a rail: places and lengths as SVG takes them, the night, the lines of the hours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from api.delivery.letters.dates import clock_time, on_clock
from scheduler.clock.civil import civil

HOUR, _STEP = timedelta(hours=1), timedelta(minutes=15)
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
class Hours:
    """From `first` to `last` on the clock of a zone; `mirrored` where one reads from right to left."""

    first: datetime
    last: datetime
    zone: str
    mirrored: bool

    def point(self, moment: datetime, text: str = "") -> Point:
        """Where a moment is."""
        share = self._share(moment)
        return Point(self._x(share), text, share > 0.5)  # noqa: PLR2004  -- its half

    def stretch(self, first: datetime, last: datetime) -> Stretch:
        """Where a stretch is, cut at the ends; never too narrow to be seen."""
        begin, end = (min(1.0, max(0.0, self._share(moment))) for moment in (first, last))
        return Stretch(self._x(end if self.mirrored else begin), f"{max(_LEAST_WIDTH, 100 * (end - begin)):.2f}%")

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is on it."""
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
        """The lines of its hours, not too many."""
        whole = int((self.last - self.first) / HOUR)
        step = next(each for each in (1, 2, 3, 4, 6, 12) if whole / each < _MOST_TICKS or each == 12)  # noqa: PLR2004  -- the widest
        moments = [self.first + HOUR * at for at in range(0, whole + 1, step)]
        return [self.point(moment, clock_time(moment, self.zone)) for moment in moments]

    def _share(self, moment: datetime) -> float:
        return (moment - self.first) / (self.last - self.first)

    def _x(self, share: float) -> str:
        return f"{100 * (1 - share if self.mirrored else share):.2f}%"


def on_the_hour(moment: datetime, zone: str) -> datetime:
    """The last full hour on that clock."""
    there = on_clock(moment, zone)
    return moment - timedelta(minutes=there.minute, seconds=there.second, microseconds=there.microsecond)


def is_night(at: time) -> bool:
    """Whether one sleeps then."""
    return civil(at) == "night"
