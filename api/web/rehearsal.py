"""The clock that a process goes by: the real one, or the rehearsal's, which its processes share."""

import contextlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from api.settings import Settings, SettingsError
from scheduler.clock.now import Clock, SystemClock, parse_clock

_GOES_ON_SECONDS = 60


def clock_of(settings: Settings, *, looking: bool = False) -> Clock:
    """The real clock, or the rehearsal's.

    Processes of one rehearsal share its beginning: it is kept in a file that the running ones touch, so a worker that
    is started later, or again, joins in; a minute after the last one ended the rehearsal begins anew. Who is only
    `looking` begins none: nothing is written.

    Raises:
        SettingsError: ROSTRUM_CLOCK says none; one line that says what is expected.
    """
    if settings.clock is None:
        return SystemClock()
    try:
        alone = parse_clock(settings.clock)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    file = _file(settings)
    began = _going_on(file, settings.clock)
    if began is None:
        if looking:
            return alone
        began = _begin(file, settings.clock)
    return parse_clock(settings.clock, anchored_at=began)


def go_on(settings: Settings) -> None:
    """Says that the rehearsal, if there is one, goes on: to be called more than once a minute."""
    if settings.clock is not None:
        os.utime(_file(settings))


def _file(settings: Settings) -> Path:
    return settings.data_dir / "rehearsal"


def _going_on(file: Path, text: str) -> datetime | None:
    with contextlib.suppress(OSError, ValueError):
        kept, began = file.read_text().split("\n")
        if kept == text and time.time() - file.stat().st_mtime < _GOES_ON_SECONDS:
            return datetime.fromisoformat(began)
    return None


def _begin(file: Path, text: str) -> datetime:
    now = datetime.now(UTC)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n{now.isoformat()}")
    return now
