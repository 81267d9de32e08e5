"""Requests as bare bytes: what no client library would send."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote

NO_HTTP = b"Invalid HTTP request received."
"""How the server, before the application, refuses what is no HTTP."""
_TIMEOUT = 20
_MOST = 65_536


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `label` is what it is counted under, `signed` that it is refused with 401 unless it is signed."""

    label: str
    method: str
    target: bytes
    headers: Mapping[bytes, bytes] = field(default_factory=dict)
    body: bytes | None = None
    signed: bool = False

    def bytes(self) -> bytes:
        """As it goes over the wire; one body, one length, unless a header says otherwise."""
        headers = {b"Host": b"127.0.0.1", b"Connection": b"close", **self.headers}
        if self.body is not None and b"Transfer-Encoding" not in headers:
            headers.setdefault(b"Content-Length", str(len(self.body)).encode())
        lines = [self.method.encode() + b" " + self.target + b" HTTP/1.1"]
        lines += [name + b": " + value for name, value in headers.items()]
        return b"\r\n".join([*lines, b"", self.body or b""])


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, 0 where none came; headers in lower case; the beginning of the body."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(port: int, request: Request) -> Answer:
    """Sends a request to 127.0.0.1 and reads the answer to its end."""
    with socket.create_connection(("127.0.0.1", port), _TIMEOUT) as connection:
        found = bytearray()
        with suppress(ConnectionError):  # answered, and hung up on, before all was read
            connection.sendall(request.bytes())
        with suppress(OSError):
            while part := connection.recv(_MOST):
                found += part
    head, _, body = bytes(found).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    parts = first.split(" ")
    status = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
    named = (line.partition(":") for line in lines)
    return Answer(status, {name.lower(): value.strip() for name, _, value in named}, body)


def escaped(text: str) -> bytes:
    """A text percent-encoded; a lone surrogate as the three bytes that UTF-8 does not have."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="").encode()
