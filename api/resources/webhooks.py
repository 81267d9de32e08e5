"""Addresses that are told of changes: shapes above, routes below."""

from dataclasses import dataclass, fields
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import SignedDoor, signed_of
from api.delivery.addresses import Allowed, fault_in, on_loopback
from api.delivery.webhook import webhook_secret
from api.settings import Settings
from api.web.answers import nothing, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cut, moment_key
from api.web.service import service_of
from api.web.shapes import Reference, Shape, Url
from scheduler.clock.zones import rfc3339
from scheduler.errors import Meaningless
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from scheduler.subscriptions import queries, webhooks
from scheduler.subscriptions.views import WebhookView
from scheduler.subscriptions.webhooks import NewWebhook

router = APIRouter(route_class=SignedDoor, tags=["webhooks"])
_KIND = r"^[a-z][a-z-]{0,40}(\.[a-z][a-z-]{0,40})?$"
Kind = Annotated[str, Field(pattern=_KIND, examples=["meeting.moved", "inscription"])]


class NewWebhookIn(Shape):
    """Where to tell of which changes."""

    url: Url
    kinds: list[Kind] = Field(
        default_factory=list,
        max_length=50,
        description="Kinds of journal entries, or nouns for all of theirs (`meeting`). None: all.",
    )
    session: Annotated[Reference | None, Field(description="Only what happens in it. Null: everything.")] = None


@dataclass(frozen=True, slots=True)
class MadeWebhook(WebhookView):
    """A webhook with the secret that signs what it is sent, which is told only this once."""

    secret: str | None = None


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
    new = NewWebhook(wanted.url, tuple(wanted.kinds), wanted.session)

    def make_it(tx: Tx, actor: Actor) -> MadeWebhook:
        view = webhooks.make(tx, actor, new)
        _check_address(new.url, settings)  # after permission: a refusal takes back what the act did
        said = {field.name: getattr(view, field.name) for field in fields(view)}
        return MadeWebhook(**said, secret=webhook_secret(settings.secret_key, view.id))

    return await make(request, make_it, secret="secret")  # noqa: S106  -- the member's name


@router.delete("/webhooks/{webhook_id}", **documented(None, "not-found", "not-allowed", status=204))
async def remove_webhook(request: Request, webhook_id: str) -> Response:
    """Removes a webhook; what it has not been sent yet is dropped. The secretariat may."""
    await act(request, lambda tx, actor: webhooks.remove(tx, actor, webhook_id))
    return nothing()


def _check_address(url: str, settings: Settings) -> None:
    """Raises Meaningless for an address that a webhook may not reach."""
    fault = fault_in(url, Allowed.parse(settings.webhook_allow))
    if fault is None and settings.clock is not None and not on_loopback(urlsplit(url).hostname):
        fault = "In a rehearsal webhooks go to this machine alone: others would take it for real."
    if fault is not None:
        raise Meaningless(fault, field="url")
