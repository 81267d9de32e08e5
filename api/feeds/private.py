"""What a private feed holds for its owner at this moment."""

from dataclasses import dataclass, replace
from datetime import datetime

from api.feeds.content import Content, Owner
from calendars import private
from calendars.entries import Variant
from scheduler.storage.connection import Connection
from scheduler.subscriptions.access import Memory, seen
from scheduler.subscriptions.queries import subscription
from scheduler.subscriptions.reading import Wanted, read


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a feed must remember from now on, and how often its memory was written before."""

    feed: str
    turns: int
    memory: Memory


def private_content(
    conn: Connection, secret: str, variant: Variant, now: datetime
) -> tuple[Content, Remembered | None]:
    """The feed behind a secret, and what it must remember before it goes out. Raises NotFound."""
    feed = subscription(conn, secret)
    held = private.contents(feed.scope, feed.include)
    reading = read(conn, feed, Wanted(held.meetings, held.slots, held.deadlines))
    events, memory = seen(feed.memory, reading.offers, now, reading.actor.language, allowed=reading.allowed)
    hers = replace(variant, language=memory.language, hers=held.hers)
    page = f"{variant.base_url}/" + (f"sessions/{reading.session}" if reading.session else "me")
    changed_at = max(filter(None, (reading.changed_at, memory.since)))
    content = Content(
        header=private.header(feed.scope, reading.name, page, hers, changed_at),
        events=events,
        variant=hers,
        touched=reading.touched,
        narrowed=held.deadlines,
        owner=Owner(feed.id, feed.scope, feed.person),
    )
    return content, None if memory == feed.memory else Remembered(feed.id, feed.turns, memory)
