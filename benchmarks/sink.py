"""A mail server that takes everything and does nothing, so as not to be the limit: `python -m benchmarks.sink PORT`."""

import asyncio
import sys
from typing import Any

import uvloop

_SAID = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
_OK = b"250 OK\r\n"
_END = b"\r\n.\r\n"


class _Line(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: Any) -> None:  # uvloop's is none of asyncio's own kinds
        self._transport = transport
        self._kept, self._in_letter = b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._kept += data
        while (end := self._kept.find(_END if self._in_letter else b"\r\n")) >= 0:
            verb = b"" if self._in_letter else self._kept[:4].upper()
            self._kept = self._kept[end + (len(_END) if self._in_letter else 2) :]
            self._in_letter = verb == b"DATA"
            self._transport.write(_SAID.get(verb, _OK))
            if verb == b"QUIT":
                self._transport.close()


async def _listen(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Line, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_listen(int(sys.argv[1])))
