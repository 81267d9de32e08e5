"""Accreditations: shapes above, routes below."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import SignedDoor, actor_of
from api.web.answers import answer, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.service import service_of
from api.web.shapes import UNSENT, DryRun, Id, OptionalLine, Shape, Version
from scheduler.accreditation import actions, queries
from scheduler.accreditation.queries import AccreditationView
from scheduler.accreditation.rules import Status
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.secretariat import deciding
from scheduler.secretariat.deciding import AccreditationPreview
from scheduler.storage.writer import Tx
from scheduler.subscriptions.reach import count_reach_of_decision

router = APIRouter(route_class=SignedDoor, tags=["accreditations"])


class AccreditationIn(Shape):
    """Asks for an organisation's accreditation; only the secretariat gives another status than `pending`."""

    organisation: Id
    status: Status = "pending"
    note: OptionalLine | None = None


class AccreditationChange(Shape):
    """A decision: what is absent stays, null clears."""

    status: Status = UNSENT
    note: OptionalLine | None = None
    expected_version: Version | None = None


@router.get("/sessions/{code}/accreditations", **documented(Page[AccreditationView], "not-found"))
async def read_accreditations(request: Request, code: str, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """A session's accreditations by organisation: all for who runs or chairs it, else your own organisations'."""
    key = cursor_key(cursor, (str, str))
    after = (key[0], key[1]) if key else None
    reader = Reader(actor_of(request))
    found = await service_of(request).reads.long(
        lambda conn: queries.accreditations(conn, reader, code, after=after, limit=limit + 1)
    )
    return page(*cut(found, limit, lambda view: (view.organisation.name, view.id)))


@router.post(
    "/sessions/{code}/accreditations",
    **documented(AccreditationView, "not-found", "not-allowed", "already-exists", status=201),
)
async def ask_for_accreditation(request: Request, code: str, new: AccreditationIn) -> Response:
    """A focal point asks for her organisation; the session's secretariat may for any, and decide at once."""
    return await make(
        request,
        lambda tx, actor: actions.ask(tx, actor, code, new.organisation, status=new.status, note=new.note),
    )


@router.patch(
    "/accreditations/{accreditation_id}",
    **documented(AccreditationView | AccreditationPreview, "not-found", "not-allowed", "version-conflict"),
)
async def decide_accreditation(
    request: Request, accreditation_id: str, changes: AccreditationChange, dry_run: DryRun = False
) -> Response:
    """Decides on an accreditation. The session's secretariat may.

    Whose accreditation is not (or no longer) approved books nothing more; slots that are held already stay. The dry run
    also names those `slots`.
    """
    sent = changes.sent()
    expected = sent.pop("expected_version", None)

    def do(tx: Tx, actor: Actor) -> AccreditationView | AccreditationPreview:
        if dry_run:
            return deciding.preview(
                tx, actor, accreditation_id, sent, count_reach_of_decision, expected_version=expected
            )
        return actions.decide(tx, actor, accreditation_id, sent, expected)

    return answer(await act(request, do))
