"""What leaves this room: frozen values with the contract's names. They are the answers as they stand."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.people.views import Named


@dataclass(frozen=True, slots=True)
class FeedView:
    """A private feed; `session` is a code. `last_read_by` names a calendar program."""

    id: str
    scope: str
    session: str | None
    organisation: Named | None
    include: tuple[str, ...]
    created_at: datetime
    last_read_at: datetime | None
    last_read_by: str | None


@dataclass(frozen=True, slots=True)
class WebhookView:
    """An address that is told of changes; `kinds` empty: of all, `session` (a code) None: of any."""

    id: str
    url: str
    kinds: tuple[str, ...]
    session: str | None
    status: str
    created_at: datetime
