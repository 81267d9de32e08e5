"""`/secretariat`: the sessions and bodies that she runs, and what waits to be settled."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.pages.door import pages
from api.pages.rendering import READ
from api.pages.secretariat.frame import ROOT, show
from api.pages.times import Times
from scheduler.outbox.queries import counts
from scheduler.people.permission import Actor
from scheduler.programme.views import SessionView
from scheduler.secretariat.desk import desk
from scheduler.storage.connection import Connection

router = pages()


@dataclass(frozen=True, slots=True)
class Row:
    """A session; `pending` organisations ask for accreditation."""

    session: SessionView
    dates: str
    pending: int


@router.api_route(ROOT, methods=READ)
async def overview(request: Request) -> Response:
    """Everything that she runs."""
    return await show(request, "overview", _known)


def _known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
    hers = desk(conn, actor)
    rows = [
        Row(each, times.dates(each.starts_on, each.ends_on), hers.pending.get(each.id, 0)) for each in hers.sessions
    ]
    today = times.now.date()
    over = {row.session.id for row in rows if date.fromisoformat(row.session.ends_on) < today}
    return {
        "bodies": hers.bodies,
        "coming": [row for row in rows if row.session.id not in over],
        "past": [row for row in rows if row.session.id in over][::-1],
        "counts": counts(conn) if hers.whole else {},
    }
