"""`/secretariat/outbox`: what was sent, what waits, what failed; and sending it again."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.pages.door import pages, see
from api.pages.rendering import READ
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.paged import LIMIT, further
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.web.paging import moment_key
from scheduler.clock.zones import rfc3339
from scheduler.ids import is_id
from scheduler.notices import queries
from scheduler.notices.retrying import retry
from scheduler.outbox.queries import counts
from scheduler.outbox.rules import STATUSES
from scheduler.people import queries as people
from scheduler.people.permission import Actor
from scheduler.storage.connection import Connection

router = pages()
_PATH = f"{ROOT}/outbox"


@router.api_route(_PATH, methods=READ)
async def outbox(request: Request) -> Response:
    """What is told, the latest due first."""
    return await _page(request)


@router.post(f"{_PATH}/{{due_id}}/retry")
async def again(request: Request, due_id: str) -> Response:
    """Sends once more what failed or was dropped."""
    done = await attempt(request, lambda: act(request, lambda tx, actor: retry(tx, actor, due_id)))
    return await _page(request, done) if isinstance(done, Tried) else see(f"{_PATH}?done=again#{done.id}")


async def _page(request: Request, tried: Tried | None = None) -> Response:
    asked = request.query_params
    status, person = asked.get("status", ""), asked.get("person", "")

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        found = queries.outbox(
            conn,
            actor,
            status=status if status in STATUSES else None,
            person=person if is_id(person) else None,
            after=moment_key(asked.get("cursor")),
            limit=LIMIT + 1,
        )
        rows, more = further(request, found, lambda view: (rfc3339(view.due_at), view.id))
        zone = times.zone or actor.timezone
        return {
            "here": "outbox",
            "rows": [(each, times.moment(each.due_at, None, zone)) for each in rows],
            "more": more,
            "status": status,
            "person": people.person(conn, actor, person) if is_id(person) else None,
            "numbers": counts(conn),
        }

    return await show(request, "outbox", known, tried)
