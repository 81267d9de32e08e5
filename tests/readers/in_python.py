"""Run by the readers' own Python: `in_python.py PROGRAM FILE` prints {uid: [start, end]} as JSON."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import recurring_ical_events
import vobject  # type: ignore[import-untyped]  # -- only the readers' own Python has it
from icalendar import Calendar

Found = Iterable[tuple[str, datetime, datetime]]

KHAL = """[calendars]
[[feed]]
path = {folder}/feed
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
[default]
default_calendar = feed
"""


def by_icalendar(path: Path) -> Found:
    calendar = Calendar.from_ical(path.read_bytes())
    if complaints := [error for part in calendar.walk() for error in part.errors]:
        raise ValueError(complaints)
    return _of(calendar.walk("VEVENT"))


def by_recurring_ical_events(path: Path) -> Found:
    calendar = Calendar.from_ical(path.read_bytes())
    every = datetime(1970, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
    return _of(recurring_ical_events.of(calendar).between(*every))


def by_vobject(path: Path) -> Found:
    calendar = vobject.readOne(path.read_text("utf-8"))
    calendar.validate(raiseException=True)
    for event in getattr(calendar, "vevent_list", []):
        yield event.uid.value, event.dtstart.value, event.dtend.value


def _of(events: Iterable[Any]) -> Found:
    return ((str(event["UID"]), event["DTSTART"].dt, event["DTEND"].dt) for event in events)


def by_khal(path: Path) -> Found:
    """Imports the feed as a person would, and lists what khal then shows."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "feed").mkdir()
        (Path(folder) / "khal.conf").write_text(KHAL.format(folder=folder))
        command = [str(Path(sys.executable).parent / "khal"), "-c", f"{folder}/khal.conf"]
        home = {**os.environ, "HOME": folder, "XDG_CACHE_HOME": folder, "XDG_DATA_HOME": folder, "LC_ALL": "C.UTF-8"}
        import_it = [*command, "import", "--batch", "-a", "feed", str(path)]
        subprocess.run(import_it, env=home, check=True, stdout=subprocess.DEVNULL)
        shown = ["--once", "--day-format", "", "--format", "{uid}\t{start-long-full}\t{end-long-full}"]
        listed = subprocess.check_output([*command, "list", *shown, "1970-01-01", "2101-01-01"], env=home, text=True)
    for line in listed.splitlines():
        uid, start, end = line.split("\t")
        yield uid, datetime.fromisoformat(start).replace(tzinfo=UTC), datetime.fromisoformat(end).replace(tzinfo=UTC)


PROGRAMS = {
    "icalendar": by_icalendar,
    "recurring-ical-events": by_recurring_ical_events,
    "vobject": by_vobject,
    "khal": by_khal,
}

if __name__ == "__main__":
    found = PROGRAMS[sys.argv[1]](Path(sys.argv[2]))
    json.dump({uid: [int(start.timestamp()), int(end.timestamp())] for uid, start, end in found}, sys.stdout)
