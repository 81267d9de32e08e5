"""Wall clock and instant, strictly, on one zone database: the files that pytz carries, read by `zoneinfo`.

Their release is known (`ZONE_DATA`) and the same on every machine; the arithmetic is zoneinfo's, because pytz's own
loses daylight time from 2038 on. All instants are aware and in UTC.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from math import ceil
from zoneinfo import ZoneInfo

import pytz

from scheduler.errors import LocalTimeAmbiguous, LocalTimeSkipped, Meaningless, UnknownTimezone

ZONE_DATA: str = pytz.OLSON_VERSION  # type: ignore[attr-defined]  # -- the stubs leave it out
"""The release of the zone data (e.g. `2026f`); recorded beside what was derived from it."""

ZONE_NAMES: frozenset[str] = frozenset(pytz.all_timezones)
"""Every name that is accepted, links such as `Asia/Calcutta` among them."""

_DAY = timedelta(days=1)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]((?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])(?:\.[0-9]+)?"
    r"(?:[Zz]|([+-](?:[01][0-9]|2[0-3]):[0-5][0-9]))",
)


@cache
def _load(name: str) -> ZoneInfo:
    with pytz.open_resource(name) as file:  # type: ignore[attr-defined]  # -- the stubs leave it out
        return ZoneInfo.from_file(file, key=name)


def zone(name: str, *, field: str = "timezone") -> ZoneInfo:
    """The zone of an IANA name, exactly as IANA writes it.

    Raises:
        UnknownTimezone: no such name; `field` says where it stood.
    """
    if name not in ZONE_NAMES:
        raise UnknownTimezone(
            "There is no such time zone. Give an IANA name such as Europe/Vienna, written exactly so.",
            field=field,
        )
    return _load(name)


def instant(day: date, at: time, zone_name: str, fold: int | None = None, *, field: str = "start") -> datetime:
    """The UTC instant at which the clocks of a place show `day` and `at`.

    `fold` chooses between two such instants (0 the first, 1 the second). Where there is one it settles nothing and is
    not looked at; where there is none it makes none.

    Raises:
        LocalTimeSkipped: there is none; `candidates` are the last minute before the gap and the first after it.
        LocalTimeAmbiguous: there are two and no `fold`; `candidates` are both.
        UnknownTimezone: no such zone (field `timezone`).
    """
    readings = _readings(day, at, zone(zone_name))
    if not readings:
        raise _skipped(day, at, zone(zone_name), field)
    if len(readings) == 1:
        return readings[0]
    if fold not in {0, 1}:
        raise LocalTimeAmbiguous(
            "This wall-clock time exists twice that day, because clocks are put back. "
            "Say which is meant: fold 0 for the first, 1 for the second.",
            field=field,
            candidates=[{"fold": number, "starts_at": rfc3339(moment)} for number, moment in enumerate(readings)],
        )
    return readings[fold]


def stretch(
    day: date,
    start: time,
    end: time,
    zone_name: str,
    fold: int | None = None,
) -> tuple[datetime, datetime]:
    """The UTC instants at which a stretch written on a place's clock starts and ends.

    An `end` not after its `start` is on the next day. `fold` settles a `start` that exists twice, and the end is then
    the first moment after it at which the clocks show `end`: on the night of the change 02:40 (fold 0) to 02:10 takes
    half an hour. Where only the end exists twice, `fold` settles the end.

    Raises:
        LocalTimeSkipped, LocalTimeAmbiguous: as `instant`, with the field `start` or `end`.
        UnknownTimezone: no such zone (field `timezone`).
    """
    place = zone(zone_name)
    starts_at = instant(day, start, zone_name, fold)
    end_day = day if end > start else day + _DAY
    if len(_readings(day, start, place)) > 1:
        # The day before belongs to it: clocks put back over midnight (St. John's until 2011) show it once more.
        days = (day - _DAY, day, end_day)
        ends = [moment for on in days for moment in _readings(on, end, place) if moment > starts_at]
        if ends:
            return starts_at, min(ends)
    return starts_at, instant(end_day, end, zone_name, fold, field="end")


def local(moment: datetime, zone_name: str) -> datetime:
    """`moment` on a place's clock, aware, with its `fold`.

    Raises:
        UnknownTimezone: no such zone.
        ValueError: `moment` is naive, which `astimezone` would take for this machine's own time.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment without a zone is no instant.")
    return moment.astimezone(zone(zone_name))


