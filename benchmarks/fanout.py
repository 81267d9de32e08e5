"""One event of a floor to 2,000 listeners of one process, against a bare ASGI sender of the same bytes."""

import contextlib
import json
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from api.app import close
from api.cli.serving import take_files
from benchmarks.load import answer, request
from benchmarks.measuring import Row, compared, milliseconds, taking_turns
from benchmarks.scenery import Place
from benchmarks.service import Served, process, running
from scheduler.clock.now import SettableClock
from scheduler.clock.zones import rfc3339
from scheduler.people.permission import Grant
from tests.makers import people
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import sat

LISTENERS = 2_000
FEW = 50
SPEAKERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcde"
MOST_MILLISECONDS = 1_000
MOST_BYTES_A_LISTENER = 40_000
SECONDS = 20
_CHUNK = 2**18
_WHOLE = b"\n\n\r\n"
"""How the chunk of an event ends."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A meeting's address, and the secretariat's token."""

    floor: str
    token: str

    def command(self, command: str) -> bytes:
        """The request of a command."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return request("POST", self.floor, headers, json.dumps({"command": command}).encode())


class Crowd:
    """So many connections to a stream, all read by this one thread."""

    def __init__(self, port: int, path: str, count: int) -> None:
        self._port = port
        self._received: dict[socket.socket, list[bytes]] = {}
        self._selector = selectors.DefaultSelector()
        for _ in range(count):
            line = socket.create_connection(("127.0.0.1", port))
            line.sendall(request("GET", path))
            self._received[line] = []
            self._selector.register(line, selectors.EVENT_READ, line)

    def begun(self) -> None:
        """Waits until each stream has begun."""
        self._until(b"\n\n\r\n", time.perf_counter())

    def told(self, sent: bytes) -> tuple[list[float], bytes]:
        """Sends a request; after how many milliseconds each had the event that follows, and that event."""
        with socket.create_connection(("127.0.0.1", self._port)) as line:
            begun = time.perf_counter()
            line.sendall(sent)
            latencies, event = self._until(b"event: floor", begun)
            line.recv(_CHUNK)
        return latencies, event

    def close(self) -> None:
        """Hangs up."""
        self._selector.close()
        for line in self._received:
            line.close()

    def _until(self, marker: bytes, begun: float) -> tuple[list[float], bytes]:
        left, latencies, whole = set(self._received), list[float](), b""
        while left:
            ready = self._selector.select(SECONDS)
            if not ready or time.perf_counter() > begun + SECONDS:
                raise TimeoutError(f"{len(left)} of {len(self._received)} listeners heard nothing")
            for key, _ in ready:
                line = key.data
                parts = self._received[line]
                parts.append(line.recv(_CHUNK))
                if parts[-1].endswith(_WHOLE) and marker in (whole := b"".join(parts)):
                    latencies.append(1000 * (time.perf_counter() - begun))
                    parts.clear()
                    left.discard(line)
        return latencies, whole


def rows(folder: Path) -> list[Row]:
    """Both, and the memory that a listener takes."""
    take_files()
    place = Place.made(folder)
    place.environment["ROSTRUM_CLOCK"] = rfc3339(STARTS_AT)
    scene = _made(place)
    with running(place.environment) as ours, process("benchmarks.broadcast") as bare:
        for command in ("open", "call", "start"):
            answer(ours.port, scene.command(command))
        with _crowd(ours.port, scene.floor + "/stream", FEW) as few:
            for command in ("pause", "resume", "pause"):
                few.told(scene.command(command))
        before = _resident(ours)
        with _crowd(ours.port, scene.floor + "/stream", LISTENERS) as here, _crowd(bare.port, "/", LISTENERS) as there:
            commands = cycle(["resume", "pause"])
            event = here.told(scene.command(next(commands)))[1]
            a_listener = (_resident(ours) - before) / (LISTENERS - FEW)  # what few took is theirs now
            same = request("POST", "/", body=event[event.find(b"event: floor") : -2])
            pairs = taking_turns(
                lambda: _p99(lambda: there.told(same)), lambda: _p99(lambda: here.told(scene.command(next(commands))))
            )
    name = f"an event of {len(event):,} bytes to {LISTENERS:,} listeners"
    slowest = [(MOST_MILLISECONDS, ours) for _, ours in pairs]
    return [
        compared(f"{name}, p99", pairs, milliseconds, "bare ASGI sender", 1.5, at_most=True),
        compared("the same", slowest, milliseconds, "at most", 1.0, at_most=True),
        Row(
            "memory a listener",
            f"{a_listener / 1000:.1f} kB",
            f"{MOST_BYTES_A_LISTENER // 1000} kB at most",
            a_listener / MOST_BYTES_A_LISTENER,
            1.0,
            at_most=True,
        ),
    ]


def _made(place: Place) -> Scene:
    """A meeting in which 30 wait."""
    service = place.service()
    try:
        here = sat(service.writer, SettableClock(STARTS_AT), SPEAKERS)
        grants = (Grant("secretariat"),)
        token = service.writer.act_now(lambda tx: people.token(tx, people.person(tx, "Sec Retariat", grants=grants)))
    finally:
        close(service)
    return Scene(f"/api/v1/meetings/{here.scene.meeting}/floor", token)


@contextlib.contextmanager
def _crowd(port: int, path: str, count: int) -> Iterator[Crowd]:
    crowd = Crowd(port, path, count)
    try:
        crowd.begun()
        yield crowd
    finally:
        crowd.close()
        time.sleep(1)  # the service must have let them go, or it would wait for them at its end


def _p99(event: Callable[[], tuple[list[float], bytes]]) -> float:
    latencies = sorted(event()[0])
    return latencies[int(0.99 * len(latencies))]


def _resident(of: Served) -> int:
    """The memory of a process in bytes."""
    pages = int(Path(f"/proc/{of.pid}/statm").read_text().split()[1])
    return pages * 4096
