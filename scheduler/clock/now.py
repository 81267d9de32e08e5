"""The Clock port: whoever asks the hour gets a clock handed to it. Real, rehearsal and settable."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

from scheduler.clock.zones import parse_instant
from scheduler.errors import Meaningless

_REHEARSAL = re.compile(r"([^x]+)(?:x([0-9]{1,6}(?:\.[0-9]{1,6})?))?")
_FASTEST = 86_400  # a day a second


class Clock(Protocol):
    """Tells the instant, and how long to sleep for a stretch of its own time."""

    def now(self) -> datetime:
        """The present instant: aware, UTC, with microseconds."""
        ...

    def real_seconds(self, virtual: float) -> float:
        """How many seconds of real time pass while this clock goes on by `virtual` seconds."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)

    def real_seconds(self, virtual: float) -> float:
        """The same seconds."""
        return virtual


class RehearsalClock:
    """A clock that showed `origin` at the real instant `anchored_at` (default: its making), `speed` times as fast.

    Processes that are given the same origin, speed and anchor show the same time, whenever each was started.
    """

    def __init__(
        self,
        origin: datetime,
        speed: float = 1.0,
        anchored_at: datetime | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not 0 < speed <= _FASTEST:
            raise ValueError(f"A rehearsal's speed is above 0 and at most {_FASTEST}.")
        made_at = datetime.now(UTC)
        self.origin = origin.astimezone(UTC)
        self.speed = speed
        self.anchored_at = made_at if anchored_at is None else anchored_at.astimezone(UTC)
        self._lead = (made_at - self.anchored_at).total_seconds()
        self._monotonic = monotonic
        self._made = monotonic()  # from here on the machine's clock may be set without ours jumping

    def now(self) -> datetime:
        """The present instant of the rehearsal."""
        return self.origin + timedelta(seconds=(self._lead + self._monotonic() - self._made) * self.speed)

    def real_seconds(self, virtual: float) -> float:
        """What is left of `virtual` seconds at this speed."""
        return virtual / self.speed


class SettableClock:
    """A clock that stands until it is set: the double for tests and for a simulation."""

    def __init__(self, moment: datetime) -> None:
        self.set(moment)

    def set(self, moment: datetime) -> None:
        """From now on it is `moment`, forward or back."""
        self._moment = moment.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Goes on by `seconds`."""
        self._moment += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._moment

    def real_seconds(self, virtual: float) -> float:
        """The same seconds."""
        return virtual


def seconds_until(clock: Clock, moment: datetime) -> float:
    """How many real seconds to sleep until `clock` shows `moment`; 0 where it has passed."""
    return max(0.0, clock.real_seconds((moment - clock.now()).total_seconds()))


def parse_clock(text: str, anchored_at: datetime | None = None) -> RehearsalClock:
    """The rehearsal clock of `ROSTRUM_CLOCK=INSTANT[xSPEED]`, such as `2022-06-13T12:55:00Zx60`.

    Raises:
        ValueError: the text is none; one line that says what is expected.
    """
    if parts := _REHEARSAL.fullmatch(text):
        with suppress(Meaningless, ValueError):
            return RehearsalClock(parse_instant(parts[1], field="ROSTRUM_CLOCK"), float(parts[2] or 1), anchored_at)
    raise ValueError(
        f"ROSTRUM_CLOCK is an instant and, if you like, a speed above 0 and at most {_FASTEST}: "
        f"2022-06-13T12:55:00Z or 2022-06-13T12:55:00Zx60, not {text!r}.",
    )
