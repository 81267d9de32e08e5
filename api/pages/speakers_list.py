"""`/lists/{id}`: take a slot of a timed list in three steps, or ask to speak in a queue; wait where it is full."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from babel import Locale
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.delivery.letters.dates import locale_of
from api.pages.door import pages, said, see, signed
from api.pages.grid import Chosen, Grid, grid
from api.pages.rendering import OWN_NAMES, READ, html, render
from api.pages.sittings import as_list
from api.pages.times import Seen, Times
from api.pages.viewer import Viewer, local_path, viewer_of
from api.web.lapsing import let_offers_lapse
from api.web.paths import an_id
from api.web.problems import status_of
from api.web.service import Service, service_of
from scheduler.errors import NotFound, NotSignedIn, Refusal
from scheduler.ids import is_id
from scheduler.lists import booking, inscribing, queries, slot_queries, waiting, withdrawing
from scheduler.lists.booking import Booking, Wish
from scheduler.lists.inscription_queries import NO_INSCRIPTION, inscriptions_of_person
from scheduler.lists.place import NO_LIST
from scheduler.lists.views import InscriptionView, ListView, SlotView, WaitingView
from scheduler.lists.waiting_queries import waiting_of_person
from scheduler.people.reader import Reader
from scheduler.programme.calendar import meeting_events, one_meeting_event
from scheduler.programme.events import MeetingEvent
from scheduler.storage.connection import Connection

router = pages()
_PAGE, _MOST_LISTS, _MOST_OWN = 200, 50, 500
_LONGEST_TOPIC = 500


@dataclass(frozen=True, slots=True)
class Tried:
    """What a form tried and how it was refused: what was written is kept."""

    fields: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def near(self) -> list[SlotView]:
        """The free slots that the refusal names, nearest first."""
        return list(self.refusal.data.get("nearest") or ()) if self.refusal else []


@router.api_route("/lists/{list_id}", methods=READ)
async def show(
    request: Request, list_id: str, slot: Annotated[str | None, Query(max_length=64)] = None, done: str = ""
) -> Response:
    """The list, and with `slot` the step that confirms it."""
    return await _page(request, list_id, Tried(), slot=slot, done=done)


@router.post("/lists/{list_id}/book")
async def book(request: Request, list_id: str) -> Response:
    """Books a slot for herself. Where someone was faster the page says so, and what is free nearby."""
    actor, slot = signed(request), said(request).get("slot", "")

    async def booked() -> InscriptionView:
        wish = Wish(str(actor.id), an_id(slot, slot_queries.NO_SLOT), Booking(*_wanted(request)))
        made: InscriptionView = await service_of(request).writer.act_together(booking.book_together, wish)
        return made

    return await _try(request, list_id, booked(), "booked", slot=slot)


@router.post("/lists/{list_id}/inscribe")
async def inscribe(request: Request, list_id: str) -> Response:
    """Puts her on a queue list."""
    id_, wanted = an_id(list_id, NO_LIST), inscribing.Request(*_wanted(request))
    asked = act(request, lambda tx, actor: inscribing.inscribe(tx, actor, id_, wanted))
    return await _try(request, id_, asked, "inscribed")


@router.post("/lists/{list_id}/wait")
async def wait(request: Request, list_id: str) -> Response:
    """Lets her wait for a place in a full list."""
    id_, wanted = an_id(list_id, NO_LIST), Booking(*_wanted(request))
    asked = act(request, lambda tx, actor: waiting.join(tx, actor, id_, wanted))
    return await _try(request, id_, asked, "waiting")


@router.post("/waiting/{entry_id}/leave")
async def leave(request: Request, entry_id: str) -> Response:
    """Lets her wait no more."""
    await act(request, lambda tx, actor: waiting.leave(tx, actor, an_id(entry_id, "There is no such entry.")))
    return see(local_path(said(request).get("back")))


@router.post("/inscriptions/{inscription_id}/withdraw")
async def withdraw(request: Request, inscription_id: str) -> Response:
    """Withdraws an inscription of hers, or of whom she may act for."""
    await act(request, lambda tx, actor: withdrawing.withdraw(tx, actor, an_id(inscription_id, NO_INSCRIPTION)))
    return see(local_path(said(request).get("back")))


def _wanted(request: Request) -> tuple[str, str | None, str | None]:
    """Mode, language and topic, as all three forms ask for them."""
    fields = said(request)
    topic = " ".join(fields.get("topic", "").split())[:_LONGEST_TOPIC]
    return fields.get("mode", ""), fields.get("language") or None, topic or None


async def _try(
    request: Request,
    list_id: str,
    asked: Awaitable[InscriptionView | WaitingView],
    done: str,
    *,
    slot: str | None = None,
) -> Response:
    """Leads to the list once it is done; a refusal is told on the page of this one, where what was written is kept."""
    try:
        made = await asked
    except NotSignedIn:
        raise
    except Refusal as refusal:
        return await _page(request, list_id, Tried(said(request), refusal), slot=slot)
    return see(f"/lists/{made.list}?done={done}")


async def _page(request: Request, list_id: str, tried: Tried, *, slot: str | None = None, done: str = "") -> Response:
    service, viewer, id_ = service_of(request), viewer_of(request), an_id(list_id, NO_LIST)
    await let_offers_lapse(service)
    chosen = slot if slot and is_id(slot) else None

    def body(conn: Connection) -> bytes:
        return _body(service, conn, viewer, (id_, chosen, done), tried)

    return html(await service.reads.long(body), status_of(type(tried.refusal)) if tried.refusal else 200)


def _body(
    service: Service, conn: Connection, viewer: Viewer, asked: tuple[str, str | None, str], tried: Tried
) -> bytes:
    list_id, chosen, done = asked
    times, reader = Times(viewer.language, service.clock.now(), viewer.zone), viewer.reader(conn)
    view, _ = queries.speakers_list(conn, reader, list_id, times.now)
    meeting = one_meeting_event(conn, view.meeting)
    if meeting is None:
        raise NotFound("This list is of a session that is not published yet. Publish it first.")
    own, waits = _own(conn, reader), _waits(conn, reader, list_id)
    hers = next((each for each in own if each.list == list_id), None)
    near, lost = _lost(tried, chosen)
    mine = {each.slot for each in own if each.slot}
    grids = _grids(conn, reader, times, (view, meeting), Chosen(mine, None if lost else chosen, lost, near))
    every = [chip.slot for each in grids for hour in each.hours for chip in hour.chips]
    picked = next((slot for slot in every if slot.id == chosen), None)
    known: dict[str, Any] = {
        "list": as_list(times, view, meeting),
        "meeting": meeting,
        "clocks": times.pair(meeting.timezone, meeting.city),
        "grids": sorted(grids, key=lambda each: (each.night, each.meeting.starts_at)),
        "turns": [] if view.allocation == "timed" else _slots(conn, reader, list_id),
        "hers": hers,
        "waits": waits,
        "slot": picked,
        "seen": _seen(times, meeting, picked),
        "own_slot": _own_slot(conn, reader, times, meeting, hers.slot if hers else None),
        "near": [(slot, _seen(times, meeting, slot), _apart(slot, picked)) for slot in tried.near],
        "tried": tried,
        "lost": lost,
        "done": done,
        "spoken": _spoken(meeting, locale_of(viewer.language)),
    }
    return render(service, conn, viewer, "list.html", here="programme", **known)


def _lost(tried: Tried, chosen: str | None) -> tuple[list[str], str | None]:
    if tried.refusal is None or tried.refusal.code != "slot-taken":
        return [], None
    return [slot.id for slot in tried.near], chosen


def _own(conn: Connection, reader: Reader) -> list[InscriptionView]:
    if reader.actor is None:
        return []
    found = inscriptions_of_person(conn, reader, after=None, limit=_MOST_OWN)
    return [view for view, _ in found if view.status in {"pending", "allotted"}]


def _waits(conn: Connection, reader: Reader, list_id: str) -> WaitingView | None:
    """Her place among those who wait for one in this list."""
    if reader.actor is None:
        return None
    found = waiting_of_person(conn, str(reader.actor.id), after=None, limit=_MOST_OWN)
    return next((each for each, _ in found if each.list == list_id and each.status in {"waiting", "offered"}), None)


def _grids(
    conn: Connection, reader: Reader, times: Times, of: tuple[ListView, MeetingEvent], marks: Chosen
) -> list[Grid]:
    """The list's grid, and those of the session's other timed lists on the same item."""
    view, meeting = of
    if view.allocation != "timed":
        return []
    found = [(view, meeting)]
    if view.item is not None:
        for other in meeting_events(conn, session=meeting.session_code, item=view.item):
            if not other.cancelled and other.ends_at > times.now:
                lists = queries.lists_of_meeting(conn, reader, other.id, times.now, after=None, limit=_MOST_LISTS)
                found += [
                    (each, other)
                    for each, _ in lists
                    if each.id != view.id and (each.item, each.allocation) == (view.item, "timed")
                ]
    return [grid(times, each, held, _slots(conn, reader, each.id), marks) for each, held in found]


def _slots(conn: Connection, reader: Reader, list_id: str) -> list[SlotView]:
    slots: list[SlotView] = []
    after = None
    while True:
        found = slot_queries.slots_of_list(conn, reader, list_id, after=after, limit=_PAGE)
        slots += [slot for slot, _ in found]
        if len(found) < _PAGE:
            return slots
        after = slots[-1].position, slots[-1].id


def _seen(times: Times, meeting: MeetingEvent, slot: SlotView | None) -> Seen | None:
    return times.stretch(slot.starts_at, slot.ends_at, meeting.timezone, meeting.city) if slot else None


def _own_slot(
    conn: Connection, reader: Reader, times: Times, meeting: MeetingEvent, slot_id: str | None
) -> Seen | None:
    return _seen(times, meeting, slot_queries.one_slot(conn, reader, slot_id)[0]) if slot_id else None


def _apart(slot: SlotView, about: SlotView | None) -> int:
    """Minutes after the slot that was wanted, negative before it."""
    return int((slot.starts_at - about.starts_at).total_seconds()) // 60 if about else 0


def _spoken(meeting: MeetingEvent, locale: Locale) -> list[tuple[str, str]]:
    """The languages to choose from, by their names: the meeting's first."""
    tags = dict.fromkeys([*meeting.languages, *OWN_NAMES])
    return [(tag, str(locale.languages.get(tag, tag))) for tag in tags]
