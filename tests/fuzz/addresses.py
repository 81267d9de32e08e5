"""Hostile paths, queries, headers and bodies for the API, the feeds and the pages: no 5xx, no refusal out of shape."""

import gzip
import itertools
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.fuzz.found import Found
from tests.fuzz.hostile import BODIES, HEADERS, HUGE, METHODS, RAW, TEXTS
from tests.fuzz.raw import NO_HTTP, Answer, Request, escaped, send
from tests.fuzz.service import PUBLIC, Fuzzed, known_ids

_ERROR, _NOT_SIGNED_IN, _SERVER_ERROR, _BUSY = 400, 401, 500, 503
_LEAKS = re.compile(rb"Traceback|File \"|sqlite3|psycopg|SELECT |INSERT |/api/[a-z_]+\.py")
_WRONG: tuple[Any, ...] = (*TEXTS, *HUGE, 1.5, True, None, [], {}, [[]])
_OUTSIDE = {
    "/": ("tz",),
    "/unsubscribe/{signed}": (),
    "/demo/mail": (),
    "/demo/mail/{name}": (),
    "/calendars/programme.ics": ("body", "kind"),
    "/calendars/sessions/{code}.ics": ("item", "include"),
    "/calendars/meetings/{meeting_id}.ics": ("include",),
    "/calendars/private/{token}.ics": (),
    "/static/{file}": (),
    "/health/live": (),
    "/health/ready": (),
    "/metrics": (),
    "/docs": (),
}


def run(service: Fuzzed, role: str, seconds: float, seed: int) -> Found:
    """Sends hostile requests, in an order that `seed` gives, until all are sent or the time is over.

    Counted as faults: no answer, 5xx (but a 503 that says when to come back), an error of the API that is no problem
    document, and a body that tells what the service is made of.
    """
    port = int(service.base.rpartition(":")[2])
    authorization = {} if role == PUBLIC else {b"Authorization": f"Bearer {service.tokens[role]}".encode()}
    with service.client(PUBLIC) as client:
        document = client.get("/api/v1/openapi.json").json()
    every = list(_requests(document, known_ids(service, role)))
    random.Random(seed).shuffle(every)  # noqa: S311  -- an order, not a secret
    answers: Counter[str] = Counter()
    faults: dict[str, str] = {}
    end = time.monotonic() + seconds
    for number, request in enumerate(every):
        if time.monotonic() > end:
            break
        headers = {b"X-Forwarded-For": str(number).encode()} | authorization | dict(request.headers)
        sent = replace(request, headers=headers, signed=request.signed and role == PUBLIC)
        answer = send(port, sent)
        answers[f"{request.label} {answer.status}"] += 1
        if fault := fault_in(sent, answer):
            faults.setdefault(f"{fault} {request.label}", f"{fault}\n  {sent.bytes()[:600]!r}\n  {answer!r:.600}")
    return Found(f"bytes, {role}", answers, tuple(faults.values()))


def fault_in(request: Request, answer: Answer) -> str | None:
    """What is wrong with an answer, in a few words; None where nothing is."""
    if answer.status == 0:
        return "no answer"
    if answer.status >= _SERVER_ERROR and not (answer.status == _BUSY and "retry-after" in answer.headers):
        return f"{answer.status}"
    if _LEAKS.search(answer.body):
        return "a leak"
    if request.signed and answer.status not in {_ERROR, _NOT_SIGNED_IN}:
        return "not asked who it is"
    return None if _is_fit(request, answer) else "an error out of shape"


def _is_fit(request: Request, answer: Answer) -> bool:
    """Whether an error below /api/v1 is a problem document; what is no HTTP at all the server refuses by itself."""
    good = answer.status < _ERROR or answer.body == NO_HTTP
    if good or request.method == "HEAD" or not request.target.startswith(b"/api/v1/"):
        return True
    try:
        said = json.loads(answer.body)
    except ValueError:
        return False
    kind = answer.headers.get("content-type")
    return kind == "application/problem+json" and said["status"] == answer.status and isinstance(said["code"], str)


def _requests(document: dict[str, Any], known: dict[str, list[str]]) -> Iterator[Request]:
    for path, names in _OUTSIDE.items():
        yield from _around(path, names, known)
    for path, methods in document["paths"].items():
        if path.endswith("/stream"):
            continue
        for method, operation in methods.items():
            queries = tuple(each["name"] for each in operation.get("parameters", []) if each["in"] == "query")
            yield from _around(path, queries, known, method.upper())
            if method in {"post", "patch"}:
                signed = {} not in operation.get("security", [{}])
                for request in _with_bodies(path, method.upper(), _example(document, operation), known):
                    yield replace(request, signed=signed)


def _around(path: str, names: tuple[str, ...], known: dict[str, list[str]], method: str = "GET") -> Iterator[Request]:
    """The address with each name in it and each part of its query gone wrong, odd methods and odd headers."""
    label, here = f"{method} {path}", _filled(path, known)
    for wrong in (*map(escaped, TEXTS), *RAW):
        for place in re.findall(r"\{\w+\}", path):
            yield Request(label, method, _filled(path.replace(place, "\N{SOH}"), known).replace(b"\x01", wrong))
        for name in names:
            yield Request(label, method, b"%s?%s=%s" % (here, name.encode(), wrong))
    for name in names:
        for number in HUGE:
            yield Request(label, method, b"%s?%s=%d" % (here, name.encode(), number))
        yield Request(label, method, b"%s?%s=a&%s=b&%s[]=c&%s" % (here, *[name.encode()] * 4))
    for odd in METHODS:
        yield Request(label, odd, here)
    for header, value in HEADERS:
        yield Request(label, method, here, {header: value})


def _with_bodies(
    path: str, method: str, body_of: tuple[dict[str, Any], list[str]], known: dict[str, list[str]]
) -> Iterator[Request]:
    """Bodies that are none, that say what they are not, and good ones with each property gone wrong."""
    label, here, (example, names) = f"{method} {path}", _filled(path, known), body_of
    sent = json.dumps(example).encode()
    as_json = {b"Content-Type": b"application/json"}
    for body in BODIES:
        yield Request(label, method, here, as_json, body)
    for kind in (
        b"text/plain",
        b"application/xml",
        b"multipart/form-data; boundary=x",
        b"",
        b"application/json;x=\xff",
    ):
        yield Request(label, method, here, {b"Content-Type": kind}, sent)
    yield Request(label, method, here, {}, sent)
    yield Request(label, method, here, as_json | {b"Content-Encoding": b"gzip"}, gzip.compress(sent))
    chunked = as_json | {b"Transfer-Encoding": b"chunked"}
    yield Request(label, method, here, chunked, b"%x\r\n%s\r\n0\r\n\r\n" % (len(sent), sent))
    yield Request(label, method, here, as_json | {b"Content-Length": b"-1"}, sent)
    for name, wrong in itertools.product(names, _WRONG):
        body = json.dumps(example | {name: wrong}).encode()
        yield Request(label, method, here, as_json, body)
        yield Request(label, method, here, as_json | {b"Idempotency-Key": b"one and the same"}, body)


def _filled(path: str, known: dict[str, list[str]]) -> bytes:
    """An address with ids of what there is."""
    return re.sub(r"\{(\w+)\}", lambda found: random.choice(known.get(found[1], ["none"])), path).encode()  # noqa: S311  -- any


def _example(document: dict[str, Any], operation: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The example body of an operation (an array's is that of an item), and the names of all its properties."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    schema = schema.get("anyOf", [schema])[0]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema.get("examples", [{}])[0], list(schema.get("properties", {}))
