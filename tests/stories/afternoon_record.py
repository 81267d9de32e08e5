"""A meeting's record held against itself and against what the service showed while it was made."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from api.web.answers import encode
from scheduler.floor.record import read, replay
from scheduler.floor.view import floor_view

BEFORE = "before the first call"


def seconds(record: Mapping[str, Any]) -> dict[str, float]:
    """How long the meeting was what, from its opening to its close."""
    first = next(event["at"] for event in record["events"] if event["command"] == "call")
    found = Counter[str]()
    for each in record["account"]:
        found[BEFORE if each["ends_at"] <= first else each["what"]] += each["seconds"]
    return {what: round(length, 3) for what, length in found.items()}


def wall_seconds(record: Mapping[str, Any]) -> float:
    """From the opening to the close, by the events."""
    opened, closed = (
        next(event["at"] for event in record["events"] if event["command"] == command) for command in ("open", "close")
    )
    return _between(opened, closed)


def unaccounted(record: Mapping[str, Any]) -> list[str]:
    """What of the account does not hold: gaps, lengths that are none, turns that were longer or shorter than it says.

    Planned and actual times of each turn must be there, too.
    """
    stretches, faults = record["account"], list[str]()
    for one, following in pairwise(stretches):
        if one["ends_at"] != following["starts_at"]:
            faults.append(f"nothing is told from {one['ends_at']} to {following['starts_at']}")
    lengths = [_between(each["starts_at"], each["ends_at"]) for each in stretches]
    faults += [
        f"{each} is not so long" for each, length in zip(stretches, lengths, strict=True) if length != each["seconds"]
    ]
    if round(sum(each["seconds"] for each in stretches), 3) != wall_seconds(record):
        faults.append("the stretches do not add up to the meeting")
    for turn in record["turns"]:
        spoken = sum(
            each["seconds"]
            for each in stretches
            if each["slot"] == turn["slot"] and each["what"] in {"speaking", "point_of_order"}
        )
        if round(spoken, 3) != (turn["spoken_seconds"] or 0):
            faults.append(f"{turn['slot']} spoke {turn['spoken_seconds']} s, of which {spoken} are told")
        if turn["kind"] == "statement" and turn["planned_start"] is None:
            faults.append(f"{turn['slot']} has no planned time")
        if turn["status"] == "spoken" and None in {turn["called_at"], turn["started_at"], turn["ended_at"]}:
            faults.append(f"{turn['slot']} has no actual times")
    return faults


def shown_otherwise(record: Mapping[str, Any], told: Mapping[int, bytes], last: bytes, end: str) -> list[int]:
    """The versions that a replay of the record from an empty state shows in other bytes than the service did.

    `told` are digests of what it said of versions, `last` is what it shows at the end, `end` its `end_if_exceeded`.
    """
    again = read(record)
    *floors, closed = [(event.at, floor) for event, floor in replay(again)]
    floors += [closed, (datetime.fromisoformat(json.loads(last)["now"]), closed[1])]
    shown = [(floor.version, _digest(encode(floor_view(floor, again.sitting, at, end)))) for at, floor in floors]
    differ = [version for version, digest in shown[:-1] if told.get(version, digest) != digest]
    missing = [version for version in told if version not in dict(shown)]
    return differ + missing + ([] if shown[-1][1] == _digest(last) else [shown[-1][0]])


def _digest(said: bytes) -> bytes:
    return hashlib.sha256(said).digest()


def _between(one: str, other: str) -> float:
    return round((datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds(), 3)
