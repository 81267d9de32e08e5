"""Reads of private feeds and webhooks. No secret leaves this room: none is kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, tuple_

from scheduler.errors import NotFound
from scheduler.ids import hash_secret, is_id
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.tables import Organisation
from scheduler.people.views import Named
from scheduler.programme.tables import Session
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.subscriptions.access import Memory
from scheduler.subscriptions.rules import Scope
from scheduler.subscriptions.tables import Feed, Webhook
from scheduler.subscriptions.views import FeedView, WebhookView

_f, _w, _s, _o = table(Feed).c, table(Webhook).c, table(Session).c, table(Organisation).c

_FEEDS = select(
    _f.id, _f.scope, _s.code, _f.organisation_id, _o.name, _f.include, _f.created_at, _f.last_read_at, _f.last_read_by
).select_from(
    table(Feed)
    .outerjoin(table(Session), _s.id == _f.session_id)
    .outerjoin(table(Organisation), _o.id == _f.organisation_id)
)
_FEED = Prepared(_FEEDS.where(_f.id == bindparam("feed")))
_HERS = _FEEDS.where(_f.person_id == bindparam("person")).order_by(_f.created_at, _f.id).limit(bindparam("limit"))
_AFTER = tuple_(bindparam("at", type_=Instant()), bindparam("id"))
_FIRST_HERS = Prepared(_HERS)
_MORE_HERS = Prepared(_HERS.where(tuple_(_f.created_at, _f.id) > _AFTER))
_SUBSCRIPTION = Prepared(
    select(
        _f.id, _f.person_id, _f.scope, _f.session_id, _f.organisation_id, _f.include, _f.created_at, _f.memory,
        _f.memory_turns,
    ).where(_f.secret_hash == bindparam("secret_hash"))
)  # fmt: skip
_WEBHOOKS = select(_w.id, _w.url, _w.kinds, _s.code, _w.status, _w.created_at).select_from(
    table(Webhook).outerjoin(table(Session), _s.id == _w.session_id)
)
_WEBHOOK = Prepared(_WEBHOOKS.where(_w.id == bindparam("webhook")))
_PAGE = _WEBHOOKS.order_by(_w.created_at, _w.id).limit(bindparam("limit"))
_FIRST = Prepared(_PAGE)
_MORE = Prepared(_PAGE.where(tuple_(_w.created_at, _w.id) > _AFTER))
_TARGETS = Prepared(select(_w.id, _w.url).where(among(_w.id, "webhooks"), _w.status == "active"))
NO_CALENDAR = "There is no calendar at this address, or not any more. Make a new address on your page."


@dataclass(frozen=True, slots=True)
class Subscription:
    """A private feed as its calendar is made from it, by ids. `turns` counts how often its memory was written."""

    id: str
    person: str
    scope: Scope
    session: str | None
    organisation: str | None
    include: tuple[str, ...]
    created_at: datetime
    memory: Memory
    turns: int


def targets(conn: Connection, webhooks: Collection[str]) -> dict[str, str]:
    """The addresses of those of these webhooks (ids) that are still told."""
    return dict(conn.all(_TARGETS, webhooks=list(webhooks))) if webhooks else {}


def feeds(
    conn: Connection, person: str, *, after: tuple[datetime, str] | None = None, limit: int = 50
) -> list[FeedView]:
    """A person's own feeds, oldest first, after a (created_at, id)."""
    if after is None:
        rows = conn.all(_FIRST_HERS, person=person, limit=limit)
    else:
        rows = conn.all(_MORE_HERS, person=person, at=after[0], id=after[1], limit=limit)
    return [_feed(row) for row in rows]


def feed(conn: Connection, feed_id: str) -> FeedView:
    """One feed as its owner sees it, for an act that knows it. Raises NotFound."""
    row = conn.first(_FEED, feed=feed_id)
    if row is None:
        raise NotFound("You have no such feed.")
    return _feed(row)


def subscription(conn: Connection, secret: str) -> Subscription:
    """The feed behind the secret part of its address. Raises NotFound, for unknown and revoked ones alike."""
    row = conn.first(_SUBSCRIPTION, secret_hash=hash_secret(secret))
    if row is None:
        raise NotFound(NO_CALENDAR)
    id_, person, scope, session, organisation, include, created_at, memory, turns = row
    remembered = msgspec.convert(memory, Memory)
    return Subscription(id_, person, scope, session, organisation, tuple(include), created_at, remembered, turns)


def webhooks(
    conn: Connection, actor: Actor | None, *, after: tuple[datetime, str] | None = None, limit: int = 50
) -> list[WebhookView]:
    """All webhooks for the secretariat, oldest first, after a (created_at, id). Raises NotSignedIn or Forbidden."""
    require(actor, Act.RUN_SERVICE, Scopes())
    if after is None:
        return [_webhook(row) for row in conn.all(_FIRST, limit=limit)]
    return [_webhook(row) for row in conn.all(_MORE, at=after[0], id=after[1], limit=limit)]


def webhook(conn: Connection, webhook_id: str) -> WebhookView:
    """One webhook, for an act or a sender that may know it. Raises NotFound."""
    row = conn.first(_WEBHOOK, webhook=webhook_id) if is_id(webhook_id) else None
    if row is None:
        raise NotFound("There is no such webhook.")
    return _webhook(row)


def _feed(row: tuple[Any, ...]) -> FeedView:
    id_, scope, session, organisation, name, include, created_at, read_at, read_by = row
    of = Named(organisation, name) if organisation else None
    return FeedView(id_, scope, session, of, tuple(include), created_at, read_at, read_by)


def _webhook(row: tuple[Any, ...]) -> WebhookView:
    id_, url, kinds, session, status, created_at = row
    return WebhookView(id_, url, tuple(kinds), session, status, created_at)
