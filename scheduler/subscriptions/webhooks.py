"""Addresses that are told of changes. The secretariat makes them; their secrets are derived, so none is stored."""

from dataclasses import dataclass

from sqlalchemy import bindparam, delete

from scheduler.ids import new_id
from scheduler.journal.entries import Audience, Author, append
from scheduler.outbox.actions import drop
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.reader import Reader
from scheduler.programme.records import known_session
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx
from scheduler.subscriptions import queries
from scheduler.subscriptions.tables import Webhook
from scheduler.subscriptions.views import WebhookView

_REMOVE = Prepared(delete(table(Webhook)).where(table(Webhook).c.id == bindparam("webhook")))


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """Where to tell of which changes: `kinds` none of all, `session` (a code or id) None of any."""

    url: str
    kinds: tuple[str, ...] = ()
    session: str | None = None


def make(tx: Tx, actor: Actor, wanted: NewWebhook) -> WebhookView:
    """Makes a webhook that is told of what changes from now on. The secretariat may; the edge has checked the address.

    Raises:
        NotFound, Forbidden: there is no such session; she may not.
    """
    session = known_session(tx.conn, Reader(actor), wanted.session) if wanted.session is not None else None
    role = require(actor, Act.RUN_SERVICE, Scopes())
    id_ = new_id()
    tx.conn.insert(
        Webhook,
        id=id_,
        url=wanted.url,
        kinds=list(dict.fromkeys(wanted.kinds)),
        session_id=session and session.id,
        status="active",
        created_by=actor.id or role,
        created_at=tx.now.replace(microsecond=0),
    )
    append(tx, "webhook.made", ("webhook", id_), Author(actor.id, role), Audience())
    return queries.webhook(tx.conn, id_)


def remove(tx: Tx, actor: Actor, webhook_id: str) -> None:
    """Removes a webhook; what was not sent yet is dropped. The secretariat may. Raises NotFound or Forbidden."""
    queries.webhook(tx.conn, webhook_id)
    role = require(actor, Act.RUN_SERVICE, Scopes())
    drop(tx, "The webhook was removed before this was sent.", webhook_id=webhook_id)
    tx.conn.run(_REMOVE, webhook=webhook_id)
    append(tx, "webhook.removed", ("webhook", webhook_id), Author(actor.id, role), Audience())
