"""Slots of a list, and booking one: shapes above, routes below."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Discriminator, Tag
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make, make_together
from api.auth.door import OpenDoor, SignedDoor, actor_of, signed_of
from api.resources.inscriptions import SpokenLanguage
from api.web.answers import answer, known_zone, nothing, page, seen
from api.web.documented import Page, documented
from api.web.lapsing import let_offers_lapse
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.paths import an_id
from api.web.service import service_of
from api.web.shapes import UNSENT, Category, Id, Line, Mode, OptionalLine, PositiveSeconds, Shape, Version, Zone
from scheduler.clock.civil import Viewer
from scheduler.lists import booking, placing, slot_queries, turns, withdrawing
from scheduler.lists.booking import Booking, Wish
from scheduler.lists.place import NO_LIST
from scheduler.lists.placing import NewTurn
from scheduler.lists.slot_queries import NO_SLOT
from scheduler.lists.turns import Interlude
from scheduler.lists.views import InscriptionView, SlotView
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.storage.writer import Tx


class InterludeIn(Shape):
    """A panel or a break, `seconds` long, behind the slot `after`; null puts it before all."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "break", "title": "Coffee", "seconds": 900}]})

    kind: Literal["panel", "break"]
    title: Line | None = None
    seconds: PositiveSeconds
    after: Id | None = None


class TurnIn(Shape):
    """A turn for a pending inscription (an id): behind the slot `after`; null puts it first, and without it it is last.

    `seconds` default to what was asked for, as far as the list gives it to this category.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"inscription": "c0ffee00-0000-4000-8000-000000000000", "seconds": 120}]}
    )

    inscription: Id
    seconds: PositiveSeconds | None = None
    after: Id | None = None


def _which(sent: Any) -> str:
    return "(turn)" if isinstance(sent, dict) and "inscription" in sent else "(interlude)"


NewSlot = Annotated[
    Annotated[InterludeIn, Tag("(interlude)")] | Annotated[TurnIn, Tag("(turn)")], Discriminator(_which)
]


class MoveIn(Shape):
    """Behind which other slot of the list; null puts it before all that were not called yet."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"after": None, "expected_version": 3}]})

    after: Id | None
    expected_version: Version | None = None


class ReservedForIn(Shape):
    """Whom a slot is kept for; all that is set must fit. `organisation` is an id."""

    category: Category | None = None
    mode: Mode | None = None
    organisation: Id | None = None


class SlotChange(Shape):
    """Changes to a slot: what is absent stays, null clears."""

    title: Line | None = None
    seconds: PositiveSeconds = UNSENT
    reserved_for: ReservedForIn | None = None
    expected_version: Version | None = None


class BookingIn(Shape):
    """How she will speak. `person` (default: herself) and `organisation` (default: the person's own) are ids."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mode": "remote", "language": "es"}]})

    mode: Mode
    language: SpokenLanguage | None = None
    topic: OptionalLine | None = None
    person: Id | None = None
    organisation: Id | None = None


@dataclass(frozen=True, slots=True)
class SlotSeen(SlotView):
    """A slot; with `?tz=` its stretch on that clock."""

    viewer: Viewer | None = None


router = APIRouter(route_class=SignedDoor, tags=["slots"])
public = APIRouter(route_class=OpenDoor, tags=["slots"])
Free = Annotated[bool | None, Query(description="Only free slots, or only those that are not.")]
InMode = Annotated[Mode | None, Query(description="Held by someone who speaks so, or free for it.")]


@public.get("/lists/{list_id}/slots", **documented(Page[SlotSeen], "not-found", "unknown-timezone"))
async def read_slots(
    request: Request,
    list_id: str,
    *,
    free: Free = None,
    mode: InMode = None,
    tz: Zone = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The list's slots by position, with who holds them. Their times follow the meeting's."""
    known_zone(tz)
    await let_offers_lapse(service_of(request))
    after = cursor_key(cursor, (int, str))
    reader = Reader(actor_of(request))
    found = await service_of(request).reads.long(
        lambda conn: slot_queries.slots_of_list(
            conn, reader, an_id(list_id, NO_LIST), after=after, limit=limit + 1, free=free, mode=mode
        )
    )
    rows, following = cut(found, limit, lambda row: (row[0].position, row[0].id))
    return page([seen(view, tz, stretch) for view, stretch in rows], following)


@public.get("/slots/{slot_id}", **documented(SlotSeen, "not-found", "unknown-timezone"))
async def read_slot(request: Request, slot_id: str, tz: Zone = None) -> Response:
    """One slot."""
    known_zone(tz)
    await let_offers_lapse(service_of(request))
    reader = Reader(actor_of(request))
    view, stretch = await service_of(request).reads.short(
        lambda conn: slot_queries.one_slot(conn, reader, an_id(slot_id, NO_SLOT))
    )
    return answer(seen(view, tz, stretch))


