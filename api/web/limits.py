"""Limits on size and rate. Reads and feeds are never counted (contract: 429)."""

import time
from collections import OrderedDict

from starlette.requests import Request

from scheduler.errors import TooLarge, TooManyRequests

MOST_BYTES = 1_000_000
MOST_BYTES_OF_A_FILE = 10_000_000
UNSIGNED_RATE = 1.0
UNSIGNED_BURST = 60
_MOST_KEPT = 20_000


class Buckets:
    """Token buckets by key: `rate` a second, `burst` at once. The least recently used are forgotten."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, sentence: str) -> None:
        """Takes one token. Raises TooManyRequests with the seconds to wait."""
        now = time.monotonic()
        level, at = self._kept.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        if level < 1:
            self._kept[key] = (level, now)
            raise TooManyRequests(sentence, retry_after=max(1, round((1 - level) / self._rate)))
        self._kept[key] = (level - 1, now)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)


class Limits:
    """A signed-in person's writes, and what an address may try without being known."""

    def __init__(self, rate: float = 100.0) -> None:
        self._writes = Buckets(rate, rate * 20)
        self._unsigned = Buckets(UNSIGNED_RATE, UNSIGNED_BURST)

    def write(self, person: str) -> None:
        """Counts a signed-in person's write."""
        self._writes.take(person, "You are writing faster than the service takes from one person. Wait a moment.")

    def unsigned(self, address: str) -> None:
        """Counts a failed sign-in, an unknown token or an unsigned write by its address."""
        self._unsigned.take(address, "Too many tries from this address without a valid sign-in. Wait a minute.")


def address_of(request: Request, trusted: tuple[str, ...]) -> str:
    """The client's address; X-Forwarded-For is believed only from a trusted proxy, its last foreign entry counts."""
    direct = request.client.host if request.client else "unknown"
    if direct not in trusted:
        return direct
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if hop not in trusted), direct)


async def read_body(request: Request, most: int) -> bytes:
    """The request's body. Raises TooLarge as soon as it is known to be more than `most` bytes."""
    sentence = f"This is more than the {most:,} bytes that are taken here. Send it in parts."
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise TooLarge(sentence)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(sentence)
        parts.append(part)
    request._body = b"".join(parts)  # noqa: SLF001  -- where Starlette looks for a body that was read already
    return request._body  # noqa: SLF001  -- the same
