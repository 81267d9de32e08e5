"""A load generator that costs little itself: raw HTTP/1.1 over kept connections."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import uvloop


@dataclass
class Result:
    """What one run measured. Latencies in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that `share` of the requests did not exceed, in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def hammer(port: int, requests: list[bytes], connections: int = 64) -> Result:
    """Sends the requests over so many connections at once and waits for all answers."""
    return uvloop.run(_hammer(port, iter(requests), connections))


async def _hammer(port: int, requests: Iterator[bytes], connections: int) -> Result:
    result = Result()
    streams = [await asyncio.open_connection("127.0.0.1", port, limit=2**20) for _ in range(connections)]
    begun = time.perf_counter()
    await asyncio.gather(*(_one(reader, writer, requests, result) for reader, writer in streams))
    result.seconds = time.perf_counter() - begun
    for _, writer in streams:
        writer.close()
    return result


async def _one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, requests: Iterator[bytes], result: Result
) -> None:
    for sent in requests:
        begun = time.perf_counter()
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _length(head)
        if length:
            await reader.readexactly(length)
        result.latencies.append(time.perf_counter() - begun)
        result.statuses[int(head[9:12])] += 1


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 : head.index(b"\r\n", at)]) if at >= 0 else 0
