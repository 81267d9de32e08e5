"""Allotting the turns of a queue list: shapes above, routes below."""

import secrets
from typing import Annotated

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.auth.door import SignedDoor, signed_of
from api.web.answers import answer
from api.web.documented import documented
from api.web.paths import an_id
from api.web.said.allocation import AllocationIn
from api.web.service import service_of
from api.web.shapes import Shape, Version
from scheduler.allocation import actions
from scheduler.allocation.actions import Wanted
from scheduler.allocation.views import AllocationView
from scheduler.lists.place import NO_LIST
from scheduler.lists.views import ListView
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx

_COMMITTED = "307e0c15189f61e8178f92a74ca339950d6d9011a73be98470a9cd3ac8b69ef6"


class CommitmentIn(Shape):
    """What is published of a draw's seed before: its SHA-256 (of its UTF-8 bytes) as 64 hexadecimal digits."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"commitment": _COMMITTED}]})

    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    expected_version: Version | None = None


router = APIRouter(route_class=SignedDoor, tags=["allocation"])


@router.post(
    "/lists/{list_id}/allocation",
    **documented(AllocationView, "not-found", "not-allowed", "not-allowed-now", "version-conflict"),
)
async def allocate(request: Request, list_id: str, new: AllocationIn) -> Response:
    """Turns the inscriptions of a queue list into slots, open or closed, until the meeting's close.

    The session's chair and secretariat may. Precedence first (the list's `policy_options.order`, which `protocol` has
    one of its own for), then the policy inside it. Nobody is given more than the list allows her category; before
    anybody is left out, the limits step down as the list's `policy_options.steps` allow. The meeting's remote minutes
    are a second budget. Whoever was called stays, panels, breaks and turns moved by hand keep their positions if they
    can, and the rest is allotted anew. Each turn and each who is left out has a rule and a reason; in a dry run ids of
    slots are null.
    """
    wanted = Wanted(
        secrets.token_hex(16), new.policy, new.budget_seconds, new.seed, expected_version=new.expected_version
    )
    known = an_id(list_id, NO_LIST)
    if not new.dry_run:
        return answer(await act(request, lambda tx, actor: actions.allocate(tx, actor, known, wanted), alone=True))
    service, actor = service_of(request), signed_of(request).actor
    now = service.clock.now()
    return answer(await service.reads.long(lambda conn: actions.preview(conn, actor, known, wanted, now)))


@router.post(
    "/lists/{list_id}/draw", **documented(ListView, "not-found", "not-allowed", "not-allowed-now", "version-conflict")
)
async def commit_to_draw(request: Request, list_id: str, new: CommitmentIn) -> Response:
    """Publishes the hash of a seed before the draw: from then on the list can be drawn with that seed alone.

    The session's chair and secretariat may. The list shows it as `draw.commitment`, and the seed beside it once it is
    drawn; the moment of each commitment is in the journal. Another may follow until the draw.
    """

    def commit(tx: Tx, actor: Actor) -> ListView:
        return actions.commit_to_draw(tx, actor, an_id(list_id, NO_LIST), new.commitment, new.expected_version)

    return answer(await act(request, commit))
