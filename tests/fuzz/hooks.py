"""What schemathesis, a process of its own, loads before it starts."""

import atexit
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis import Case, HookContext, SerializationContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response

from tests.fuzz.raw import NO_HTTP

OWN, ANSWERS = "ROSTRUM_FUZZ_OWN", "ROSTRUM_FUZZ_ANSWERS"
WORKBOOKS = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)
_OWN = frozenset(os.environ.get(OWN, "").split(","))
_CHANGING = frozenset({"DELETE", "PATCH"})
_answers: Counter[str] = Counter()


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Keeps whoever is signed in from ending her own sign-in, and lets each request come from elsewhere."""
    for name, value in (case.path_parameters or {}).items():
        if case.method in _CHANGING and value in _OWN:
            case.path_parameters[name] = str(uuid4())
    if case.headers is not None:
        case.headers["X-Forwarded-For"] = str(uuid4())


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Leaves out what the server refuses before the application: a header that is none in HTTP."""
    return response.content != NO_HTTP


@schemathesis.serializer("application/toml", "text/csv", *WORKBOOKS)
def _as_it_is(context: SerializationContext, value: Any) -> bytes:
    """A file as the body."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Counts the answers, `METHOD path status`."""
    _answers[f"{case.operation.label} {response.status_code}"] += 1


@atexit.register
def _write_down() -> None:
    if ANSWERS in os.environ:
        Path(os.environ[ANSWERS]).write_text(json.dumps(_answers))
