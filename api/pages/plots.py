"""Plots as SVG takes them: places in percent of a row; where Arabic is read they count from the other side."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.floor.tally import SpokenTime, TurnMark

_DAY = 24 * 60
_NIGHT_ENDS = 6 * 60
_EACH = 6 * 60
_STEPS = (10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_MOST_TICKS = 5
_ROOM = 1.06
"""The axis is a little longer than the longest bar."""

_APART = (20, 12, 8, 5, 3)
"""Minutes between marks of one line: as wide as a mark is, and narrower where there would be too many lines."""

_MOST_LINES, _LINE, _LEAST = 13, 11, 48


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis; `value` is seconds, or an hour."""

    x: str
    value: int

    @property
    def hour(self) -> str:
        """The hour as a clock shows it."""
        return f"{self.value:02}:00"


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of bars, from `x` on: the outline is what was planned, the fill what was."""

    of: SpokenTime
    planned: tuple[str, str]
    actual: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars with their axis."""

    ticks: list[Tick]
    rows: list[Bar]


@dataclass(frozen=True, slots=True)
class Mark:
    """A turn: `y` is in pixels from the row's middle."""

    x: str
    y: int
    mode: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """The turns of a region, in a row at least so many pixels high."""

    key: str | None
    height: int
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Hours:
    """Turns on the hours of their speakers' clocks."""

    ticks: list[Tick]
    night: tuple[str, str]
    lines: list[Line]


def bars(rows: Sequence[SpokenTime], *, mirrored: bool) -> Bars:
    """Planned against actual time."""
    longest = max((max(row.planned_seconds, row.actual_seconds) for row in rows), default=0) or 1
    whole = longest * _ROOM
    step = next((each for each in _STEPS if longest / each < _MOST_TICKS), _STEPS[-1])

    def length(seconds: int) -> tuple[str, str]:
        share = 100 * seconds / whole
        return f"{100 - share if mirrored else 0:.2f}%", f"{share:.2f}%"

    ticks = [Tick(_point(at / whole, mirrored), at) for at in range(0, longest + 1, step)]
    return Bars(ticks, [Bar(row, length(row.planned_seconds), length(row.actual_seconds)) for row in rows])


def hours(keys: Sequence[str | None], turns: Sequence[TurnMark], *, mirrored: bool) -> Hours:
    """One mark a turn, a line a region; `turns` are in the order of their hours."""
    night = _NIGHT_ENDS / _DAY
    return Hours(
        ticks=[Tick(_point(minute / _DAY, mirrored), minute // 60) for minute in range(0, _DAY + 1, _EACH)],
        night=(f"{100 * (1 - night) if mirrored else 0:.2f}%", f"{100 * night:.2f}%"),
        lines=[_line(key, [turn for turn in turns if turn.region == key], mirrored) for key in keys],
    )


def _point(share: float, mirrored: bool) -> str:
    return f"{100 * (1 - share if mirrored else share):.2f}%"


def _line(key: str | None, turns: Sequence[TurnMark], mirrored: bool) -> Line:
    minutes = [int(turn.local_start[:2]) * 60 + int(turn.local_start[3:]) for turn in turns]
    places = next((found for apart in _APART if max(found := _stacked(minutes, apart), default=0) < _MOST_LINES), None)
    places = places or [at % _MOST_LINES for at in range(len(minutes))]
    height = max(_LEAST, _LINE * (max(places, default=0) + 2))
    marks = [
        Mark(_point(minute / _DAY, mirrored), _LINE * _from_the_middle(place), turn.mode)
        for turn, minute, place in zip(turns, minutes, places, strict=True)
    ]
    return Line(key, height, marks)


def _stacked(minutes: Sequence[int], apart: int) -> list[int]:
    """For each mark the first line where it touches none before it."""
    last: list[int] = []
    places = []
    for minute in minutes:
        place = next((at for at, before in enumerate(last) if minute - before >= apart), len(last))
        if place == len(last):
            last.append(minute)
        last[place] = minute
        places.append(place)
    return places


def _from_the_middle(place: int) -> int:
    """0, 1, -1, 2, -2 and so on."""
    return (place + 1) // 2 * (1 if place % 2 else -1)
