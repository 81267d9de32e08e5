"""The limit of a feed: a bare ASGI app that sends ready-made bytes. `python -m benchmarks.bare PORT FILE`."""

import sys
from pathlib import Path

import msgspec
from starlette.types import Receive, Scope, Send

from benchmarks.service import serve

Answers = dict[str, tuple[int, list[tuple[bytes, bytes]], bytes]]
"""By path: status, headers and body."""

_BY_THE_SERVER = frozenset({b"date", b"server"})


def written(file: Path, answers: dict[str, tuple[bytes, bytes]]) -> Path:
    """Writes down what to answer, by path, from heads and bodies as they came over HTTP."""
    parsed = {path: (*_parsed(head), body) for path, (head, body) in answers.items()}
    file.write_bytes(msgspec.msgpack.encode(parsed))
    return file


def _parsed(head: bytes) -> tuple[int, list[tuple[bytes, bytes]]]:
    first, *lines = head.strip().split(b"\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
    return int(first.split()[1]), [(name, value) for name, value in headers if name not in _BY_THE_SERVER]


def _serve(port: int, file: Path) -> None:
    messages = {
        path: (
            {"type": "http.response.start", "status": status, "headers": headers},
            {"type": "http.response.body", "body": body},
        )
        for path, (status, headers, body) in msgspec.msgpack.decode(file.read_bytes(), type=Answers).items()
    }

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        if scope["type"] == "http":
            start, body = messages[scope["path"]]
            await send(start)
            await send(body)

    serve(app, port)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]))
