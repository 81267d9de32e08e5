"""A feed as it goes out: bytes, headers and messages made once, and what a conditional request makes of them."""

import asyncio
import gzip
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from api.web.compressing import takes_gzip

Message = dict[str, Any]

_TAG = re.compile(rb'"([^"]*)"')
_ALWAYS = [
    (b"vary", b"Accept-Encoding"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
]
PUBLIC, PRIVATE = b"public, max-age=300", b"private, max-age=60"
_EMPTY: Message = {"type": "http.response.body", "body": b""}
_GZIP = b"-gzip"


class _Form:
    """The feed in one encoding: what begins a 200 and a 304, and the body."""

    __slots__ = ("body", "found", "unchanged")

    def __init__(self, data: bytes, tag: bytes, shared: list[tuple[bytes, bytes]], encoding: bytes | None) -> None:
        validators = [(b"etag", b'"' + tag + b'"'), *shared]
        about = [
            (b"content-type", b"text/calendar; charset=utf-8"),
            (b"content-length", str(len(data)).encode()),
            *([(b"content-encoding", encoding)] if encoding else []),
        ]
        self.found: Message = {"type": "http.response.start", "status": 200, "headers": [*about, *validators]}
        self.unchanged: Message = {"type": "http.response.start", "status": 304, "headers": validators}
        self.body: Message = {"type": "http.response.body", "body": data}


class Ready:
    """One version of a feed. `until` is when the clock alone makes it another (None: never).

    `dated`: whether its Last-Modified tells of every change, so that If-Modified-Since may be answered with 304.
    """

    __slots__ = (
        "_compressed",
        "_compressing",
        "_dated",
        "_modified",
        "_plain",
        "_said",
        "_shared",
        "_tag",
        "_tags",
        "until",
    )

    def __init__(
        self,
        body: bytes,
        etag: str,
        last_modified: datetime,
        *,
        private: bool,
        dated: bool = True,
        until: datetime | None = None,
    ) -> None:
        self.until = until
        self._tag = etag.strip('"').encode()
        self._tags = frozenset({b'"' + self._tag + b'"', b'"' + self._tag + _GZIP + b'"'})
        self._modified = last_modified
        self._said = format_datetime(last_modified.astimezone(UTC), usegmt=True).encode()
        self._dated = dated
        control = PRIVATE if private else PUBLIC
        self._shared = [(b"last-modified", self._said), (b"cache-control", control), *_ALWAYS]
        self._plain = _Form(body, self._tag, self._shared, None)
        self._compressed: _Form | None = None
        self._compressing: asyncio.Task[None] | None = None

    @property
    def size(self) -> int:
        """About how many bytes it keeps, compressed ones too: a feed shrinks to less than a quarter."""
        return len(self._plain.body["body"]) * 5 // 4

    async def messages(self, method: str, headers: Mapping[bytes, bytes]) -> tuple[Message, Message]:
        """The two messages that answer a GET or HEAD with these headers."""
        accepts = headers.get(b"accept-encoding")
        form = self._plain
        if accepts is not None and takes_gzip(accepts):
            form = self._compressed or await self._compress()
        if self._is_unchanged(headers):
            return form.unchanged, _EMPTY
        return form.found, form.body if method == "GET" else _EMPTY

    def _is_unchanged(self, headers: Mapping[bytes, bytes]) -> bool:
        """RFC 9110, 13.2.2: If-None-Match goes before If-Modified-Since."""
        tags = headers.get(b"if-none-match")
        if tags is not None:
            # As a rule it is one of ours, as it was given.
            return (
                tags in self._tags or tags.strip() == b"*" or any(_base(tag) == self._tag for tag in _TAG.findall(tags))
            )
        since = headers.get(b"if-modified-since")
        return since is not None and self._dated and (since == self._said or _is_since(since, self._modified))

    async def _compress(self) -> _Form:
        """Compresses once, beside the loop, however many ask for it."""
        if self._compressing is None:
            self._compressing = asyncio.create_task(self._compress_now())
        await asyncio.shield(self._compressing)
        return self._compressed or self._plain

    async def _compress_now(self) -> None:
        data = await asyncio.to_thread(gzip.compress, self._plain.body["body"], 6, mtime=0)
        self._compressed = _Form(data, self._tag + _GZIP, self._shared, b"gzip")


def _base(tag: bytes) -> bytes:
    """The tag of the content, whichever encoding it was given with."""
    return tag.removesuffix(_GZIP)


def _is_since(text: bytes, modified: datetime) -> bool:
    try:
        since = parsedate_to_datetime(text.decode("ascii"))
    except (ValueError, TypeError, UnicodeError, OverflowError):
        return False
    return (since if since.tzinfo else since.replace(tzinfo=UTC)) >= modified
