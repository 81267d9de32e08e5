"""`/secretariat/lists/…`: a list of speakers drawn up and changed, opened and closed by hand."""

from collections.abc import Callable
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.delivery.letters.dates import on_clock
from api.pages.cities import every_city
from api.pages.door import pages, see, signed
from api.pages.rendering import READ
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.pages.viewer import viewer_of
from api.web.paths import an_id
from api.web.said.lists import ListChange, ListIn
from api.web.service import service_of
from scheduler.allocation.policies import POLICIES
from scheduler.clock.written import Written
from scheduler.lists import drawing_up, opening
from scheduler.lists.particulars import NewList
from scheduler.lists.place import NO_LIST, NO_MEETING
from scheduler.lists.rules import MODES_OF_FORMAT
from scheduler.lists.views import ListView
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.people.rules import Category
from scheduler.programme import queries
from scheduler.secretariat.desk import list_of_hers, meeting_of_hers
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx

router = pages()
_MOST_ITEMS = 500
_BY_HAND: dict[str, Callable[[Tx, Actor, str], ListView]] = {
    "open": opening.open_list,
    "close": opening.close_list,
    "reopen": opening.reopen_list,
}


@router.api_route(f"{ROOT}/meetings/{{meeting_id}}/lists/new", methods=READ)
async def new(request: Request, meeting_id: str) -> Response:
    """The form of a new list."""
    return await _new_page(request, meeting_id)


@router.post(f"{ROOT}/meetings/{{meeting_id}}/lists/new")
async def make(request: Request, meeting_id: str) -> Response:
    """Draws up a list."""

    async def do() -> ListView:
        form = Filled.of(request)
        said = NewList(**form.shaped(ListIn, _said(form) | {"allocation": form.raw("allocation")}).said())
        id_ = an_id(meeting_id, NO_MEETING)
        return await act(request, lambda tx, actor: drawing_up.add(tx, actor, id_, said))

    made = await attempt(request, do)
    return await _new_page(request, meeting_id, made) if isinstance(made, Tried) else _see(made, "made")


@router.api_route(f"{ROOT}/lists/{{list_id}}", methods=READ)
async def speakers_list(request: Request, list_id: str) -> Response:
    """The form that changes a list."""
    return await _page(request, list_id)


@router.post(f"{ROOT}/lists/{{list_id}}")
async def change(request: Request, list_id: str) -> Response:
    """Changes a list."""
    service, actor, id_ = service_of(request), signed(request), an_id(list_id, NO_LIST)
    now = service.clock.now()
    before = (await service.reads.long(lambda conn: list_of_hers(conn, actor, id_, now)))[2]

    async def do() -> ListView:
        form = Filled.of(request)
        said = _said(form) | {"expected_version": form.number("expected_version")}
        sent = form.shaped(ListChange, _without_same_window(said, before))
        changes, expected = sent.said(), sent.expected_version
        return await act(request, lambda tx, actor: drawing_up.change(tx, actor, id_, changes, expected))

    done = await attempt(request, do)
    return await _page(request, list_id, done) if isinstance(done, Tried) else _see(done, "saved")


@router.post(f"{ROOT}/lists/{{list_id}}/open")
@router.post(f"{ROOT}/lists/{{list_id}}/close")
@router.post(f"{ROOT}/lists/{{list_id}}/reopen")
async def by_hand(request: Request, list_id: str) -> Response:
    """Opens or closes a list at once."""
    do, id_ = _BY_HAND[request.url.path.rpartition("/")[2]], an_id(list_id, NO_LIST)
    done = await attempt(request, lambda: act(request, lambda tx, actor: do(tx, actor, id_)))
    return await _page(request, list_id, done) if isinstance(done, Tried) else _see(done, "saved")


def _see(view: ListView, done: str) -> Response:
    return see(f"{ROOT}/lists/{view.id}?done={done}")


def _said(form: Filled) -> dict[str, Any]:
    """What the form says of a list; what has a default and is left empty is not said."""
    said: dict[str, Any] = {"title": form.raw("title"), "item": form.text("item"), "modes": form.many("modes") or None}
    said |= {"opens_at": form.moment("opens_at"), "closes_at": form.moment("closes_at"), "policy": form.raw("policy")}
    said |= {"slot_seconds": form.seconds("slot_seconds"), "capacity": form.number("capacity")}
    said |= {"seconds_by_category": _by_category(form), "one_per_organisation": form.flag("one_per_organisation")}
    ends = {"item": form.raw("closes_when.item"), "state": form.raw("closes_when.state") or "ended"}
    said["closes_when"] = ends if ends["item"] else None
    said["window"] = None
    if form.raw("window.start") or form.raw("window.end"):
        times = {"start": form.time("window.start"), "end": form.time("window.end")}
        said["window"] = times | {"fold": form.fold("window.fold")}
    needed = {"gap_seconds": form.seconds("gap_seconds"), "seconds_default": form.seconds("seconds_default")}
    return said | {name: value for name, value in needed.items() if value is not None}


def _without_same_window(said: dict[str, Any], before: ListView) -> dict[str, Any]:
    """A window that was not touched is not said, so that one that follows the lists before it goes on doing so."""
    kept = before.window
    same = said["window"] and (said["window"]["start"], said["window"]["end"]) == (kept.start, kept.end)
    return {name: value for name, value in said.items() if name != "window" or not same}


def _by_category(form: Filled) -> dict[str, int] | None:
    found = {each: form.seconds(f"seconds_by_category.{each}") for each in get_args(Category)}
    return {name: seconds for name, seconds in found.items() if seconds is not None} or None


async def _new_page(request: Request, meeting_id: str, tried: Tried | None = None) -> Response:
    language = viewer_of(request).language

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        session, held = meeting_of_hers(conn, actor, meeting_id)
        return {
            "session": session,
            "meeting": held,
            "view": None,
            "clocks": times.pair(held.timezone, session.city),
            **_options(conn, actor, session.code, held.format, language),
        }

    return await show(request, "list", known, tried)


async def _page(request: Request, list_id: str, tried: Tried | None = None) -> Response:
    language, id_ = viewer_of(request).language, an_id(list_id, NO_LIST)

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        session, held, view = list_of_hers(conn, actor, id_, times.now)
        return {
            "session": session,
            "meeting": held,
            "view": view,
            "clocks": times.pair(held.timezone, session.city),
            "opens": _wall(view.opens_as, held.timezone, view),
            "closes": _wall(view.closes_as, held.timezone, view),
            **_options(conn, actor, session.code, held.format, language),
        }

    return await show(request, "list", known, tried)


def _wall(written: Written | None, zone: str, view: ListView) -> dict[str, Any] | None:
    """A deadline as the form has it; an instant on the meeting's own clock."""
    if written is None or isinstance(written, dict):
        return written
    at = view.opens_at if written == view.opens_as else view.closes_at
    if at is None:
        return None
    there = on_clock(at, zone)
    return {"date": f"{there:%Y-%m-%d}", "time": f"{there:%H:%M}", "timezone": zone}


def _options(conn: Connection, actor: Actor, code: str, meeting_format: str, language: str) -> dict[str, Any]:
    """What a list's form lets one choose from."""
    items = queries.items(conn, Reader(actor), code, limit=_MOST_ITEMS)
    return {
        "items": [(each.id, f"{each.number} {each.title}") for each in items],
        "modes": MODES_OF_FORMAT[meeting_format],
        "policies": POLICIES,
        "categories": get_args(Category),
        "cities": every_city(language),
    }
