"""`/meetings/{id}/chair`: the console of whoever runs a meeting's floor, on one screen, by keys or by forms."""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.pages import chair_acts
from api.pages.chair_asked import Asked
from api.pages.chair_floor import NEXT, console, found
from api.pages.chair_panels import panels
from api.pages.chair_told import Tried, lines, undo
from api.pages.chair_words import ChairsWords
from api.pages.door import pages, said, see, signed
from api.pages.rendering import READ, html, render
from api.pages.times import Times
from api.pages.viewer import viewer_of
from api.web.paths import an_id
from api.web.problems import status_of
from api.web.service import service_of
from scheduler.errors import Refusal
from scheduler.floor.folding import version_of
from scheduler.floor.reading import Standing, chaired
from scheduler.lists.place import NO_MEETING
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.programme.queries import item
from scheduler.storage.connection import Connection

router = pages()


@router.api_route("/meetings/{meeting_id}/chair", methods=READ)
async def show(request: Request, meeting_id: str) -> Response:
    """The console, for the session's chair and secretariat."""
    return await _page(request, meeting_id, Tried())


@router.post("/meetings/{meeting_id}/chair")
async def act(request: Request, meeting_id: str) -> Response:
    """One act. Where it is refused the console says why, and keeps what was written."""
    try:
        back = await chair_acts.do(request, meeting_id)
    except Refusal as refusal:
        return await _page(request, meeting_id, Tried(said(request), refusal))
    version = await service_of(request).reads.short(lambda conn: version_of(conn, meeting_id))
    asked = Asked.of(request.query_params).after_act(chair_acts.written(back, version))
    return see(f"/meetings/{meeting_id}/chair{asked.query()}")


async def _page(request: Request, meeting_id: str, tried: Tried) -> Response:
    service, viewer, id_ = service_of(request), viewer_of(request), an_id(meeting_id, NO_MEETING)
    actor, asked, chance = signed(request), Asked.of(request.query_params), secrets.token_hex(16)

    def body(conn: Connection) -> bytes:
        here = chaired(conn, actor, id_)
        times = Times(viewer.language, service.clock.now(), viewer.zone)
        words = ChairsWords(times)
        shown = panels(conn, actor, here, asked, words, chance=chance)
        known = _known(conn, actor, here, words, asked)
        return render(service, conn, viewer, "chair.html", asked=asked, tried=tried, panels=shown, **known)

    return html(await service.reads.long(body), status_of(type(tried.refusal)) if tried.refusal else 200)


def _known(conn: Connection, actor: Actor, here: Standing, words: ChairsWords, asked: Asked) -> dict[str, Any]:
    times, zone, city = words.times, here.meeting.timezone, here.session.city
    floor, told = console(conn, times, here), lines(conn, here, words, actor.id)
    back = undo(conn, here, words, asked.back)
    fit = found(floor.rows, asked)
    chosen = next((row for row in floor.rows if row.turn.slot == asked.slot), fit[0] if fit and asked.find else None)
    return {
        "path": f"/meetings/{here.meeting.id}/chair",
        "meeting": here.meeting,
        "session": here.session,
        "items": [item(conn, Reader(actor), each) for each in here.meeting.items],
        "floor": floor,
        "found": fit,
        "chosen": chosen,
        "words": words,
        "lines": told,
        "undo": back,
        "said": back.what if back and back.mends else told[-1].what if told else "",
        "venue": times.city(zone, city),
        "clocks": times.pair(zone, city)[::-1],
        "next_rows": NEXT,
    }
