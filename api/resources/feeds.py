"""Private calendar addresses: shapes above, routes below."""

from dataclasses import dataclass, fields
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import SignedDoor, signed_of
from api.web.answers import nothing, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cut, moment_key
from api.web.service import service_of
from api.web.shapes import Id, Reference, Shape
from scheduler.clock.zones import rfc3339
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from scheduler.subscriptions import feeds, queries
from scheduler.subscriptions.feeds import NewFeed, with_reading
from scheduler.subscriptions.rules import Include, Scope
from scheduler.subscriptions.views import FeedView

router = APIRouter(route_class=SignedDoor, tags=["feeds"])


class NewFeedIn(Shape):
    """What a private feed shall hold.

    `mine`: your own slots. `organisation`: those of the organisation that you act for. `session`: its meetings, with
    the join links that you may have. `chair`: its meetings, lists and speakers.
    """

    scope: Scope
    session: Annotated[
        Reference | None,
        Field(description="Needed for `session` and `chair`; with the others: only slots in it.", examples=["ahc-2"]),
    ] = None
    organisation: Annotated[Id | None, Field(description="With `organisation`, where you act for several.")] = None
    include: list[Include] = Field(
        default_factory=list, max_length=10, description="`deadlines`: when lists open and close, and what is due."
    )


@dataclass(frozen=True, slots=True)
class MadeFeed(FeedView):
    """A feed with its secret address, which is told only this once; null in a repeat."""

    url: str | None = None


@router.get("/me/feeds", **documented(Page[FeedView]))
async def read_feeds(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Your private calendar addresses, oldest first, with when a calendar program last fetched each, and which.

    The addresses themselves are secret and were told when they were made.
    """
    after = moment_key(cursor)
    service, person = service_of(request), str(signed_of(request).actor.id)
    found = await service.reads.short(lambda conn: queries.feeds(conn, person, after=after, limit=limit + 1))
    views = [with_reading(view, service.feed_readings.get(view.id)) for view in found]
    return page(*cut(views, limit, lambda view: (rfc3339(view.created_at), view.id)))


@router.post("/me/feeds", **documented(MadeFeed, "not-found", "not-allowed", status=201))
async def make_feed(request: Request, wanted: NewFeedIn) -> Response:
    """Makes a private calendar address of your own: `url`, told only here. Whoever has it can read the calendar.

    Yourself: `mine` and `session` (which join links are in it is decided meeting by meeting). The focal point:
    `organisation`. Chairs of the session and the secretariat: `chair`.
    """
    new = NewFeed(wanted.scope, wanted.session, wanted.organisation, tuple(wanted.include))
    base_url = service_of(request).settings.base_url

    def make_it(tx: Tx, actor: Actor) -> MadeFeed:
        view, secret = feeds.make(tx, actor, new)
        said = {field.name: getattr(view, field.name) for field in fields(view)}
        return MadeFeed(**said, url=f"{base_url}/calendars/private/{secret}.ics")

    return await make(request, make_it, secret="url")  # noqa: S106  -- the member's name


@router.delete("/me/feeds/{feed_id}", **documented(None, "not-found", status=204))
async def revoke_feed(request: Request, feed_id: str) -> Response:
    """Revokes one of your private calendar addresses at once: it answers 404 from then on."""
    await act(request, lambda tx, actor: feeds.revoke(tx, actor, feed_id))
    return nothing()
