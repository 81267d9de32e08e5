"""What `/lists/{id}` shows: the grid or the queue, and beside it the step that whoever looks is at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from starlette.requests import Request
from starlette.responses import Response

from api.delivery.letters.dates import locale_of
from api.pages.for_whom import for_whom
from api.pages.grid import Chosen, Grid, grid
from api.pages.rendering import OWN_NAMES, html, render
from api.pages.sittings import as_list
from api.pages.times import Seen, Times
from api.pages.viewer import Viewer, viewer_of
from api.web.lapsing import let_offers_lapse
from api.web.paths import an_id
from api.web.problems import status_of
from api.web.service import Service, service_of
from scheduler.errors import NotFound, Refusal
from scheduler.ids import is_id
from scheduler.lists import queries, slot_queries
from scheduler.lists.inscription_queries import inscription_in_list, one_inscription
from scheduler.lists.place import NO_LIST
from scheduler.lists.views import InscriptionView, ListView, SlotView, WaitingView
from scheduler.lists.waiting_queries import waiting_of_person
from scheduler.people.reader import Reader
from scheduler.programme.calendar import meeting_events, one_meeting_event
from scheduler.programme.events import MeetingEvent
from scheduler.storage.connection import Connection

_PAGE, _MOST_LISTS, _MOST_OWN = 200, 50, 500


@dataclass(frozen=True, slots=True)
class Tried:
    """What a form tried and how it was refused: what was written is kept."""

    fields: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def written(self) -> dict[str, str]:
        """What was written for a turn, to be kept while another slot is chosen."""
        return {name: self.fields[name] for name in ("mode", "language", "topic") if self.fields.get(name)}

    @property
    def near(self) -> list[SlotView]:
        """The free slots that the refusal names, nearest first."""
        return list(self.refusal.data.get("nearest") or ()) if self.refusal else []


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a slot, for whom, found how; which inscription is to swap its turn; what was tried, what done."""

    slot: str | None = None
    person: str | None = None
    q: str = ""
    swap: str | None = None
    done: str = ""
    tried: Tried = Tried()


@dataclass(frozen=True, slots=True)
class Swapping:
    """A turn that is to be swapped, with when it is."""

    inscription: InscriptionView
    when: Seen


async def page(request: Request, list_id: str, asked: Asked) -> Response:
    """The page as an answer, with the status of what was refused."""
    service, viewer, id_ = service_of(request), viewer_of(request), an_id(list_id, NO_LIST)
    await let_offers_lapse(service)
    body = await service.reads.long(lambda conn: _body(service, conn, viewer, id_, asked))
    refusal = asked.tried.refusal
    return html(body, status_of(type(refusal)) if refusal else 200)


def _body(service: Service, conn: Connection, viewer: Viewer, list_id: str, asked: Asked) -> bytes:
    times, reader = Times(viewer.language, service.clock.now(), viewer.zone), viewer.reader(conn)
    view, _ = queries.speakers_list(conn, reader, list_id, times.now)
    meeting = one_meeting_event(conn, view.meeting)
    if meeting is None:
        raise NotFound("This list is of a session that is not published yet. Publish it first.")
    choice = for_whom(conn, reader, list_id, asked.person if is_id(asked.person or "") else None, asked.q)
    own = str(reader.actor.id) if reader.actor else None
    person = choice.chosen.person.id if choice and choice.chosen else own
    swapping = _swapping(conn, reader, times, meeting, asked.swap)
    chosen = asked.slot if asked.slot and is_id(asked.slot) else None
    near, lost = _lost(asked.tried, chosen)
    other = choice.chosen if choice else None
    marks = Chosen(
        person=swapping.inscription.person.id if swapping else person,
        chosen=None if lost else chosen,
        lost=lost,
        near=near,
        swapping=swapping is not None,
    )
    grids = _grids(conn, reader, times, (view, meeting), marks)
    turns = [] if view.allocation == "timed" else _slots(conn, reader, list_id)
    every = [chip.slot for each in grids for hour in each.hours for chip in hour.chips] + turns
    picked = next((slot for slot in every if slot.id == chosen), None)
    known: dict[str, Any] = {
        "list": as_list(times, view, meeting),
        "meeting": meeting,
        "clocks": times.pair(meeting.timezone, meeting.city),
        "grids": sorted(grids, key=lambda each: (each.night, each.meeting.starts_at)),
        "turns": turns,
        "choice": choice,
        "for_other": other,
        "kept": urlencode(({"for": other.person.id} if other else {}) | asked.tried.written),
        "swapping": swapping,
        "slot": picked,
        "seen": _seen(times, meeting, picked),
        "near": [(slot, _seen(times, meeting, slot), _apart(slot, picked)) for slot in asked.tried.near],
        "lost": lost,
        "tried": asked.tried,
        "done": asked.done,
        "spoken": _spoken(meeting, locale_of(viewer.language)),
    }
    return render(
        service,
        conn,
        viewer,
        "list.html",
        here="programme",
        **known | _hers(conn, reader, times, meeting, (list_id, person)),
    )


def _lost(tried: Tried, chosen: str | None) -> tuple[list[str], str | None]:
    if tried.refusal is None or tried.refusal.code != "slot-taken":
        return [], None
    return [slot.id for slot in tried.near], chosen


def _hers(
    conn: Connection, reader: Reader, times: Times, meeting: MeetingEvent, of: tuple[str, str | None]
) -> dict[str, Any]:
    """What the speaker in question has in this list: an inscription with its slot, or a place among those who wait."""
    list_id, person = of
    found = inscription_in_list(conn, reader, list_id, person) if person else None
    hers = found if found and found.status in {"pending", "allotted"} else None
    return {
        "hers": hers,
        "own_slot": _own_slot(conn, reader, times, meeting, hers.slot if hers else None),
        "waits": _waits(conn, list_id, person),
    }


def _waits(conn: Connection, list_id: str, person: str | None) -> WaitingView | None:
    """Her place among those who wait for one in this list."""
    if person is None:
        return None
    found = waiting_of_person(conn, person, after=None, limit=_MOST_OWN)
    return next((each for each, _ in found if each.list == list_id and each.status in {"waiting", "offered"}), None)


def _swapping(
    conn: Connection, reader: Reader, times: Times, meeting: MeetingEvent, inscription: str | None
) -> Swapping | None:
    if inscription is None or not is_id(inscription):
        return None
    view = one_inscription(conn, reader, inscription)
    seen = _own_slot(conn, reader, times, meeting, view.slot)
    return Swapping(view, seen) if seen and view.status == "allotted" else None


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