@router.post(
    "/lists/{list_id}/slots",
    **documented(
        SlotView,
        *("not-found", "not-allowed", "not-accredited", "over-budget", "remote-budget-exceeded", "not-allowed-now"),
        status=201,
    ),
)
async def add_slot(request: Request, list_id: str, new: NewSlot) -> Response:
    """Puts a panel or a break among the turns, or gives a turn to one who is pending in a queue, also in the meeting.

    Those behind it move by its `seconds` and the list's gap. The session's chair and secretariat may. Free slots at the
    end that have no room any more go; where one that somebody holds would have none: `over-budget` with `slots`.
    """
    if isinstance(new, TurnIn):
        turn = NewTurn(new.inscription, new.seconds, new.after, last="after" not in new.model_fields_set)
        return await make(request, lambda tx, actor: placing.allot(tx, actor, an_id(list_id, NO_LIST), turn))
    interlude = Interlude(new.kind, new.seconds, new.title, new.after)
    return await make(request, lambda tx, actor: turns.put(tx, actor, an_id(list_id, NO_LIST), interlude))


@router.post(
    "/slots/{slot_id}/move",
    **documented(SlotView, "not-found", "not-allowed", "over-budget", "not-allowed-now", "version-conflict"),
)
async def move_slot(request: Request, slot_id: str, to: MoveIn) -> Response:
    """Puts a slot behind another of its list, so that the edit holds although people join meanwhile.

    In a queue those between follow. In a timed list those from the one to the other share their time in the new order;
    nobody else is moved. A later allocation keeps it there if it can. The session's chair and secretariat may.
    """

    def move(tx: Tx, actor: Actor) -> SlotView:
        return placing.move(tx, actor, an_id(slot_id, NO_SLOT), to.after, to.expected_version)

    return answer(await act(request, move))


@router.patch(
    "/slots/{slot_id}",
    **documented(
        SlotView,
        *("not-found", "not-allowed", "mode-not-offered", "over-budget", "remote-budget-exceeded"),
        *("not-allowed-now", "version-conflict"),
    ),
)
async def change_slot(request: Request, slot_id: str, changes: SlotChange) -> Response:
    """Changes a slot's title, whom it is reserved for, or its `seconds`: then those behind it move.

    The session's chair and secretariat may.
    """
    said = changes.model_dump(exclude_unset=True, exclude={"expected_version"})

    def change(tx: Tx, actor: Actor) -> SlotView:
        return turns.change(tx, actor, an_id(slot_id, NO_SLOT), said, changes.expected_version)

    return answer(await act(request, change))


@router.delete("/slots/{slot_id}", **documented(None, "not-found", "not-allowed", "not-allowed-now", status=204))
async def take_out_slot(request: Request, slot_id: str) -> Response:
    """Takes a free slot, a panel or a break out of its list, in a queue also a turn that somebody was given.

    What is behind a panel or a break moves up; a free slot leaves a hole, so that nobody's turn moves. In a queue her
    inscription is pending again, and all behind her move up. The session's chair and secretariat may.
    """
    await act(request, lambda tx, actor: turns.take_out(tx, actor, an_id(slot_id, NO_SLOT)))
    return nothing()


@router.post(
    "/slots/{slot_id}/booking",
    **documented(
        InscriptionView,
        *("not-found", "not-allowed", "not-accredited", "category-not-eligible", "mode-not-offered"),
        *("already-inscribed", "slot-taken", "list-not-open", "list-closed", "list-full"),
        *("remote-budget-exceeded", "not-allowed-now"),
        status=201,
    ),
)
async def book_slot(request: Request, slot_id: str, wanted: BookingIn) -> Response:
    """Books one free slot of a timed list.

    Everyone books for herself, where her organisation's accreditation to the session is approved; focal points for
    their organisation's people; the session's chair and secretariat for anyone accredited. A taken slot: `slot-taken`,
    with up to three free ones in `nearest`. A second try in the same list: `already-inscribed`.
    """
    slot = an_id(slot_id, NO_SLOT)
    said = Booking(wanted.mode, wanted.language, wanted.topic, wanted.person, wanted.organisation)
    wish = Wish(str(signed_of(request).actor.id), slot, said)
    return await make_together(request, booking.book_together, wish)


@router.delete(
    "/slots/{slot_id}/booking", **documented(None, "not-found", "not-allowed", "not-allowed-now", status=204)
)
async def withdraw_booking(request: Request, slot_id: str) -> Response:
    """Withdraws whoever booked this slot; it is free again. Whoever may act for the speaker may."""
    await act(request, lambda tx, actor: withdrawing.withdraw_booking(tx, actor, an_id(slot_id, NO_SLOT)))
    return nothing()
