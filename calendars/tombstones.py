"""A cancelled entry stays a while, since a reader that finds it gone cannot tell whether it was called off."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from scheduler.programme.events import CalendarEvent

_KEPT = timedelta(days=60)

E = TypeVar("E", bound=CalendarEvent)


def shown(events: Iterable[E], now: datetime) -> list[E]:
    """The events that a feed still shows: all but those cancelled whose 60 days after their end are over."""
    return [event for event in events if not event.cancelled or event.ends_at + _KEPT > now]


def next_expiry(events: Iterable[CalendarEvent], now: datetime) -> datetime | None:
    """The next moment at which one of them leaves, None if none will: till then the clock alone changes no byte."""
    return min((left for left in _leave(events) if left > now), default=None)


def last_expiry(events: Iterable[CalendarEvent], now: datetime) -> datetime | None:
    """The moment at which the last of those gone left, None if none did. A feed is no older than that."""
    return max((left for left in _leave(events) if left <= now), default=None)


def _leave(events: Iterable[CalendarEvent]) -> Iterable[datetime]:
    return (event.ends_at + _KEPT for event in events if event.cancelled)
