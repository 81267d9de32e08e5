"""Two judges of the zone arithmetic, both of which go only the sure way (instant to wall clock) or are another's work.

`TzdataJudge` reads the files of the `tzdata` package; `PytzJudge` is pytz's own arithmetic, right until 2037.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Protocol
from zoneinfo import ZoneInfo

import pytz

DAY = timedelta(days=1)

Wall = tuple[date, time]


@cache
def tzdata_zone(name: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


class Judge(Protocol):
    def wall(self, moment: datetime) -> Wall: ...

    def instants(self, wall: Wall) -> list[datetime]: ...


class TzdataJudge:
    """Never asks a zone for the offset of a wall clock: it tries every offset in use around."""

    def __init__(self, name: str) -> None:
        self.zone = tzdata_zone(name)

    def wall(self, moment: datetime) -> Wall:
        shown = moment.astimezone(self.zone)
        return shown.date(), shown.time()

    def offset(self, moment: datetime) -> timedelta:
        offset = moment.astimezone(self.zone).utcoffset()
        assert offset is not None
        return offset

    def instants(self, wall: Wall) -> list[datetime]:
        as_utc = datetime.combine(*wall, tzinfo=UTC)
        offsets = {self.offset(as_utc + shift * DAY / 2) for shift in range(-3, 4)}
        return sorted(as_utc - offset for offset in offsets if self.wall(as_utc - offset) == wall)

    def changes(self, first: datetime, last: datetime) -> list[datetime]:
        found = []
        offset = self.offset(first)
        while first < last:
            first += DAY
            if self.offset(first) != offset:
                first = self._change_after(first - DAY)
                offset = self.offset(first)
                found.append(first)
        return [change for change in found if change < last]

    def _change_after(self, moment: datetime) -> datetime:
        before = self.offset(moment)
        for step in (DAY / 24, DAY / 24 / 60, DAY / 24 / 60 / 60):
            while self.offset(moment + step) == before:
                moment += step
        return moment + step


class PytzJudge:
    def __init__(self, name: str) -> None:
        self.zone = pytz.timezone(name)

    def wall(self, moment: datetime) -> Wall:
        shown = moment.astimezone(self.zone)
        return shown.date(), shown.time()

    def instants(self, wall: Wall) -> list[datetime]:
        naive = datetime.combine(*wall)
        try:
            return [self.zone.localize(naive, is_dst=None).astimezone(UTC)]
        except pytz.NonExistentTimeError:
            return []
        except pytz.AmbiguousTimeError:
            return sorted(self.zone.localize(naive, is_dst=flag).astimezone(UTC) for flag in (True, False))
