"""Followers of a floor, as browsers are: they read its stream, and when it breaks they come back with what they had."""

import asyncio
import hashlib
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_AGAIN_SECONDS = 0.2
_MOST_AT_ONCE = 2**22


@dataclass
class Follower:
    """One who follows a meeting at the service `url`. `versions` are those that it was told, as they came.

    `told` has a digest of what each version said (not of the first: that is how it stood), `at` when it came,
    `came_back` how often the stream had to be opened again.
    """

    url: str
    meeting: str
    versions: list[int] = field(default_factory=list)
    told: dict[int, bytes] = field(default_factory=dict)
    at: dict[int, float] = field(default_factory=dict)
    forecasts: int = 0
    came_back: int = -1
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _line: asyncio.StreamWriter | None = None

    async def follow(self) -> None:
        """Goes on until it is cancelled."""
        self._wanted.set()
        while True:
            await self._wanted.wait()
            try:
                await self._read()
            except (ConnectionError, asyncio.IncompleteReadError):
                await asyncio.sleep(_AGAIN_SECONDS)
            finally:
                self._hang_up()

    def cut_off(self) -> None:
        """Breaks the line; nobody comes back before `let_back`."""
        self._wanted.clear()
        self._hang_up()

    def let_back(self) -> None:
        """Follows again."""
        self._wanted.set()

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.transport.abort()

    async def _read(self) -> None:
        server = urlsplit(self.url)
        reader, self._line = await asyncio.open_connection(server.hostname, server.port, limit=_MOST_AT_ONCE)
        last = f"Last-Event-ID: {self.versions[-1]}\r\n" if self.versions else ""
        # HTTP/1.0, so that what comes is the stream itself and not in chunks.
        self._line.write(f"GET /api/v1/meetings/{self.meeting}/floor/stream HTTP/1.0\r\n{last}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            raise ConnectionError(head.decode())
        self.came_back += 1
        while True:
            self._take(await reader.readuntil(b"\n\n"))

    def _take(self, event: bytes) -> None:
        said = dict(line.split(b": ", 1) for line in event.splitlines() if b": " in line)
        if said.get(b"event") == b"forecast":
            self.forecasts += 1
        elif b"id" in said:
            version = int(said[b"id"])
            if self.versions:
                self.told[version] = hashlib.sha256(said[b"data"]).digest()
            self.versions.append(version)
            self.at[version] = time.monotonic()
