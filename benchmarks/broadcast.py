"""The limit of a stream: a bare ASGI app that sends what is posted to it to all who listen. `... PORT`."""

import asyncio
import sys
from typing import Any

from starlette.types import Receive, Scope, Send

from benchmarks.service import serve

_STREAM = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")],
}
_END = {"type": "http.response.body", "body": b"", "more_body": False}
Part = dict[str, Any]


class Broadcast:
    """Who listens waits for a future of her own, which brings the next part, or the end."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """GET listens, POST sends its body to all."""
        if scope["type"] == "http":
            await (self._post(receive, send) if scope["method"] == "POST" else self._listen(receive, send))

    async def _listen(self, receive: Receive, send: Send) -> None:
        here, part = Listener(), _part(b":\n\n")
        watching = asyncio.create_task(here.watch(receive))
        self._listeners.add(here)
        await send(_STREAM)
        while part is not _END:
            await send(part)
            part = await here.next
            here.next = asyncio.get_running_loop().create_future()
        self._listeners.discard(here)
        watching.cancel()

    async def _post(self, receive: Receive, send: Send) -> None:
        said, more = b"", True
        while more:
            message = await receive()
            said, more = said + message.get("body", b""), message.get("more_body", False)
        part = _part(said)
        for each in self._listeners:
            each.give(part)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send(_END)


class Listener:
    """One of them."""

    def __init__(self) -> None:
        self.next: asyncio.Future[Part] = asyncio.get_running_loop().create_future()

    def give(self, part: Part) -> None:
        """Hands her a part."""
        if not self.next.done():
            self.next.set_result(part)

    async def watch(self, receive: Receive) -> None:
        """Ends when she goes."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.give(_END)


def _part(chunk: bytes) -> Part:
    return {"type": "http.response.body", "body": chunk, "more_body": True}


if __name__ == "__main__":
    serve(Broadcast(), int(sys.argv[1]))
