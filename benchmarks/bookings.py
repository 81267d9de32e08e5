"""Booking over HTTP: people book slots, each one of her own, 64 at once, against a no-op of the same server."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Result, hammer, request
from benchmarks.measuring import ROUNDS, Row, a_second, compared, milliseconds
from benchmarks.scenery import Place, Rush, rush
from benchmarks.service import Served, process, running
from tests.databases import create_database, postgresql

BOOKINGS = 2_000
CONNECTIONS = 64
_BODY = b'{"mode":"in_person"}'
_REACH = {"SQLite": 0.40, "PostgreSQL": 0.30}
_P99 = {"SQLite": 4.0}


@dataclass(frozen=True, slots=True)
class _Run:
    """One run, and the microseconds of processor time that the service took for each request."""

    result: Result
    processor: float


Round = tuple[_Run, _Run, _Run]
"""The no-op, the bookings, the framework's ordinary route."""


def rows(folder: Path, kind: str) -> list[Row]:
    """Bookings a second, their p99 and what they take of the processor; the same with Idempotency-Key."""
    with _place(folder, kind) as place:
        rushes = place.fill(lambda tx: [rush(tx, f"rush-{number}", BOOKINGS) for number in range(2 * ROUNDS + 2)])
        with running(place.environment) as service, process("benchmarks.ordinary") as framework:
            plain = [_round(service, framework, each, keyed=False) for each in rushes[: ROUNDS + 1]][1:]
            keyed = [_round(service, framework, each, keyed=True) for each in rushes[ROUNDS + 1 :]][1:]
    name = f"booking on {kind}"
    slow = [(limit.result.percentile(0.99), ours.result.percentile(0.99)) for limit, ours, _ in plain]
    taken = [(limit.processor, ours.processor) for limit, ours, _ in plain]
    return [
        compared(name, _rates(plain), a_second, "no-op", _REACH[kind]),
        compared(f"{name}, the same", _rates((of, ours, of) for _, ours, of in plain), a_second, "FastAPI route"),
        compared(f"{name}, p99", slow, milliseconds, "no-op", _P99.get(kind), at_most=True),
        compared(f"{name}, processor time", taken, lambda value: f"{value:.0f} us", "no-op"),
        compared(f"{name}, Idempotency-Key", _rates(keyed), a_second, "no-op"),
    ]


@contextlib.contextmanager
def _place(folder: Path, kind: str) -> Iterator[Place]:
    if kind == "SQLite":
        yield Place.made(folder)
        return
    with postgresql(durable=True) as server:
        yield Place.made(folder, create_database(server, "bookings"))


def _round(service: Served, framework: Served, of: Rush, *, keyed: bool) -> Round:
    """The same requests to all three. Everybody has looked around before, as one does."""
    signed = [{"Authorization": f"Bearer {token}"} for token in of.tokens]
    _run(200, service, [request("GET", "/api/v1/me", each) for each in signed])
    if keyed:
        signed = [each | {"Idempotency-Key": f"{number}"} for number, each in enumerate(signed)]
    paths = [f"/api/v1/slots/{slot}/booking" for slot in of.slots]
    nothing = [request("POST", "/noop", each, _BODY) for each in signed]
    limit, ordinary = _run(200, service, nothing), _run(200, framework, nothing)
    wanted = [request("POST", path, each, _BODY) for path, each in zip(paths, signed, strict=True)]
    return limit, _run(201, service, wanted), ordinary


def _run(status: int, service: Served, requests: list[bytes]) -> _Run:
    before = service.processor_seconds()
    result = hammer(service.port, requests, CONNECTIONS)
    if set(result.statuses) != {status}:
        raise RuntimeError(f"the service answered {dict(result.statuses)}, not {status} alone")
    return _Run(result, 1e6 * (service.processor_seconds() - before) / len(requests))


def _rates(rounds: Iterable[Round]) -> list[tuple[float, float]]:
    return [(limit.result.rate, ours.result.rate) for limit, ours, _ in rounds]
