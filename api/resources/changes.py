from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from api.auth.door import OpenDoor, actor_of
from api.web.answers import page
from api.web.documented import documented
from api.web.paging import Limit
from api.web.service import service_of
from scheduler.journal.queries import ChangeView, Sight, changes
from scheduler.people.permission import Actor


class Changes(BaseModel):
    """A run of the journal. `next` is the last id given, null when there is no more yet."""

    items: list[ChangeView]
    next: int | None


router = APIRouter(route_class=OpenDoor, tags=["changes"])
_RUNS = frozenset({"secretariat", "chair"})
_LARGEST = 2**63 - 1


@router.get("/changes", **documented(Changes))
async def read_changes(
    request: Request,
    after: Annotated[int, Query(ge=0, le=_LARGEST, description="The last id read; 0 for all.")] = 0,
    limit: Limit = 50,
) -> Response:
    """The journal, as far as you may read it, in order. Read on with `after` = the last id that you have.

    `next` is the last id given, null when there is no more yet. No entry is ever skipped or given twice.
    """
    sight = sight_of(actor_of(request))
    found = await service_of(request).reads.long(lambda conn: changes(conn, sight, after, limit + 1))
    return page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def sight_of(actor: Actor | None) -> Sight:
    """What a reader sees of the journal by her roles: what she runs, whom she acts for, herself."""
    if actor is None:
        return Sight()
    runs = [grant for grant in actor.grants if grant.role in _RUNS]
    return Sight(
        everything=actor.holds("secretariat", frozenset()),
        bodies=frozenset(g.scope_id for g in runs if g.scope_type == "body" and g.scope_id),
        sessions=frozenset(g.scope_id for g in runs if g.scope_type == "session" and g.scope_id),
        organisations=actor.focal_organisations(),
        person=actor.id,
    )
