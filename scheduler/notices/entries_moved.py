"""When a speaker's calendar entry follows her turn while the meeting sits: not with each breath of it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.floor.states import Floor
from scheduler.floor.turns import Past, Running
from scheduler.notices.outlook import Outlook

AT_MOST_EVERY = timedelta(minutes=10)
_HALF_A_MINUTE = timedelta(seconds=30)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """What her calendar shows of a turn: from when, how many seconds; `at`: when that was last written."""

    starts_at: datetime
    seconds: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Happening:
    """When a turn is, as far as one knows; `final`: it is over, so that is how it was."""

    starts_at: datetime
    seconds: int
    final: bool


def happenings(floor: Floor, outlooks: Mapping[str, Outlook]) -> dict[str, Happening]:
    """By slot, when each turn was or is expected; whoever was absent is not among them: nobody knows."""
    found = {slot: _expected(of.expected.expected_start, of.turn.seconds) for slot, of in outlooks.items()}
    for past in floor.past:
        if past.status == "spoken":
            found[past.slot] = _spoken(past)
    for running in (floor.interrupted, floor.current):
        if running is not None:
            found[running.slot] = _running(running)
    return found


def is_news(shown: Shown, happening: Happening, threshold: timedelta) -> bool:
    """Whether her entry should tell it: it is over, or expected at a time that is too far from what is shown."""
    if happening.final:
        return (shown.starts_at, shown.seconds) != (happening.starts_at, happening.seconds)
    return abs(happening.starts_at - shown.starts_at) > threshold


def may_move(shown: Shown, now: datetime) -> bool:
    """Whether her entry may be written again already."""
    return shown.at is None or now - shown.at >= AT_MOST_EVERY


def waits(shown: Iterable[tuple[Shown, Happening]]) -> bool:
    """Whether one of the turns that are over is not shown as it was."""
    return any(each.final and is_news(of, each, timedelta()) for of, each in shown)


def _expected(moment: datetime, seconds: int) -> Happening:
    return Happening((moment + _HALF_A_MINUTE).replace(second=0, microsecond=0), seconds, final=False)


def _running(running: Running) -> Happening:
    return Happening((running.started_at or running.called_at).replace(microsecond=0), running.seconds, final=False)


def _spoken(past: Past) -> Happening:
    began = (past.started_at or past.called_at).replace(microsecond=0)
    return Happening(began, max((past.ended_at - began) // _SECOND, 1), final=True)
