"""What a planned change would do to people, as its preview shows it: by clocks that show the same, on the rail."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.rail import Ruler
from api.pages.times import Times
from scheduler.clock.civil import Viewer
from scheduler.clock.zones import parse_date
from scheduler.secretariat.affected import Affected, ZoneView

_DAY, _NIGHT, _STEP = 24 * 60, 6 * 60, 6
_MOST_CITIES = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """When it is on one clock; `shift` is days from the venue's date, `boxes` are where that is on the rail."""

    start: str
    end: str
    day: str
    end_day: str
    shift: int
    part: str
    boxes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Clocks:
    """People whose clocks show the same: the first cities, how many `more` there are, and what becomes of them."""

    cities: tuple[str, ...]
    more: int
    people: int
    before: Stretch | None
    after: Stretch | None

    @property
    def turns(self) -> str:
        """`night` where it becomes night, `free` where it is no more, `other`, `same`; `one` where a side is empty."""
        if self.before is None or self.after is None:
            return "one"
        if self.before.part == self.after.part:
            return "same"
        if self.after.part == "night":
            return "night"
        return "free" if self.before.part == "night" else "other"


@dataclass(frozen=True, slots=True)
class Shown:
    """The preview: figures as they are, clocks by how many people they concern."""

    counts: Affected
    clocks: list[Clocks]
    night: tuple[str, str]
    hours: list[tuple[str, str]]


def shown(found: Affected, times: Times, *, mirrored: bool) -> Shown:
    """A preview as a page shows it."""
    ruler = Ruler(mirrored)
    alike: dict[tuple[object, ...], list[ZoneView]] = defaultdict(list)
    for each in found.by_timezone:
        alike[_face(each.before), _face(each.after)].append(each)
    clocks = [_clocks(zones, times, ruler) for zones in alike.values()]
    return Shown(
        counts=found,
        clocks=sorted(clocks, key=lambda each: -each.people),
        night=ruler.stretch(0, _NIGHT),
        hours=[(ruler.point(hour * 60), f"{hour:02}:00") for hour in range(0, 25, _STEP)],
    )


def _face(viewer: Viewer | None) -> tuple[object, ...] | None:
    return None if viewer is None else (viewer.date, viewer.start, viewer.end, viewer.end_date)


def _clocks(zones: Sequence[ZoneView], times: Times, ruler: Ruler) -> Clocks:
    by_number = sorted(zones, key=lambda each: -each.people)
    cities = list(dict.fromkeys(times.city(each.timezone) for each in by_number))
    return Clocks(
        cities=tuple(cities[:_MOST_CITIES]),
        more=len(cities[_MOST_CITIES:]),
        people=sum(each.people for each in zones),
        before=_stretch(zones[0].before, times, ruler),
        after=_stretch(zones[0].after, times, ruler),
    )


def _stretch(viewer: Viewer | None, times: Times, ruler: Ruler) -> Stretch | None:
    if viewer is None:
        return None
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (viewer.start, viewer.end))
    # What goes over midnight stands at the day's end and at its beginning.
    parts = [(first, last)] if first < last else [(first, _DAY), (0, last)]
    return Stretch(
        start=viewer.start,
        end=viewer.end,
        day=times.written(parse_date(viewer.date, field="date")),
        end_day=times.written(parse_date(viewer.end_date, field="date")),
        shift=viewer.day_shift,
        part=viewer.civil,
        boxes=tuple(ruler.stretch(*part) for part in parts if part[0] < part[1]),
    )
