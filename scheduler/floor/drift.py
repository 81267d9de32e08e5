"""Whether a floor is worth telling again though nothing has happened on it: the clock alone moves its times. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler.floor.view import FloorView, Speaking

NOTICED = timedelta(seconds=5)
"""By how much a time must be another one."""


def drifted(told: FloorView, seen: FloorView) -> bool:
    """Whether a time of `seen` is another than was told, or anything else that does not run with the clock itself.

    What has been spoken and what is left of it runs on by itself: whoever was told can count along.
    """
    if _lasting(told) != _lasting(seen):
        return True
    return any(abs(after - before) >= NOTICED for before, after in zip(_times(told), _times(seen), strict=True))


def _times(view: FloorView) -> Iterator[datetime]:
    yield datetime.fromisoformat(view.projected_end)
    for waiting in view.queue:
        yield datetime.fromisoformat(waiting.expected_start)
        yield datetime.fromisoformat(waiting.earliest_start)
        yield datetime.fromisoformat(waiting.latest_start)


def _lasting(view: FloorView) -> FloorView:
    return replace(
        view,
        now="",
        current=_standing_still(view.current),
        interrupted=_standing_still(view.interrupted),
        queue=tuple(replace(each, expected_start="", earliest_start="", latest_start="") for each in view.queue),
        projected_end="",
        overrun_seconds=0.0,
        remote=replace(view.remote, used_seconds=0.0, projected_seconds=0.0),
    )


def _standing_still(running: Speaking | None) -> Speaking | None:
    return running and replace(running, elapsed_seconds=0.0, remaining_seconds=0.0)
