"""The clock that a process goes by: the real one, or the rehearsal's, which its processes share."""

import contextlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from api.settings import Settings
from scheduler.clock.now import Clock, SystemClock, parse_clock

_GOES_ON_SECONDS = 60


def clock_of(settings: Settings) -> Clock:
    """The real clock, or the rehearsal's.

    Processes of one rehearsal share its beginning: it is kept in a file that the running ones touch, so a worker that
    is started later, or again, joins in; a minute after the last one ended the rehearsal begins anew.
    """
    if settings.clock is None:
        return SystemClock()
    return parse_clock(settings.clock, anchored_at=_began(_file(settings), settings.clock))


def go_on(settings: Settings) -> None:
    """Says that the rehearsal, if there is one, goes on: to be called more than once a minute."""
    if settings.clock is not None:
        os.utime(_file(settings))


def _file(settings: Settings) -> Path:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return settings.data_dir / "rehearsal"


def _began(file: Path, text: str) -> datetime:
    with contextlib.suppress(OSError, ValueError):
        kept, began = file.read_text().split("\n")
        if kept == text and time.time() - file.stat().st_mtime < _GOES_ON_SECONDS:
            return datetime.fromisoformat(began)
    now = datetime.now(UTC)
    file.write_text(f"{text}\n{now.isoformat()}")
    return now
