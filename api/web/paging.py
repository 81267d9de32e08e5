"""Pages by cursor: `{"items": [...], "next": "cursor or null"}`."""

import base64
import binascii
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import Query

from scheduler.errors import Meaningless

T = TypeVar("T")
_LARGEST = 2**31 - 1

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before; nothing for the first.")]


def cursor_key(cursor: str | None, kinds: tuple[type, ...]) -> tuple[Any, ...] | None:
    """The sort key behind a cursor, its parts of these kinds (str or int). Raises Meaningless for any other text."""
    if cursor is None:
        return None
    try:
        key = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, UnicodeError):
        key = None
    fits = isinstance(key, list) and len(key) == len(kinds) and all(map(_fits, key, kinds))
    if not fits:
        raise Meaningless("This cursor is none of ours. Start without one.", field="cursor")
    return tuple(key)


def moment_key(cursor: str | None) -> tuple[datetime, str] | None:
    """The key behind a cursor of what goes by (moment with its microseconds, id). Raises Meaningless."""
    key = cursor_key(cursor, (str, str))
    if key is None:
        return None
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(key[0])
        if moment.tzinfo is not None:
            return moment.astimezone(UTC), key[1]
    raise Meaningless("This cursor is none of ours. Start without one.", field="cursor")


def _fits(part: object, kind: type) -> bool:
    """Whether a part is of its kind, and one that a database can compare with."""
    if isinstance(part, str):
        return kind is str and "\0" not in part
    return type(part) is kind and isinstance(part, int) and abs(part) <= _LARGEST


def cursor_of(key: Sequence[str | int]) -> str:
    """A sort key as an opaque cursor."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(key))).decode().rstrip("=")


def cut(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[str | int]]) -> tuple[Sequence[T], str | None]:
    """From `limit + 1` rows read: the page and the cursor of the next one, None at the end."""
    return (rows, None) if len(rows) <= limit else (rows[:limit], cursor_of(key(rows[limit - 1])))
