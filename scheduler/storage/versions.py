"""What every editable row has in common: a version that only a real change raises."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from scheduler.errors import VersionConflict

_SECOND = timedelta(seconds=1)


def check_version(expected: int | None, stored: int, current: Callable[[], Any]) -> None:
    """Refuses a write that was made on a stale reading; `current` gives the resource as GET gives it.

    Raises:
        VersionConflict: `expected` is given and is not `stored`.
    """
    if expected is not None and expected != stored:
        raise VersionConflict("Somebody else changed this first. Look at `current` and try again.", current=current())


def differing(row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Of the columns to set, those that are not so already."""
    return {name: value for name, value in values.items() if row[name] != value}


def shown_after(now: datetime, last: datetime) -> datetime:
    """The moment of a change that calendars show: `now` in whole seconds, and always after the `last` one."""
    return max(now.replace(microsecond=0), last + _SECOND)
