"""The port through which everything leaves: a batch of things in, an outcome for each out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar

Kind = Literal["sent", "retry", "failed", "unsent"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: `retry` may go better later, `failed` never will, `unsent` was not begun. `error` is one line."""

    kind: Kind
    error: str | None = None


SENT = Outcome("sent")
NO_TIME = Outcome("unsent", "There was no time left to begin with it.")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. `at` is its date, `message_id` in angle brackets.

    `ics` is a calendar to attach; `unsubscribe_url` the one-click address of a reminder, None for attendance.
    """

    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime
    ics: bytes | None = None
    unsubscribe_url: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One event for one webhook. `message_id` (without `.`) is the same in each try; `at` is the moment of this one."""

    webhook_id: str
    url: str
    message_id: str
    body: bytes
    at: datetime


Item_contra = TypeVar("Item_contra", contravariant=True)


class Channel(Protocol[Item_contra]):
    """A way out, used from one event loop. It keeps connections between batches until it is closed."""

    async def send(self, batch: Sequence[Item_contra], seconds: float) -> list[Outcome]:
        """The outcomes in the batch's order. Raises nothing; ends within `seconds` of real time and a little."""
        ...

    async def close(self) -> None:
        """Gives up what was kept."""
        ...


def one_line(error: object, limit: int = 300) -> str:
    """What an error says, on one line of at most `limit` characters."""
    return " ".join(str(error).split())[:limit] or type(error).__name__
