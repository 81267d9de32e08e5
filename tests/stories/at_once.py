"""Many requests at the same moment, each on a connection of its own that stands ready before the first is sent."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 60


@dataclass(frozen=True)
class Wanted:
    """A request to the service at `url`, signed with a bearer token."""

    url: str
    token: str
    method: str
    path: str
    body: dict[str, Any] | None = None

    def data(self) -> bytes:
        sent = b"" if self.body is None else json.dumps(self.body).encode()
        head = [
            f"{self.method} /api/v1{self.path} HTTP/1.1",
            f"Host: {urlsplit(self.url).netloc}",
            f"Authorization: Bearer {self.token}",
            "Content-Type: application/json",
            f"Content-Length: {len(sent)}",
            "Connection: close",
        ]
        return "\r\n".join([*head, "", ""]).encode() + sent


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """The problem's code; empty where there was none."""
        return str(self.body["code"]) if self.status >= 400 else ""


def codes(answers: Sequence[Answer]) -> Counter[str]:
    """How often each answer was given: by status or, where there is one, by its problem's code."""
    return Counter(each.code or str(each.status) for each in answers)


async def ask(wanted: Sequence[Wanted]) -> list[Answer]:
    """Sends them all at once; the answers in the same order."""
    lines = [await asyncio.open_connection(urlsplit(each.url).hostname, urlsplit(each.url).port) for each in wanted]
    for (_, out), each in zip(lines, wanted, strict=True):
        out.write(each.data())
    async with asyncio.timeout(_SECONDS):
        received = await asyncio.gather(*(reader.read() for reader, _ in lines))
    for _, out in lines:
        out.close()
    return [_answer(each) for each in received]


async def ask_one(wanted: Wanted) -> Answer:
    """Sends one."""
    return (await ask([wanted]))[0]


def _answer(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    return Answer(int(head.split(b" ", 2)[1]), json.loads(body) if body else None)
