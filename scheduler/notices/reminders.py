"""When a person is reminded: her lead times, her quiet hours, and what comes too late. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from scheduler.clock.zones import instant, local, parse_instant
from scheduler.errors import LocalTimeSkipped

NEAR = timedelta(hours=24)
"""Her own slot within this is no matter that can wait, unless she says so herself."""

LONGEST_LEAD = timedelta(days=7)

_NOW_STARTING = timedelta(minutes=5)  # a lead of 0 minutes comes with the start, and must have time to be sent
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one person wants to be told. `quiet` is from and to on the clock of her zone, both `HH:MM`, or None.

    Quiet hours that end as they start are none.
    """

    timezone: str
    lead_minutes: tuple[int, ...] = ()
    quiet: tuple[str, str] | None = None
    quiet_own_turn: bool = False


@dataclass(frozen=True, slots=True)
class Reminding:
    """One reminder: `minutes` before the start, sent at `due_at`, pointless from `useless_at` on."""

    minutes: int
    due_at: datetime
    useless_at: datetime


def held(moment: datetime, wishes: Wishes) -> datetime:
    """`moment`, or the end of the quiet hours that it falls into: the next instant at which her clock shows no hush."""
    if wishes.quiet is None:
        return moment
    start, end = (_clock(text) for text in wishes.quiet)
    while _quiet(local(moment, wishes.timezone).time(), start, end):
        # Mostly once; where clocks are put forward over the end, they may land in the next quiet hours.
        moment = _next_showing(moment, end, wishes.timezone)
    return moment


def can_wait(moment: datetime, own_start: datetime | None, wishes: Wishes) -> bool:
    """Whether quiet hours may hold what is due at `moment`; `own_start` is that of her own slot, if it is about one."""
    return own_start is None or wishes.quiet_own_turn or own_start - moment > NEAR


def told_at(moment: datetime, own_start: datetime | None, wishes: Wishes) -> datetime:
    """When she is told what is due at `moment`."""
    return held(moment, wishes) if can_wait(moment, own_start, wishes) else moment


def remindings(starts_at: datetime, wishes: Wishes, *, own: bool) -> list[Reminding]:
    """The reminders of something that starts at `starts_at`, the earliest first; `own`: it is her own slot.

    Each is of use until the next one says it better, the last until the start. So of two that quiet hours hold to the
    same moment only the shorter lead is left, and one that they hold beyond the start is none at all.
    """
    found: list[Reminding] = []
    useless_at = starts_at
    for minutes in sorted(set(wishes.lead_minutes)):
        at = starts_at - timedelta(minutes=minutes)
        due_at = told_at(at, starts_at if own else None, wishes)
        if minutes == 0 and due_at == starts_at:
            found.append(Reminding(0, due_at, starts_at + _NOW_STARTING))
        elif due_at < useless_at:
            found.append(Reminding(minutes, due_at, useless_at))
        useless_at = min(useless_at, due_at)
    return found[::-1]


def soon_key(rule: str, person: str, subject: str, starts_at: datetime, minutes: int) -> str:
    """The key under which a reminder is sent once; another start is another reminder."""
    return f"{rule}/{person}/{subject}/{int(starts_at.timestamp())}/{minutes}/mail"


def _quiet(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end


def _next_showing(moment: datetime, at: time, zone_name: str) -> datetime:
    """The first instant after `moment` at which a place's clocks show `at`, or would if they were not put forward."""
    today = local(moment, zone_name).date()
    readings = (_reading(today + _DAY * days, at, zone_name, fold) for days in range(3) for fold in (0, 1))
    return next(reading for reading in readings if reading > moment)


def _reading(day: date, at: time, zone_name: str, fold: int) -> datetime:
    try:
        return instant(day, at, zone_name, fold)
    except LocalTimeSkipped as gap:
        return parse_instant(gap.data["candidates"][1]["starts_at"], field="quiet_hours")


@lru_cache(maxsize=1_440)
def _clock(text: str) -> time:
    return time.fromisoformat(text)
