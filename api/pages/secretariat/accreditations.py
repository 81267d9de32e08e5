"""`/secretariat/sessions/…/accreditations`: decided on many at once, after a look at whom it bars or lets speak."""

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, who
from api.pages.door import pages, see
from api.pages.rendering import READ
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.web.said.accreditations import AccreditationIn, DecisionsIn
from api.web.service import service_of
from api.web.shapes import cleaned
from scheduler.accreditation import actions
from scheduler.accreditation.queries import AccreditationView, accreditations, status_counts
from scheduler.accreditation.rules import Status
from scheduler.people import queries
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.secretariat import deciding
from scheduler.secretariat.deciding import AccreditationsPreview
from scheduler.secretariat.desk import session_of_hers
from scheduler.storage.connection import Connection
from scheduler.subscriptions.reach import count_reach_of_decision

router = pages()
_PATH = f"{ROOT}/sessions/{{code}}/accreditations"
_MOST, _MOST_FOUND = 2_000, 20
_STATUSES: tuple[Status, ...] = get_args(Status)


@router.api_route(_PATH, methods=READ)
async def all_of_session(request: Request, code: str) -> Response:
    """A session's accreditations, to be ticked."""
    return await _page(request, code)


@router.post(_PATH)
async def decide(request: Request, code: str) -> Response:
    """Looks at a decision on those ticked, and takes it once it was looked at: on all or on none."""
    form = Filled.of(request)

    async def read() -> DecisionsIn:
        said = {"accreditations": form.many("accreditations"), "status": form.raw("status"), "note": form.text("note")}
        return form.shaped(DecisionsIn, said)

    wanted = await attempt(request, read)
    if isinstance(wanted, Tried):
        return await _page(request, code, wanted)
    # Without a note the notes that are there stay.
    note = {"note": wanted.note} if wanted.note else {}
    ids, changes = wanted.accreditations, {"status": wanted.status, **note}
    seen = _seen(wanted)
    if form.raw("do") == "apply" and form.raw("seen") == seen:
        done = await attempt(
            request, lambda: act(request, lambda tx, actor: actions.decide_many(tx, actor, code, ids, changes))
        )
        return await _page(request, code, done) if isinstance(done, Tried) else see(f"{_path(code)}?done=decided")
    service, actor = service_of(request), who(request)

    def look(conn: Connection) -> AccreditationsPreview:
        tx, count = service.writer.tx(conn), count_reach_of_decision
        return deciding.preview_many(tx, actor(conn), code, ids, changes, count_reach=count)

    looked = await attempt(request, lambda: service.reads.long(look))
    if isinstance(looked, Tried):
        return await _page(request, code, looked)
    return await _page(request, code, Tried(form.fields), looked, seen)


@router.post(f"{_PATH}/new")
async def ask(request: Request, code: str) -> Response:
    """Puts an organisation on the session's list."""
    form = Filled.of(request)

    async def do() -> AccreditationView:
        said = {"organisation": form.raw("organisation"), "status": form.raw("new_status"), "note": form.text("note")}
        new = form.shaped(AccreditationIn, said)
        return await act(
            request,
            lambda tx, actor: actions.ask(tx, actor, code, new.organisation, status=new.status, note=new.note),
        )

    done = await attempt(request, do)
    return await _page(request, code, done) if isinstance(done, Tried) else see(f"{_path(code)}?done=added")


def _path(code: str) -> str:
    return _PATH.format(code=code)


def _seen(wanted: DecisionsIn) -> str:
    return f"{wanted.status} {' '.join(sorted(wanted.accreditations))}"


async def _page(
    request: Request,
    code: str,
    tried: Tried | None = None,
    looked: AccreditationsPreview | None = None,
    seen: str = "",
) -> Response:
    asked = request.query_params
    wanted, q = asked.get("status", ""), cleaned(asked.get("q", ""))[:200]

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        session = session_of_hers(conn, actor, code)
        every = accreditations(conn, Reader(actor), session.code, limit=_MOST)
        there = {each.organisation.id for each in every}
        found = queries.organisations(conn, q=q, limit=_MOST_FOUND + len(there)) if q else []
        return {
            "session": session,
            "status": wanted if wanted in _STATUSES else "",
            "rows": [each for each in every if wanted not in _STATUSES or each.status == wanted],
            "numbers": {status: status_counts(conn, session.id).get(status, 0) for status in _STATUSES},
            "q": q,
            "found": [each for each in found if each.id not in there][:_MOST_FOUND],
            "looked": looked,
            "held": _held(times, looked, session.timezone, session.city),
            "seen": seen,
            "clocks": times.pair(session.timezone, session.city),
        }

    return await show(request, "accreditations", known, tried)


def _held(times: Times, looked: AccreditationsPreview | None, zone: str, city: str | None) -> list[Any]:
    """The turns that those concerned hold, with when they are."""
    slots = looked.slots if looked else ()
    return [(slot, times.stretch(slot.starts_at, slot.ends_at, zone, city)) for slot in slots]
