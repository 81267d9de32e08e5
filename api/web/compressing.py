"""Whether an answer may come compressed, and making it so."""

import gzip
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

_LEAST_BYTES = 500
_QUICKLY = 5


@lru_cache(maxsize=1024)
def takes_gzip(accepts: bytes) -> bool:
    """Whether gzip is taken by an `Accept-Encoding`: named, and not with a weight of nothing."""
    for part in accepts.lower().split(b","):
        name, _, weight = part.partition(b";")
        if name.strip() in {b"gzip", b"x-gzip"}:
            return weight.strip().replace(b" ", b"").strip(b"0.") != b"q="
    return False


def compressed(request: Request, answer: Response) -> Response:
    """The answer, its ready body compressed where the other side takes that and it is worth it.

    A page that echoes what was sent may be compressed because no secret in it stays the same (BREACH): the token of
    its forms is made anew each time.
    """
    if len(getattr(answer, "body", b"")) < _LEAST_BYTES:
        return answer
    answer.headers.add_vary_header("Accept-Encoding")
    if takes_gzip(request.headers.get("accept-encoding", "").encode()):
        answer.body = gzip.compress(answer.body, _QUICKLY, mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer
