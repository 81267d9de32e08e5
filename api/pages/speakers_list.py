"""`/lists/{id}`: take a slot of a timed list in three steps, or ask to speak in a queue; wait where it is full."""

from collections.abc import Awaitable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.pages.door import pages, said, see, signed
from api.pages.list_page import Asked, Tried, page
from api.pages.rendering import READ
from api.pages.viewer import local_path
from api.web.paths import an_id
from api.web.service import service_of
from scheduler.errors import Forbidden, NotSignedIn, Refusal
from scheduler.lists import booking, inscribing, slot_queries, swapping, waiting
from scheduler.lists.booking import Booking, Wish
from scheduler.lists.inscription_queries import NO_INSCRIPTION
from scheduler.lists.place import NO_LIST
from scheduler.lists.views import InscriptionView, WaitingView

router = pages()
_LONGEST_TOPIC = 500
_NOBODY = "There is nobody of this id for whom you may ask here."
Id = Annotated[str | None, Query(max_length=64)]
Text = Annotated[str, Query(max_length=200)]


@router.api_route("/lists/{list_id}", methods=READ)
async def show(  # noqa: PLR0917  -- all that the address may ask
    request: Request,
    list_id: str,
    slot: Id = None,
    person: Annotated[str | None, Query(alias="for", max_length=64)] = None,
    q: Text = "",
    swap: Id = None,
    done: Text = "",
) -> Response:
    """The list, and with `slot` the step that confirms it; `swap` names a turn for which another is looked for.

    `mode`, `language` and `topic` are what was written before another slot was chosen.
    """
    tried = Tried(dict(request.query_params))
    return await page(request, list_id, Asked(slot, person or None, " ".join(q.split()), swap, done, tried))


@router.post("/lists/{list_id}/book")
async def book(request: Request, list_id: str) -> Response:
    """Books a slot. Where someone was faster the page says so, and what is free nearby."""
    actor, slot = signed(request), said(request).get("slot", "")

    async def booked() -> InscriptionView:
        wanted = Booking(*_wanted(request), person=_person(request))
        wish = Wish(str(actor.id), an_id(slot, slot_queries.NO_SLOT), wanted)
        made: InscriptionView = await service_of(request).writer.act_together(booking.book_together, wish)
        return made

    return await _try(request, list_id, booked(), "booked")


@router.post("/lists/{list_id}/inscribe")
async def inscribe(request: Request, list_id: str) -> Response:
    """Puts somebody on a queue list."""
    id_, wanted = an_id(list_id, NO_LIST), inscribing.Request(*_wanted(request), person=_person(request))
    asked = act(request, lambda tx, actor: inscribing.inscribe(tx, actor, id_, wanted))
    return await _try(request, id_, asked, "inscribed")


@router.post("/lists/{list_id}/wait")
async def wait(request: Request, list_id: str) -> Response:
    """Lets somebody wait for a place in a full list."""
    id_, wanted = an_id(list_id, NO_LIST), Booking(*_wanted(request), person=_person(request))
    asked = act(request, lambda tx, actor: waiting.join(tx, actor, id_, wanted))
    return await _try(request, id_, asked, "waiting")


@router.post("/lists/{list_id}/swap")
async def propose_swap(request: Request, list_id: str) -> Response:
    """Proposes to swap a turn with the one that was chosen on the list's page."""
    fields = said(request)
    own, other = (an_id(fields.get(name, ""), NO_INSCRIPTION) for name in ("swap", "with"))
    try:
        await act(request, lambda tx, actor: swapping.propose(tx, actor, own, other))
    except NotSignedIn:
        raise
    except Refusal as refusal:
        return await page(request, list_id, Asked(slot=fields.get("slot"), swap=own, tried=Tried(fields, refusal)))
    return see(local_path(fields.get("back") or "/me"))


def _wanted(request: Request) -> tuple[str, str | None, str | None]:
    """Mode, language and topic, as all three forms ask for them."""
    fields = said(request)
    topic = " ".join(fields.get("topic", "").split())[:_LONGEST_TOPIC]
    return fields.get("mode", ""), fields.get("language") or None, topic or None


def _person(request: Request) -> str | None:
    """For whom it is asked; None: for herself."""
    person = said(request).get("for", "")
    return an_id(person, _NOBODY) if person else None


async def _try(request: Request, list_id: str, asked: Awaitable[InscriptionView | WaitingView], done: str) -> Response:
    """Leads to the list once it is done; a refusal is told on the page of this one, where what was written is kept."""
    fields = said(request)
    person = fields.get("for") or None
    try:
        made = await asked
    except NotSignedIn:
        raise
    except Refusal as refusal:
        if type(refusal) is Forbidden and person:
            raise  # on the page of the list there is nobody whom she may not ask for
        return await page(request, list_id, Asked(slot=fields.get("slot"), person=person, tried=Tried(fields, refusal)))
    return see(f"/lists/{made.list}?{urlencode({'done': done} | ({'for': person} if person else {}))}")
