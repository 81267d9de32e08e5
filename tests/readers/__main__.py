"""Reads calendar feeds with six programs that are not ours and compares the moments that each finds.

    .venv/bin/python -m tests.readers [--into FOLDER] ADDRESS-OR-FILE...

The programs are installed into FOLDER (default: var/readers) with pip and npm, once; that needs a network, and node.
It is no part of `make test`. Exit code 1 where a program complains or finds other moments than the rest.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).parent
IN_PYTHON = ["icalendar", "recurring-ical-events", "vobject", "khal"]
IN_NODE = ["ical.js", "node-ical"]

Moments = dict[str, list[int]]
"""By UID, start and end in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a program found in a feed, or why it found nothing."""

    moments: Moments
    error: str = ""


def install(folder: Path) -> None:
    """Puts the programs into `folder`, unless they are there."""
    ready = folder / "ready"
    if ready.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    say(f"Installing {', '.join(IN_PYTHON + IN_NODE)} into {folder} ...")
    venv.create(folder / "python", with_pip=True)
    run([folder / "python/bin/python", "-m", "pip", "install", "--quiet", "tzdata", *IN_PYTHON])
    (folder / "package.json").write_text('{"private": true}\n')
    run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *IN_NODE], cwd=folder)
    ready.touch()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(command: list[Any], cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        complaints = [line for line in done.stderr.splitlines() if "rror" in line]
        raise RuntimeError(f"{Path(command[0]).name}: {complaints[-1] if complaints else done.returncode}")
    return done.stdout


def read(program: str, feed: Path, folder: Path) -> Reading:
    python, script = folder / "python/bin/python", HERE / "in_python.py"
    command = ["node", HERE / "in_node.mjs", folder] if program in IN_NODE else [python, script]
    try:
        return Reading(json.loads(run([*command, program, feed])))
    except (RuntimeError, ValueError, subprocess.TimeoutExpired) as error:
        return Reading({}, str(error))


def differences(program: str, reading: Reading, expected: Moments) -> list[str]:
    """What a program found otherwise; khal tells minutes only."""
    unit = 60 if program == "khal" else 1
    found = {uid: [at // unit for at in moments] for uid, moments in reading.moments.items()}
    wanted = {uid: [at // unit for at in moments] for uid, moments in expected.items()}
    return [uid for uid in wanted.keys() | found.keys() if wanted.get(uid) != found.get(uid)]


def taken(source: str) -> bytes:
    if "://" not in source:
        return Path(source).read_bytes()
    return httpx.get(source.replace("webcal://", "https://"), timeout=60).raise_for_status().content


def judged(source: str, folder: Path, scratch: Path) -> bool:
    """Prints what each program makes of one feed, and whether all agree."""
    feed = scratch / "feed.ics"
    try:
        feed.write_bytes(taken(source))
    except (OSError, httpx.HTTPError) as error:
        say(f"{source}: {error}")
        return False
    readings = {program: read(program, feed, folder) for program in IN_PYTHON + IN_NODE}
    expected = next((reading.moments for reading in readings.values() if not reading.error), {})
    say(source)
    fine = bool(expected) or b"BEGIN:VEVENT" not in feed.read_bytes()
    for program, reading in readings.items():
        other = differences(program, reading, expected)
        fine = fine and not other and not reading.error
        verdict = reading.error or (f"{len(other)} differ, e.g. {other[0]}" if other else "same moments")
        say(f"  {program:22} {len(reading.moments):5} events  {verdict}")
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.readers", description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="+", metavar="ADDRESS-OR-FILE")
    parser.add_argument("--into", type=Path, default=Path("var/readers"), metavar="FOLDER")
    arguments = parser.parse_args()
    folder = arguments.into.resolve()
    install(folder)
    with tempfile.TemporaryDirectory() as scratch:
        fine = [judged(source, folder, Path(scratch)) for source in arguments.sources]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
