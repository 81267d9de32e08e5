"""`/me/organisations/{id}`: an organisation's turns, people and open lists, for the focal point who acts for it."""

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response

from api.pages.door import pages, signed
from api.pages.rendering import READ, html, render
from api.pages.sittings import List, by_time, lists_of
from api.pages.times import Times
from api.pages.turns import turns_of, waits_of
from api.pages.viewer import Viewer, viewer_of
from api.web.lapsing import let_offers_lapse
from api.web.paths import an_id
from api.web.service import Service, service_of
from scheduler.accreditation.queries import approved_sessions
from scheduler.lists.calendar import slot_events
from scheduler.lists.inscription_queries import inscriptions_of_organisation
from scheduler.lists.waiting_queries import waiting_of_organisation
from scheduler.people import queries
from scheduler.people.reader import Reader
from scheduler.programme.calendar import meeting_events
from scheduler.programme.queries import sessions
from scheduler.storage.connection import Connection

router = pages()
_MOST, _MOST_SESSIONS, _MOST_MEETINGS = 1_000, 500, 40


@router.api_route("/me/organisations/{organisation_id}", methods=READ)
async def organisation(request: Request, organisation_id: str) -> Response:
    """What she sees of her own on `/me`, of the organisation; the secretariat too."""
    signed(request)
    service, viewer, id_ = (
        service_of(request),
        viewer_of(request),
        an_id(organisation_id, "There is no such organisation."),
    )
    await let_offers_lapse(service)
    return html(await service.reads.long(lambda conn: _body(service, conn, viewer, id_)))


def _body(service: Service, conn: Connection, viewer: Viewer, organisation_id: str) -> bytes:
    times, reader = Times(viewer.language, service.clock.now(), viewer.zone), viewer.reader(conn)
    of = queries.organisation(conn, organisation_id)
    found = [view for view, _ in inscriptions_of_organisation(conn, reader, of.id, after=None, limit=_MOST)]
    waiting = waiting_of_organisation(conn, reader, of.id)
    turns = turns_of(conn, reader, times, found, slot_events(conn, reader, organisation=of.id))
    ahead = [turn for turn in turns if not turn.over]
    venue = next(iter(ahead or turns), None)
    return render(
        service,
        conn,
        viewer,
        "organisation.html",
        here="me",
        of=of,
        people=queries.people_of(conn, viewer.actor, of.id),
        turns_each=Counter(turn.inscription.person.id for turn in ahead),
        ahead=ahead,
        behind=[turn for turn in turns if turn.over][::-1],
        waits=waits_of(conn, reader, times, waiting, found),
        lists=by_time(_open_lists(conn, reader, times, of.id)),
        clocks=times.pair(venue.event.timezone, venue.event.city) if venue else times.pair("UTC", None),
    )


def _open_lists(conn: Connection, reader: Reader, times: Times, organisation_id: str) -> list[List]:
    """The lists that are open, of meetings to come in sessions that it is accredited to."""
    approved = approved_sessions(conn, organisation_id)
    codes = [each.code for each in sessions(conn, reader, limit=_MOST_SESSIONS) if each.id in approved]
    coming = [
        each
        for code in codes
        for each in meeting_events(conn, session=code)
        if each.ends_at > times.now and not each.cancelled
    ]
    coming.sort(key=lambda each: each.starts_at)
    found = [of for each in coming[:_MOST_MEETINGS] for of in lists_of(conn, reader, times, each)]
    return [each for each in found if each.view.status == "open"]
