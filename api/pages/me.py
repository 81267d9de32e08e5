"""`/me`: her turns with a countdown, what waits for her answer, her calendar addresses, and how she is told."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.auth.cookie import COOKIE, forget
from api.auth.door import keys_of
from api.pages.cities import describe, find
from api.pages.door import pages, said, see, signed, ticked
from api.pages.rendering import READ, html, render
from api.pages.subscribing import subscribe
from api.pages.times import Seen, Times
from api.pages.viewer import LANGUAGE, ZONE, Viewer, viewer_of
from api.web.lapsing import let_offers_lapse
from api.web.paths import an_id
from api.web.service import Service, service_of
from api.web.translations import languages
from scheduler.clock.zones import ZONE_NAMES, parse_time
from scheduler.errors import Meaningless
from scheduler.lists import queries as lists
from scheduler.lists import swapping
from scheduler.lists.calendar import slot_events
from scheduler.lists.events import SlotEvent
from scheduler.lists.inscription_queries import NO_INSCRIPTION, inscriptions_of_person
from scheduler.lists.slot_queries import one_slot
from scheduler.lists.views import InscriptionView, ListView, WaitingView
from scheduler.lists.waiting_queries import waiting_of_person
from scheduler.people import persons, queries, tokens
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.people.rules import LEAD_MINUTES, LIST_RULES, TURN_RULES
from scheduler.people.views import QuietHours
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx
from scheduler.subscriptions import feeds
from scheduler.subscriptions.feeds import NewFeed, with_reading
from scheduler.subscriptions.queries import feeds as feeds_of

router = pages()
_MOST = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of hers. `swap` is the proposal that is open for it, `theirs` when the other turn is."""

    inscription: InscriptionView
    event: SlotEvent
    when: Seen
    left: str
    theirs: Seen | None

    @property
    def over(self) -> bool:
        """Whether nothing can be done about it any more."""
        return self.event.cancelled or not self.left


@dataclass(frozen=True, slots=True)
class Waits:
    """A place that she waits for, among those who wait or until the chair allots the turns."""

    view: ListView
    entry: WaitingView | None
    inscription: InscriptionView | None


@router.api_route("/me", methods=READ)
async def me(request: Request) -> Response:
    """Everything of hers on one page."""
    signed(request)
    return await _page(request)


@router.post("/me/feeds")
async def make_feed(request: Request) -> Response:
    """Makes a private calendar address and shows it, this once."""
    organisation = said(request).get("scope") == "organisation"
    wanted = NewFeed("organisation" if organisation else "mine", include=("deadlines",))
    _, secret = await act(request, lambda tx, actor: feeds.make(tx, actor, wanted))
    path = f"/calendars/private/{secret}.ics"
    return await _page(request, fresh=subscribe(service_of(request).settings.base_url, path, "Rostrum"))


@router.post("/me/feeds/{feed_id}/revoke")
async def revoke_feed(request: Request, feed_id: str) -> Response:
    """Revokes one of her addresses."""
    await act(request, lambda tx, actor: feeds.revoke(tx, actor, feed_id))
    return see("/me#feeds")


@router.post("/me/sign-ins/{sign_in_id}/end")
async def end_sign_in(request: Request, sign_in_id: str) -> Response:
    """Ends one of her sign-ins."""
    await act(request, lambda tx, actor: tokens.end(tx, actor, sign_in_id))
    answer = see("/me#sign-ins")
    own = viewer_of(request).signed
    if own is not None and own.sign_in == sign_in_id:
        forget(answer, COOKIE)
    return answer


@router.post("/me/reminders")
async def change_reminders(request: Request) -> Response:
    """Which reminders she gets, and when she is left alone."""
    chosen = ticked(request)
    quiet = [said(request).get(name, "") for name in ("quiet_start", "quiet_end")]
    for each in filter(None, quiet):
        parse_time(each, field="quiet_hours")
    changes: dict[str, Any] = {
        "lead_minutes": [int(each) for each in chosen.get("lead", []) if each.isdecimal()],
        "list_rules": [each for each in LIST_RULES if each in chosen.get("list_rules", [])],
        "turn_rules": [each for each in TURN_RULES if each in chosen.get("turn_rules", [])],
        "quiet_hours": QuietHours(quiet[0], quiet[1]) if all(quiet) else None,
        "quiet_own_turn": "still_tell" not in chosen,
    }
    await act(request, lambda tx, actor: persons.change_own(tx, actor, changes))
    return see("/me#reminders")