def rfc3339(moment: datetime) -> str:
    """`moment` as RFC 3339 in UTC, cut to whole seconds: `2022-06-13T12:55:00Z`.

    Raises:
        ValueError: `moment` is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment without a zone is no instant.")
    return moment.astimezone(UTC).isoformat()[:19] + "Z"


def parse_instant(text: str, *, field: str) -> datetime:
    """The UTC instant that an RFC 3339 text names, cut to whole seconds.

    Raises:
        Meaningless: no such instant, no zone in it, a 60th second, or a year outside 1900 to 2200.
    """
    if parts := _INSTANT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(f"{parts[1]}T{parts[2]}{parts[3] or '+00:00'}").astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            if 1900 <= moment.year <= 2200:  # noqa: PLR2004  -- nobody meets outside
                return moment
    raise Meaningless("Give an instant with its zone, such as 2022-06-13T12:55:00Z.", field=field)


def parse_date(text: str, *, field: str) -> date:
    """The date written `YYYY-MM-DD`.

    Raises:
        Meaningless: no such date, or a year outside 1970 to 2100.
    """
    if _DATE.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            if 1970 <= day.year <= 2100:  # noqa: PLR2004  -- nobody meets outside
                return day
    raise Meaningless("Give a date from 1970 to 2100 as YYYY-MM-DD, such as 2022-06-13.", field=field)


def parse_time(text: str, *, field: str) -> time:
    """The wall clock written `HH:MM`, from 00:00 to 23:59.

    Raises:
        Meaningless: no such time; 24:00 is 00:00 of the next day.
    """
    if not _TIME.fullmatch(text):
        raise Meaningless("Give a time from 00:00 to 23:59 as HH:MM, such as 15:00.", field=field)
    return time.fromisoformat(text)


def transitions(zone_name: str, first: datetime, last: datetime) -> list[datetime]:
    """The UTC instants, `first` <= t < `last`, from which on a zone's offset is another than a second before.

    Raises:
        UnknownTimezone: no such zone.
    """
    place = zone(zone_name)
    here, stop = ceil(first.timestamp()) - 1, ceil(last.timestamp()) - 1
    offset = _offset(place, here)
    found = []
    while here < stop:
        # No zone has changed its offset and taken it back within a day since 1970 (a week is the shortest).
        there = min(here + 86_400, stop)
        if _offset(place, there) != offset:
            there = _first_change(place, here, there)
            offset = _offset(place, there)
            found.append(datetime.fromtimestamp(there, UTC))
        here = there
    return found


def posix_footer(zone_name: str) -> str:
    """The POSIX TZ string that goes on where the zone's listed changes end (RFC 8536 3.3): `CET-1CEST,M3.5.0,...`.

    Raises:
        UnknownTimezone: no such zone.
    """
    zone(zone_name)
    with pytz.open_resource(zone_name) as file:  # type: ignore[attr-defined]  # -- the stubs leave it out
        data: bytes = file.read()
    return data[:-1].rpartition(b"\n")[2].decode("ascii")


def _readings(day: date, at: time, place: ZoneInfo) -> list[datetime]:
    """The instants, in order, at which the clocks of a place show `day` and `at`: none, one or two."""
    found: list[datetime] = []
    for fold in (0, 1):
        wall = datetime.combine(day, at.replace(fold=fold), tzinfo=place)
        moment = wall.astimezone(UTC)
        # Only the way back tells a wall clock that exists from one that zoneinfo makes up inside a gap.
        exists = moment.astimezone(place).replace(tzinfo=None) == wall.replace(tzinfo=None)
        if exists and moment not in found:
            found.append(moment)
    return found


def _skipped(day: date, at: time, place: ZoneInfo, field: str) -> LocalTimeSkipped:
    # Inside a gap zoneinfo reads fold 0 by the offset before it (so after the change) and fold 1 by the one after it.
    after, before = (int(datetime.combine(day, at.replace(fold=fold), tzinfo=place).timestamp()) for fold in (0, 1))
    change = _first_change(place, before - 1, after)
    minutes = (change - 1) // 60, -(-change // 60)
    return LocalTimeSkipped(
        "This wall-clock time does not exist there that day, because clocks are put forward over it. "
        "Choose a time before or after the gap.",
        field=field,
        candidates=[_candidate(datetime.fromtimestamp(minute * 60, place)) for minute in minutes],
    )


def _candidate(shown: datetime) -> dict[str, str]:
    written = shown.isoformat()
    return {"date": written[:10], "time": written[11:16], "starts_at": rfc3339(shown)}


def _offset(place: ZoneInfo, second: int) -> timedelta | None:
    return datetime.fromtimestamp(second, place).utcoffset()


def _first_change(place: ZoneInfo, low: int, high: int) -> int:
    """A second (Unix) in (`low`, `high`] that is the first with its offset, where `high` has another than `low`."""
    offset = _offset(place, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(place, middle) == offset:
            low = middle
        else:
            high = middle
    return high
