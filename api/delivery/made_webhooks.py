"""Making a webhook: its address is looked at, and its secret told once."""

from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from api.delivery.addresses import Allowed, fault_in, on_loopback
from api.delivery.webhook import webhook_secret
from api.settings import Settings
from api.web.said.webhooks import NewWebhookIn
from scheduler.errors import Meaningless
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from scheduler.subscriptions import webhooks
from scheduler.subscriptions.views import WebhookView
from scheduler.subscriptions.webhooks import NewWebhook


@dataclass(frozen=True, slots=True)
class MadeWebhook(WebhookView):
    """A webhook with the secret that signs what it is sent, which is told only this once."""

    secret: str | None = None


def make_webhook(tx: Tx, actor: Actor, wanted: NewWebhookIn, settings: Settings) -> MadeWebhook:
    """Makes a webhook. The secretariat may.

    Raises:
        NotFound, Forbidden: there is no such session; she may not.
        Meaningless: the address is one that no webhook may reach.
    """
    view = webhooks.make(tx, actor, NewWebhook(wanted.url, tuple(wanted.kinds), wanted.session))
    _check_address(wanted.url, settings)  # after permission: a refusal takes back what the act did
    said = {field.name: getattr(view, field.name) for field in fields(view)}
    return MadeWebhook(**said, secret=webhook_secret(settings.secret_key, view.id))


def _check_address(url: str, settings: Settings) -> None:
    """Raises Meaningless for an address that a webhook may not reach."""
    fault = fault_in(url, Allowed.parse(settings.webhook_allow))
    if fault is None and settings.clock is not None and not on_loopback(urlsplit(url).hostname):
        fault = "In a rehearsal webhooks go to this machine alone: others would take it for real."
    if fault is not None:
        raise Meaningless(fault, field="url")
