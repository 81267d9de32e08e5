"""`/me`: her turns with a countdown, what waits for her answer, her calendar addresses, and how she is told."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.door import keys_of
from api.pages.cities import describe
from api.pages.door import pages, signed
from api.pages.own_rail import OwnRail, around, day_of_quiet
from api.pages.rendering import READ, html, render
from api.pages.times import Times
from api.pages.turns import Turn, turns_of, waits_of
from api.pages.viewer import Viewer, viewer_of
from api.web.lapsing import let_offers_lapse
from api.web.service import Service, service_of
from scheduler.lists.calendar import slot_events
from scheduler.lists.inscription_queries import inscriptions_of_person
from scheduler.lists.waiting_queries import waiting_of_person
from scheduler.notices.queries import DueView, reminders
from scheduler.people import queries
from scheduler.people.permission import Actor
from scheduler.people.rules import LEAD_MINUTES
from scheduler.people.views import MeView
from scheduler.storage.connection import Connection
from scheduler.subscriptions.choices import acts_for, choices
from scheduler.subscriptions.feeds import with_reading
from scheduler.subscriptions.queries import feeds as feeds_of

router = pages()
_MOST, _MOST_MAILS = 500, 100


@router.api_route("/me", methods=READ)
async def me(request: Request) -> Response:
    """Everything of hers on one page."""
    signed(request)
    return await page(request)


async def page(request: Request, **more: Any) -> Response:
    """The page, with what was just made or asked on it: `fresh`, `cities`, `asked`."""
    service, viewer = service_of(request), viewer_of(request)
    await let_offers_lapse(service)
    keys = keys_of(request)

    def body(conn: Connection) -> bytes:
        known = _known(service, conn, viewer, signed(request))
        known["sign_ins"] = keys.with_use(known["sign_ins"])
        empty: dict[str, Any] = {"fresh": None, "cities": None, "asked": ""}
        return render(service, conn, viewer, "me.html", here="me", **known | empty | more)

    return html(await service.reads.long(body))


def _known(service: Service, conn: Connection, viewer: Viewer, actor: Actor) -> dict[str, Any]:
    person, reader = str(actor.id), viewer.reader(conn)
    profile = queries.me(conn, person)
    times = Times(viewer.language, service.clock.now(), viewer.zone or profile.timezone)
    found = [view for view, _ in inscriptions_of_person(conn, reader, after=None, limit=_MOST)]
    waiting = [entry for entry, _ in waiting_of_person(conn, person, after=None, limit=_MOST)]
    turns = turns_of(conn, reader, times, found, slot_events(conn, reader, person=person))
    ahead = [turn for turn in turns if not turn.over]
    venue = next(iter(ahead or turns), None)
    read = service.feed_readings
    mirrored = viewer.direction == "rtl"
    return {
        "profile": profile,
        "ahead": ahead,
        "behind": [turn for turn in turns if turn.over][::-1],
        "waits": waits_of(conn, reader, times, waiting, found),
        "rail": _rail(conn, times, profile, ahead, mirrored=mirrored),
        "quiet_rail": day_of_quiet(times, profile.timezone, profile.quiet_hours, mirrored=mirrored),
        "feeds": [with_reading(each, read.get(each.id)) for each in feeds_of(conn, person, limit=_MOST)],
        "choices": choices(conn, actor, times.now.date().isoformat()),
        "acts_for": acts_for(conn, actor),
        "sign_ins": queries.sign_ins(conn, person, times.now, limit=_MOST),
        "own_sign_in": viewer.signed.sign_in if viewer.signed else None,
        "leads": sorted({*LEAD_MINUTES, *profile.lead_minutes}, reverse=True),
        "city": describe(profile.timezone, viewer.language),
        "clocks": times.pair(venue.event.timezone, venue.event.city) if venue else times.pair(profile.timezone, None),
    }


def _rail(conn: Connection, times: Times, profile: MeView, ahead: Sequence[Turn], *, mirrored: bool) -> OwnRail | None:
    """The hours around her next turn; None where there is none."""
    if not ahead:
        return None
    first = ahead[0]
    mails = [each.due_at for each in reminders(conn, profile.id, limit=_MOST_MAILS) if _is_to_come(each, first)]
    return around(times, first, ahead[1:], mails, profile.quiet_hours, mirrored=mirrored)


def _is_to_come(mail: DueView, turn: Turn) -> bool:
    return mail.status == "planned" and mail.rule == "slot-soon" and mail.subject.id == turn.inscription.id
