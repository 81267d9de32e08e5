"""What the pages of a floor measure: the sitting, the remote minutes, and whether the time reaches all who ask."""

from dataclasses import dataclass
from datetime import datetime

from api.pages.times import Times
from api.web.translations import translations
from scheduler.floor.record import Sitting
from scheduler.floor.view import FloorView

_HOUR, _MINUTE = 3600, 60


@dataclass(frozen=True, slots=True)
class Meter:
    """Shares of the whole in percent: what is used, and what is expected besides, both cut at the whole."""

    used: float
    ahead: float


@dataclass(frozen=True, slots=True)
class Meters:
    """`remote` None: the remote minutes have no cap. `fits` is the share of what is asked that the time reaches.

    `left`, `asked` and `spare` (before or past the end) are lengths in words, `too_many` those who do not fit.
    """

    sitting: Meter
    remote: Meter | None
    remote_used: int
    remote_all: int
    remote_end: int
    fits: float
    left: str
    asked: str
    spare: str
    too_many: int


def meters(times: Times, sitting: Sitting, view: FloorView) -> Meters:
    """All of them, at the moment of the page."""
    whole = (sitting.ends_at - sitting.starts_at).total_seconds()
    gone = (times.now - sitting.starts_at).total_seconds()
    projected = (datetime.fromisoformat(view.projected_end) - sitting.starts_at).total_seconds()
    left = max(0.0, whole - max(gone, 0.0))
    asked = sum(turn.seconds for turn in view.queue) + (max(view.current.remaining_seconds, 0.0) if view.current else 0)
    remote, cap = view.remote, view.remote.budget_seconds
    return Meters(
        sitting=_meter(gone, projected, whole),
        remote=_meter(remote.used_seconds, remote.projected_seconds, cap) if cap else None,
        remote_used=int(remote.used_seconds) // _MINUTE,
        remote_all=(cap or 0) // _MINUTE,
        remote_end=round(remote.projected_seconds / _MINUTE),
        fits=min(100.0, 100 * left / asked) if asked else 100.0,
        left=length(times, left),
        asked=length(times, asked),
        spare=length(times, abs(view.overrun_seconds)),
        too_many=_too_many(view),
    )


def length(times: Times, seconds: float) -> str:
    """A length in hours and whole minutes: `1 h 44 min`, `12 min`."""
    _ = translations(times.language).gettext
    minutes = round(seconds / _MINUTE)
    if minutes >= _HOUR // _MINUTE:
        return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    return _("{minutes} min").format(minutes=minutes)


def _meter(used: float, projected: float, whole: float) -> Meter:
    first, last = (min(max(100 * seconds / whole, 0.0), 100.0) for seconds in (used, projected))
    return Meter(round(first, 2), round(max(last - first, 0.0), 2))


def _too_many(view: FloorView) -> int:
    """How many are expected to begin after the end, in this meeting or in the next."""
    return sum(turn.in_next_meeting or turn.expected_start >= view.scheduled_end for turn in view.queue)
