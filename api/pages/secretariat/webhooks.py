"""`/secretariat/webhooks`: programs that are told of changes; the secret of a new one is shown once."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.delivery.made_webhooks import MadeWebhook, make_webhook
from api.pages.door import pages, see
from api.pages.rendering import READ
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.web.said.webhooks import NewWebhookIn
from api.web.service import service_of
from scheduler.people.permission import Actor
from scheduler.secretariat.desk import desk
from scheduler.storage.connection import Connection
from scheduler.subscriptions import queries, webhooks

router = pages()
_PATH = f"{ROOT}/webhooks"
_MOST = 500


@router.api_route(_PATH, methods=READ)
async def every(request: Request) -> Response:
    """All webhooks, with the form of a new one."""
    return await _page(request)


@router.post(_PATH)
async def make(request: Request) -> Response:
    """Makes a webhook and shows its secret, this once."""
    settings = service_of(request).settings

    async def do() -> MadeWebhook:
        form = Filled.of(request)
        said = {"url": form.raw("url"), "kinds": form.parts("kinds"), "session": form.text("session")}
        wanted = form.shaped(NewWebhookIn, said)
        return await act(request, lambda tx, actor: make_webhook(tx, actor, wanted, settings))

    made = await attempt(request, do)
    return await _page(request, made) if isinstance(made, Tried) else await _page(request, fresh=made)


@router.post(f"{_PATH}/{{webhook_id}}/remove")
async def remove(request: Request, webhook_id: str) -> Response:
    """Removes a webhook."""
    await act(request, lambda tx, actor: webhooks.remove(tx, actor, webhook_id))
    return see(f"{_PATH}?done=removed")


async def _page(request: Request, tried: Tried | None = None, fresh: MadeWebhook | None = None) -> Response:
    def known(conn: Connection, actor: Actor, _: Times) -> dict[str, Any]:
        return {
            "here": "webhooks",
            "webhooks": queries.webhooks(conn, actor, limit=_MOST),
            "sessions": [(each.code, each.title) for each in desk(conn, actor).sessions],
            "fresh": fresh,
        }

    return await show(request, "webhooks", known, tried)
