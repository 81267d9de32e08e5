"""Accreditations."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import SignedDoor, actor_of
from api.web.answers import answer, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.said.accreditations import AccreditationChange, AccreditationIn, DecisionsIn
from api.web.service import service_of
from api.web.shapes import DryRun
from scheduler.accreditation import actions, queries
from scheduler.accreditation.queries import AccreditationView
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.secretariat import deciding
from scheduler.secretariat.deciding import AccreditationPreview, AccreditationsPreview
from scheduler.storage.writer import Tx
from scheduler.subscriptions.reach import count_reach_of_decision

router = APIRouter(route_class=SignedDoor, tags=["accreditations"])


@dataclass(frozen=True, slots=True)
class Decided:
    """The accreditations as they are now, each once, in the order in which they were named."""

    accreditations: tuple[AccreditationView, ...]


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


@router.post(
    "/sessions/{code}/accreditations/decisions",
    **documented(Decided | AccreditationsPreview, "not-found", "not-allowed"),
)
async def decide_accreditations(request: Request, code: str, decisions: DecisionsIn) -> Response:
    """Decides the same on several of a session's accreditations, all or none. The session's secretariat may.

    Whoever is not (or no longer) approved books and inscribes nothing more; turns that are held stay. The dry run says
    whom it would affect, and names the `slots` that they hold and the `inscriptions` that wait for a turn.
    """
    changes = {name: value for name, value in decisions.sent().items() if name in {"status", "note"}}

    def do(tx: Tx, actor: Actor) -> Decided | AccreditationsPreview:
        if decisions.dry_run:
            asked = decisions.accreditations
            return deciding.preview_many(tx, actor, code, asked, changes, count_reach=count_reach_of_decision)
        return Decided(tuple(actions.decide_many(tx, actor, code, decisions.accreditations, changes)))

    return answer(await act(request, do))


@router.patch(
    "/accreditations/{accreditation_id}",
    **documented(AccreditationView | AccreditationPreview, "not-found", "not-allowed", "version-conflict"),
)
async def decide_accreditation(
    request: Request, accreditation_id: str, changes: AccreditationChange, dry_run: DryRun = False
) -> Response:
    """Decides on an accreditation. The session's secretariat may.

    Whose accreditation is not (or no longer) approved books and inscribes nothing more; turns that are held stay. The
    dry run also names those `slots`, and the `inscriptions` that wait for a turn.
    """
    sent, expected = changes.sent(), changes.expected_version

    def do(tx: Tx, actor: Actor) -> AccreditationView | AccreditationPreview:
        if dry_run:
            return deciding.preview(
                tx, actor, accreditation_id, sent, count_reach_of_decision, expected_version=expected
            )
        return actions.decide(tx, actor, accreditation_id, sent, expected)

    return answer(await act(request, do))
