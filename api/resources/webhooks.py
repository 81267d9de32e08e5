"""Addresses that are told of changes."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import SignedDoor, signed_of
from api.delivery import made_webhooks
from api.delivery.made_webhooks import MadeWebhook
from api.web.answers import nothing, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cut, moment_key
from api.web.said.webhooks import NewWebhookIn
from api.web.service import service_of
from scheduler.clock.zones import rfc3339
from scheduler.subscriptions import queries, webhooks
from scheduler.subscriptions.views import WebhookView

router = APIRouter(route_class=SignedDoor, tags=["webhooks"])


@router.get("/webhooks", **documented(Page[WebhookView], "not-allowed"))
async def read_webhooks(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """All webhooks, oldest first. The secretariat may."""
    after = moment_key(cursor)
    reader = signed_of(request).actor
    found = await service_of(request).reads.short(
        lambda conn: queries.webhooks(conn, reader, after=after, limit=limit + 1)
    )
    return page(*cut(found, limit, lambda view: (rfc3339(view.created_at), view.id)))


@router.post("/webhooks", **documented(MadeWebhook, "not-found", "not-allowed", status=201))
async def make_webhook(request: Request, wanted: NewWebhookIn) -> Response:
    """Makes a webhook: each journal entry that it is for is sent to `url` once. The secretariat may.

    The body is `{type, timestamp, data: {id, kind, subject: {type, id}, at}}` and tells nothing more: what changed is
    read with a token. It is signed as Standard Webhooks does, with the `secret` that is told only here. An address on a
    private network is refused unless ROSTRUM_WEBHOOK_ALLOW allows it.
    """
    settings = service_of(request).settings
    return await make(
        request,
        lambda tx, actor: made_webhooks.make_webhook(tx, actor, wanted, settings),
        secret="secret",  # noqa: S106  -- the member's name
    )


@router.delete("/webhooks/{webhook_id}", **documented(None, "not-found", "not-allowed", status=204))
async def remove_webhook(request: Request, webhook_id: str) -> Response:
    """Removes a webhook; what it has not been sent yet is dropped. The secretariat may."""
    await act(request, lambda tx, actor: webhooks.remove(tx, actor, webhook_id))
    return nothing()
