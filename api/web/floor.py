"""The floor as bytes of JSON, for its address and for its stream; with `?tz=` each turn also on the viewer's clock."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from api.web.answers import encode
from scheduler.clock.civil import Viewer
from scheduler.clock.civil import view as on_clock
from scheduler.floor.view import FloorView


def floor_json(view: FloorView, tz: str | None, venue: str) -> bytes:
    """The floor; with `tz` (a known zone) every turn has `viewer`: its stretch on that clock. `venue` is a zone, too.

    Who waits is shown from when she is expected, who was called from then on, and who has spoken for as long as she
    did; null where a turn never started.
    """
    if tz is None:
        return encode(view)
    said: dict[str, Any] = msgspec.to_builtins(view)
    for turn in said["queue"]:
        turn["viewer"] = _stretch(turn["expected_start"], turn["seconds"], venue, tz)
    for turn in filter(None, (said["current"], said["interrupted"])):
        turn["viewer"] = _stretch(turn["called_at"], turn["seconds"], venue, tz)
    for turn in said["done"]:
        turn["viewer"] = turn["started_at"] and _stretch(turn["started_at"], turn["spoken_seconds"], venue, tz)
    return encode(said)


def _stretch(start: str, seconds: float, venue: str, tz: str) -> Viewer:
    begin = datetime.fromisoformat(start)
    return on_clock(begin, begin + timedelta(seconds=seconds), venue, tz)
