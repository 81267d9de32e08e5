"""A moment as it was written: an instant, or a wall clock with a zone that need not be the meeting's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduler.clock.zones import instant, parse_date, parse_instant, parse_time, zone
from scheduler.errors import Meaningless

Written = str | dict[str, Any]
"""What was written stays the truth: RFC 3339 text, or `{date, time, timezone, fold?}`."""

_KEYS = {"date", "time", "timezone"}


def written(value: str | Mapping[str, Any], field: str) -> tuple[datetime, Written]:
    """The instant (UTC, whole seconds) that `value` means, and `value` as it is kept (without a null `fold`).

    `field` is its place in what was sent; of a wall clock the faults name `field.date`, `field.time`, `field.timezone`.

    Raises:
        Meaningless: neither an instant nor a wall clock.
        UnknownTimezone, LocalTimeSkipped, LocalTimeAmbiguous: as `zones.instant`.
    """
    if isinstance(value, str):
        return parse_instant(value, field=field), value
    kept = {key: part for key, part in value.items() if key != "fold" or part is not None}
    texts = [kept.get(key) for key in ("date", "time", "timezone")]
    if not all(isinstance(text, str) for text in texts) or kept.keys() - _KEYS - {"fold"}:
        raise Meaningless("Give an instant, or an object with date, time, timezone and, if need be, fold.", field=field)
    day = parse_date(kept["date"], field=f"{field}.date")
    at = parse_time(kept["time"], field=f"{field}.time")
    zone(kept["timezone"], field=f"{field}.timezone")
    return instant(day, at, kept["timezone"], kept.get("fold"), field=f"{field}.time"), kept
