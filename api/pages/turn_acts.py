"""What whoever speaks, or acts for her, does about a turn from any page: ready, a substitute, the answer to a swap."""

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.pages.door import pages, said, see
from api.pages.viewer import local_path
from api.web.paths import an_id
from scheduler.errors import Meaningless
from scheduler.lists import changing, readiness, swapping, waiting, withdrawing
from scheduler.lists.inscription_queries import NO_INSCRIPTION
from scheduler.lists.waiting_queries import NO_ENTRY
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx

router = pages()
_LONGEST_NAME = 500


@router.post("/inscriptions/{inscription_id}/ready")
async def say_ready(request: Request, inscription_id: str) -> Response:
    """Says that a remote speaker's link works, or with `ready` no that it does not."""
    id_, ready = an_id(inscription_id, NO_INSCRIPTION), said(request).get("ready", "yes") != "no"
    await act(request, lambda tx, actor: readiness.say(tx, actor, id_, ready=ready))
    return _back(request)


@router.post("/inscriptions/{inscription_id}/substitute")
async def name_substitute(request: Request, inscription_id: str) -> Response:
    """Names who reads it in the speaker's place; an empty name: she does herself."""
    id_ = an_id(inscription_id, NO_INSCRIPTION)
    name = " ".join(said(request).get("delivered_by", "").split())[:_LONGEST_NAME] or None
    await act(request, lambda tx, actor: changing.change(tx, actor, id_, {"delivered_by": name}))
    return _back(request)


@router.post("/inscriptions/{inscription_id}/swap")
async def answer_swap(request: Request, inscription_id: str) -> Response:
    """Accepts a swap, refuses it, or takes back her own proposal."""
    wish, id_ = said(request).get("answer", ""), an_id(inscription_id, NO_INSCRIPTION)
    if wish not in {"accept", "refuse", "take-back"}:
        raise Meaningless("Accept the swap or refuse it.", field="answer")

    def decide(tx: Tx, actor: Actor) -> None:
        if wish == "take-back":
            swapping.take_back(tx, actor, id_)
        else:
            swapping.answer(tx, actor, id_, accept=wish == "accept")

    await act(request, decide)
    return _back(request)


@router.post("/inscriptions/{inscription_id}/withdraw")
async def withdraw(request: Request, inscription_id: str) -> Response:
    """Withdraws an inscription."""
    await act(request, lambda tx, actor: withdrawing.withdraw(tx, actor, an_id(inscription_id, NO_INSCRIPTION)))
    return _back(request)


@router.post("/waiting/{entry_id}/leave")
async def leave(request: Request, entry_id: str) -> Response:
    """Lets somebody wait no more."""
    await act(request, lambda tx, actor: waiting.leave(tx, actor, an_id(entry_id, NO_ENTRY)))
    return _back(request)


def _back(request: Request) -> Response:
    return see(local_path(said(request).get("back") or "/me"))
