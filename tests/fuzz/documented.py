"""Schemathesis over the OpenAPI document, signed in as one role."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.fuzz.found import Found
from tests.fuzz.hooks import ANSWERS, OWN
from tests.fuzz.hostile import HUGE, TEXTS
from tests.fuzz.service import PUBLIC, Fuzzed, known_ids, own_ids
from tests.stories.serving import ROOT

_REFUSED = [401, 403, 404, 405, 409, 413, 422, 429]
"""The contract asks who it is before it looks at what was sent, and never says 400."""
_CHECKS: dict[str, dict[str, Any]] = {
    "negative_data_rejection": {"expected-statuses": _REFUSED},
    # A well-formed request may still mean nothing (422) or come at the wrong moment (409).
    "positive_data_acceptance": {"expected-statuses": ["2XX", *_REFUSED]},
    # What is withdrawn or erased is kept and still read.
    "use_after_free": {"enabled": False},
    "object_level_authorization": {"enabled": False},
}
_BODIES_NAME = {
    "person": "person_id", "organisation": "organisation_id", "session": "code", "body": "code", "item": "item_id",
    "after": "slot_id", "timezone": "zones", "starts_on": "dates", "ends_on": "dates", "date": "dates",
    "start": "times", "end": "times",
}  # fmt: skip
_GOOD = {
    "zones": ["Europe/Vienna", "America/New_York", "Pacific/Apia", "UTC"],
    "dates": ["2026-03-02", "2026-03-03", "2022-05-31", "2022-06-08", "2022-03-27", "2022-10-30"],
    "times": ["00:00", "02:30", "09:00", "10:00", "13:00", "23:59"],
}
_MOST_LINES = 200


SYSTEMATIC = "examples,coverage"
"""Each operation's examples, then each bound of each value, each left out, each of a wrong kind: always the same."""
DRAWN = "fuzzing,stateful"
"""Values drawn by chance, then operations one upon another with what the ones before gave."""


def run(service: Fuzzed, role: str, phases: str, seconds: float, *, folder: Path, seed: int) -> Found:
    """Tries every operation but streams, for about so many seconds at most.

    Counted as faults: an answer with 5xx, one that the document does not have (status, media type, shape), a shape that
    the document forbids and the service takes, one that it allows and the service calls 400, a 405 that does not name
    what is allowed, an operation that should ask who it is and does not.
    """
    config, answers = folder / "schemathesis.toml", folder / "answers.json"
    config.write_text("\n".join(_config(known_ids(service, role), service.tokens.get(role))))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", "--no-color", "--no-shrink"),
        *(f"{service.base}/api/v1/openapi.json", "--exclude-path-regex", "/stream$", "--phases", phases),
        *("--max-time", str(max(1, round(seconds))), "--seed", str(seed), "--continue-on-failure", "--warnings", "off"),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", ANSWERS: str(answers)}
    environment[OWN] = "" if role == PUBLIC else ",".join(own_ids(service, role))
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    faults = () if done.returncode == 0 else (_told(done.stdout, done.stderr),)
    return Found(f"{phases}, {role}", Counter(json.loads(answers.read_text())), faults)


def _told(said: str, complained: str) -> str:
    """What schemathesis says of its failures, each with a curl that does it again."""
    failures = said.partition("FAILURES =")[2] or said.partition("ERRORS =")[2] or said
    lines = [*failures.splitlines(), *complained.splitlines()]
    return "\n".join(lines[:_MOST_LINES])


def _config(known: dict[str, list[str]], token: str | None) -> Iterator[str]:
    """The configuration as TOML, whose strings, numbers and arrays are written as JSON's are."""
    yield from ("[cache]", "enabled = false")
    if token:
        yield from ("[auth.openapi.bearer]", f"bearer = {json.dumps(token)}")
    yield from ("[checks]", *(f"{name} = {_table(said)}" for name, said in _CHECKS.items()))
    yield "[parameters]"
    yield from (f'"path.{name}" = {_table({"dictionary": name, "probability": 0.85})}' for name in known)
    for field, name in _BODIES_NAME.items():
        if name in known or name in _GOOD:
            yield f'"body.{field}" = {_table({"dictionary": name, "probability": 0.7})}'
    yield "[generation.dictionaries]"
    for kind, name in (("string", "hostile"), ("integer", "huge")):
        yield f"{kind} = {_table({'dictionary': name, 'probability': 0.1})}"
    # What TOML cannot write is sent by tests/fuzz/addresses.py.
    writable = [text for text in TEXTS if text.isprintable()]
    for name, values in {**known, **_GOOD, "hostile": writable, "huge": list(HUGE)}.items():
        yield from (f"[dictionaries.{name}]", f"values = {json.dumps(values, ensure_ascii=False)}")


def _table(said: dict[str, Any]) -> str:
    return "{ " + ", ".join(f"{name} = {json.dumps(value)}" for name, value in said.items()) + " }"
