"""Replay meetings' records and print, after each event, when every waiting speaker is expected to be called.

For each file one line {"record": NAME}, then one line of JSON an event.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from api.cli.shell import Failed
from scheduler.errors import Meaningless
from scheduler.floor.forecast import Expected, forecast
from scheduler.floor.record import Record, read, replay


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("records", nargs="+", metavar="RECORD", help="a record as GET /meetings/{id}/record gives it")


def run(given: argparse.Namespace) -> None:
    """Reads all records first, so that a faulty one stops it before anything is printed.

    Raises:
        Failed: a file cannot be read, or is no record.
    """
    for name, record in [(name, _record(name)) for name in given.records]:
        print(json.dumps({"record": Path(name).name}))
        for event, floor in replay(record):
            seen = forecast(floor, record.sitting, event.at)
            queue = [_line(each) for each in seen.queue]
            line = {"at": _instant(event.at), "queue": queue, "projected_end": _instant(seen.projected_end)}
            print(json.dumps(line, separators=(",", ":")))
    sys.stdout.flush()


def _record(name: str) -> Record:
    try:
        return read(json.loads(Path(name).read_text(encoding="utf-8")))
    except OSError as error:
        raise Failed(f"{name} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Failed(f"{name} is no JSON: {error}.") from error
    except Meaningless as refusal:
        place = refusal.faults[0].field
        raise Failed(f"{name} is no record: {refusal.sentence}" + (f" (at {place})" if place else "")) from refusal


def _line(expected: Expected) -> dict[str, str]:
    return {
        "slot": expected.slot,
        "expected_start": _instant(expected.expected_start),
        "earliest_start": _instant(expected.earliest_start),
        "latest_start": _instant(expected.latest_start),
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