@router.post("/me/clock")
async def change_clock(request: Request) -> Response:
    """Her clock and language, for all browsers and letters: what this browser chose for itself is forgotten."""
    fields, viewer = said(request), viewer_of(request)
    city, zone, language = fields.get("city", ""), fields.get("zone", ""), fields.get("language", "")
    found = find(city, viewer.language) if city.strip() else []
    zones = {each.zone for each in found}
    chosen = zone if zone in ZONE_NAMES else (found[0].zone if len(zones) == 1 else None)
    if city.strip() and chosen is None:
        return await _page(request, cities=found, asked=city)
    changes = {"timezone": chosen, "language": language if language in languages() else None}
    await act(request, lambda tx, actor: persons.change_own(tx, actor, {k: v for k, v in changes.items() if v}))
    answer = see("/me#clock")
    for choice in (ZONE, LANGUAGE):
        forget(answer, choice)
    return answer


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
    return see("/me")


async def _page(request: Request, **more: Any) -> Response:
    service, viewer = service_of(request), viewer_of(request)
    await let_offers_lapse(service)
    keys = keys_of(request)

    def body(conn: Connection) -> bytes:
        known = _known(service, conn, viewer)
        known["sign_ins"] = keys.with_use(known["sign_ins"])
        empty: dict[str, Any] = {"fresh": None, "cities": None, "asked": ""}
        return render(service, conn, viewer, "me.html", here="me", **known | empty | more)

    return html(await service.reads.long(body))


def _known(service: Service, conn: Connection, viewer: Viewer) -> dict[str, Any]:
    actor = viewer.actor
    person = str(actor.id) if actor else ""
    profile = queries.me(conn, person)
    reader, times = viewer.reader(conn), Times(viewer.language, service.clock.now(), viewer.zone or profile.timezone)
    turns = _turns(conn, reader, times)
    ahead = [turn for turn in turns if not turn.over]
    venue = next(iter(ahead or turns), None)
    read = service.feed_readings
    own = {scope for scope in ("organisation",) if actor and actor.focal_organisations()}
    return {
        "profile": profile,
        "ahead": ahead,
        "behind": [turn for turn in turns if turn.over][::-1],
        "waits": _waits(conn, reader, times),
        "feeds": [with_reading(each, read.get(each.id)) for each in feeds_of(conn, person, limit=_MOST)],
        "scopes": ["mine", *sorted(own)],
        "sign_ins": queries.sign_ins(conn, person, times.now, limit=_MOST),
        "own_sign_in": viewer.signed.sign_in if viewer.signed else None,
        "leads": sorted({*LEAD_MINUTES, *profile.lead_minutes}, reverse=True),
        "city": describe(profile.timezone, viewer.language),
        "clocks": times.pair(venue.event.timezone, venue.event.city) if venue else times.pair(profile.timezone, None),
    }


def _turns(conn: Connection, reader: Reader, times: Times) -> list[Turn]:
    """Her turns, by start."""
    person = str(reader.actor.id) if reader.actor else ""
    found = {view.id: view for view, _ in inscriptions_of_person(conn, reader, after=None, limit=_MOST)}
    events = {event.id: event for event in slot_events(conn, reader, person=person) if event.id in found}
    return [
        Turn(
            found[event.id],
            event,
            times.stretch(event.starts_at, event.ends_at, event.timezone, event.city),
            times.until(event.starts_at),
            _other(conn, reader, times, found[event.id], event),
        )
        for event in events.values()
    ]


def _other(conn: Connection, reader: Reader, times: Times, view: InscriptionView, event: SlotEvent) -> Seen | None:
    """When the turn is that a swap would give her."""
    if view.swap is None:
        return None
    slot, _ = one_slot(conn, reader, view.swap["slot"])
    return times.stretch(slot.starts_at, slot.ends_at, event.timezone, event.city)


def _waits(conn: Connection, reader: Reader, times: Times) -> list[Waits]:
    person = str(reader.actor.id) if reader.actor else ""
    found = [
        Waits(lists.list_view(conn, entry.list, times.now), entry, None)
        for entry, _ in waiting_of_person(conn, person, after=None, limit=_MOST)
        if entry.status in {"waiting", "offered"}
    ]
    pending = [
        Waits(lists.list_view(conn, view.list, times.now), None, view)
        for view, _ in inscriptions_of_person(conn, reader, after=None, limit=_MOST)
        if view.status == "pending"
    ]
    return [*found, *pending]
