"""What all streams of events share: bare ASGI messages, a client that goes, the number with which it comes back."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HEARTBEAT_SECONDS = 15.0
HEARTBEAT = b":\n\n"
RETRY = b"retry: 2000\n"
_LONGEST_NUMBER = 18
_BEGUN = "rostrum.stream"
_OF_THE_SERVER = frozenset({"type", "method", "path", "headers", "http_version", "scheme", "server", "client"})


class EventStream(Response):
    """An answer that goes on. Starlette's own for streams takes three times the memory and four times as long.

    Inside the framework it only begins; `go_on` is for whoever stands around it, so that its layers need not wait, each
    with its memory, as long as somebody listens.
    """

    media_type = "text/event-stream"

    def __init__(self) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  -- Starlette's signature
        """Sends the head."""
        scope[_BEGUN] = self
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

    async def go_on(self, receive: Receive, send: Send) -> None:
        """Sends the events until the client goes or the stream is ended."""
        raise NotImplementedError


def begun(scope: Scope) -> EventStream | None:
    """The stream that the framework has begun as the answer to this request; what else it left there goes."""
    stream: EventStream | None = scope.get(_BEGUN)
    if stream is not None:
        for name in scope.keys() - _OF_THE_SERVER:
            del scope[name]
    return stream


def body(chunk: bytes) -> dict[str, Any]:
    """The message that sends a part."""
    return {"type": "http.response.body", "body": chunk, "more_body": True}


def end() -> dict[str, Any]:
    """The message behind the last part: the client comes back by itself."""
    return {"type": "http.response.body", "body": b"", "more_body": False}


async def wait_until_gone(receive: Receive, then: Callable[[], None]) -> None:
    """Calls `then` when the client goes. What it receives first is the request's empty body."""
    while (await receive())["type"] != "http.disconnect":
        pass
    then()


def number(text: str) -> int | None:
    """A `Last-Event-ID` that is a number; None for any other text."""
    fits = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if fits else None
