"""What a forecast takes after an event, and the start of the command that replays records: processor time."""

import json
import resource
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.measuring import Row, milliseconds
from scheduler.floor.fold import apply, begin
from scheduler.floor.forecast import forecast
from scheduler.floor.record import Sitting
from scheduler.floor.states import Floor
from scheduler.floor.turns import Event, Turn
from tests.stories.serving import ROOT, ROSTRUM

_START = datetime(2022, 6, 13, 13, 0, tzinfo=UTC)
_HEARD, _TIMES, _STARTS = 30, 15, 5
_CATEGORIES = ("member_state", "observer_state", "igo", "un_entity", "ngo_ecosoc", "ngo", "academia", "private_sector")


def rows(folder: Path) -> list[Row]:
    """With so many waiting, thirty having spoken; and the command on a record without events."""
    return [*(_forecast(waiting, most) for waiting, most in ((30, 10.0), (200, 50.0))), _starting(folder)]


def _forecast(waiting: int, most: float) -> Row:
    sitting, floor, now = Sitting(_START, _START + timedelta(hours=3)), *_spoken(waiting)
    taken = []
    for _ in range(_TIMES):
        begun = time.process_time()
        forecast(floor, sitting, now)
        taken.append((time.process_time() - begun) * 1000)
    return _row(f"forecast after an event, {waiting} waiting", median(taken), most)


def _spoken(waiting: int) -> tuple[Floor, datetime]:
    dice = Random(1)
    turns = [
        Turn(str(n), n, "statement", 180, dice.choice(_CATEGORIES), dice.choice(("remote", "in_person", "video")))
        for n in range(1, _HEARD + waiting + 2)
    ]
    floor, now = apply(begin(turns), Event(_START, "open")), _START
    for step in ["call", "start", "finish"] * _HEARD + ["call", "start"]:
        now += timedelta(seconds=dice.gammavariate(2.0, 80) if step == "finish" else 8)
        floor = apply(floor, Event(now, step))
    return floor, now


def _starting(folder: Path) -> Row:
    record = folder / "record.json"
    meeting = {"starts_at": "2022-06-13T13:00:00Z", "ends_at": "2022-06-13T16:00:00Z"}
    record.write_text(json.dumps({"meeting": meeting, "slots": [], "events": []}))
    call = [*ROSTRUM, "forecast", str(record)]
    taken = []
    for _ in range(_STARTS):
        begun = _spent_by_children()
        subprocess.run(call, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        taken.append((_spent_by_children() - begun) * 1000)
    return _row("rostrum forecast, from the command to its end", median(taken), 300.0)


def _spent_by_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _row(name: str, took: float, most: float) -> Row:
    return Row(name, milliseconds(took), f"{most:.0f} ms", took / most, 1.0, at_most=True)
