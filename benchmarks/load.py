"""A load generator that costs little itself: raw HTTP/1.1 over kept connections, one thread, no event loop."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_CHUNK = 2**18


@dataclass
class Result:
    """What one run measured. Latencies and `cpu`, what the generator itself took, in seconds."""

    seconds: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    @property
    def busy(self) -> float:
        """The share of the time in which the generator itself was busy. Near 1 it is what was measured."""
        return self.cpu / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that `share` of the requests did not exceed, in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


GENERATOR_BUSY: list[float] = []
"""The share of each run in which the generator was busy, for whoever prints the table."""


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def answer(port: int, sent: bytes) -> tuple[bytes, bytes]:
    """One request's answer: its head, with the empty line, and its body."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(sent)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0 or len(received) < end + 4 + _length(received[: end + 4]):
            received += line.recv(_CHUNK)
    return received[: end + 4], received[end + 4 :]


def hammer(port: int, requests: Iterable[bytes], connections: int = 64) -> Result:
    """Sends the requests over so many connections at once, each when the one before is answered, until all are."""
    waiting, result = iter(requests), Result()
    with selectors.DefaultSelector() as selector:
        lines = [_Line(port) for _ in range(connections)]
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
        begun, cpu = time.perf_counter(), time.process_time()
        open_ = sum(line.send(waiting) for line in lines)
        while open_:
            for key, _ in selector.select():
                line = key.data
                if line.receive(result) and not line.send(waiting):
                    open_ -= 1
        result.seconds, result.cpu = time.perf_counter() - begun, time.process_time() - cpu
        GENERATOR_BUSY.append(result.busy)
        for line in lines:
            line.socket.close()
    return result


class _Line:
    """One connection: what it has of the answer's head, or how much of its body is to come."""

    __slots__ = ("begun", "head", "left", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head, self.left, self.begun = b"", 0, 0.0

    def send(self, waiting: Iterator[bytes]) -> bool:
        """Sends the next request; whether there was one."""
        sent = next(waiting, None)
        if sent is None:
            return False
        self.begun = time.perf_counter()
        self.socket.sendall(sent)
        return True

    def receive(self, result: Result) -> bool:
        """Takes what came in; whether the answer is complete."""
        chunk = self.socket.recv(_CHUNK)
        if not chunk:
            raise ConnectionError("the service ended a connection")
        if self.left:
            self.left -= len(chunk)
        else:
            self.head += chunk
            end = self.head.find(b"\r\n\r\n") + 4
            if end < 4:
                return False
            result.statuses[int(self.head[9:12])] += 1
            self.left = _length(self.head[:end]) - (len(self.head) - end)
            self.head = b""
        if self.left:
            return False
        result.latencies.append(time.perf_counter() - self.begun)
        return True


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 : head.index(b"\r\n", at)]) if at >= 0 else 0
