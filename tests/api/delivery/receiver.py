"""A receiver of webhooks on this machine, as others would write one: it verifies by the published scheme alone."""

import asyncio
import contextlib
import hashlib
import hmac
import ssl
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Got:
    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    port: int
    got: list[Got] = field(default_factory=list)
    most_at_once: int = 0


async def ok(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


def status(code: int, *headers: str) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {code} X", "Content-Length: 0", "Connection: close", *headers]
        writer.write("\r\n".join([*lines, "", ""]).encode())

    return answer


@contextlib.asynccontextmanager
async def receiving(answer: Answer = ok, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """Listens on a free port of 127.0.0.1 while the block runs."""
    receiver = Receiver(0)
    open_now = 0
    handlers: set[asyncio.Task[None]] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now
        handlers.add(cast("asyncio.Task[None]", asyncio.current_task()))
        open_now += 1
        receiver.most_at_once = max(receiver.most_at_once, open_now)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                receiver.got.append(await _read(reader))
                await answer(writer)
                await writer.drain()
        finally:
            open_now -= 1
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 0.2)
            writer.transport.abort()

    server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Got:
    line, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    return Got(line, headers, await reader.readexactly(int(headers.get("content-length", 0))))


def verified(got: Got, secret: str) -> bool:
    """Whether the signature is right (standardwebhooks.com: `whsec_` base64, HMAC-SHA256 over `id.timestamp.body`)."""
    prefix, _, encoded = secret.partition("_")
    assert prefix == "whsec"
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = "v1," + b64encode(hmac.new(b64decode(encoded), signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(expected, got.headers["webhook-signature"])
