"""What concerns oneself: shapes above, routes below."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.auth.door import SignedDoor, keys_of, signed_of
from api.web.answers import answer, encode, nothing, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cut, moment_key
from api.web.service import service_of
from api.web.shapes import UNSENT, Language, Line, Shape, Version, WallTime, ZoneName
from scheduler.clock.zones import rfc3339
from scheduler.journal.queries import ChangeView, changes_of_person
from scheduler.lists.inscription_queries import inscriptions_of_person
from scheduler.lists.views import InscriptionView, WaitingView
from scheduler.lists.waiting_queries import waiting_of_person
from scheduler.notices.queries import DueView, reminders
from scheduler.people import persons, queries, tokens
from scheduler.people.reader import Reader
from scheduler.people.rules import ListRule, TurnRule
from scheduler.people.views import MeView, QuietHours, SignInView
from scheduler.storage.connection import Connection
from scheduler.subscriptions.queries import feeds
from scheduler.subscriptions.views import FeedView

router = APIRouter(route_class=SignedDoor, tags=["me"])
_ALL = 1_000_000
Minutes = Annotated[int, Field(strict=True, ge=0, le=10_080)]


_EXAMPLE: JsonDict = {
    "timezone": "Pacific/Apia",
    "lead_minutes": [1440, 60],
    "quiet_hours": {"start": "22:00", "end": "07:00"},
    "list_rules": ["list-opens"],
}


class QuietIn(Shape):
    """From `start` to `end` on your own clock; an `end` not after its `start` is on the next day."""

    start: WallTime
    end: WallTime


class MeChange(Shape):
    """Changes to how you are called and told: what is absent stays, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Line = UNSENT
    timezone: ZoneName = UNSENT
    language: Language = UNSENT
    channels: Annotated[list[Literal["mail"]], Field(max_length=10)] = UNSENT
    lead_minutes: Annotated[list[Minutes], Field(max_length=10, description="Minutes before a start.")] = UNSENT
    quiet_hours: QuietIn | None = None
    quiet_own_turn: Annotated[bool, Field(strict=True)] = UNSENT
    turn_rules: Annotated[
        list[TurnRule],
        Field(
            max_length=10,
            description="What you are told while a meeting sits: that three speakers are before you, that you are next,"
            " that your turn is expected more than ten minutes off what you were last told.",
        ),
    ] = UNSENT
    list_rules: Annotated[list[ListRule], Field(max_length=10)] = UNSENT
    feed_moves_minutes: Annotated[
        int,
        Field(
            strict=True,
            ge=1,
            le=1_440,
            description="While a meeting sits your calendar follows a turn that is expected more than so many minutes"
            " off what it shows, every ten minutes at most.",
        ),
    ] = UNSENT
    slots_by: Annotated[
        Literal["invitation", "feed"], Field(description="Kept for invitations: nothing goes by it yet.")
    ] = UNSENT
    expected_version: Version | None = None

    def said(self) -> dict[str, Any]:
        """What was sent, quiet hours as the acts take them."""
        said = self.sent()
        if self.quiet_hours is not None:
            said["quiet_hours"] = QuietHours(self.quiet_hours.start, self.quiet_hours.end)
        return said


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that is held about a person. `changes` are the journal's entries by her or about her."""

    profile: MeView
    sign_ins: list[SignInView]
    inscriptions: list[InscriptionView]
    waiting: list[WaitingView]
    feeds: list[FeedView]
    reminders: list[DueView]
    changes: list[ChangeView]


@router.get("/me", **documented(MeView))
async def read_me(request: Request) -> Response:
    """You, your roles, and how you are told."""
    person = str(signed_of(request).actor.id)
    return answer(await service_of(request).reads.short(lambda conn: queries.me(conn, person)))


@router.patch("/me", **documented(MeView, "unknown-timezone", "version-conflict"))
async def change_me(request: Request, changes: MeChange) -> Response:
    """Changes your name, zone and language, and how you are told.

    `lead_minutes` say how long before your slot or a meeting you are reminded, `list_rules` whether you are told that
    a list where you may speak opens, and that it closes in 24 hours; `turn_rules` what you are told of your turn while
    the meeting sits; `quiet_hours` hold what can wait, and your own turn where `quiet_own_turn` is true. You alone may.
    """
    return answer(
        await act(request, lambda tx, actor: persons.change_own(tx, actor, changes.said(), changes.expected_version))
    )


@router.get("/me/export", **documented(Export))
async def export_me(request: Request) -> Response:
    """Everything that is held about you, as one document. No secret is in it: none is kept."""
    service, actor = service_of(request), signed_of(request).actor
    now, person = service.clock.now(), str(actor.id)

    def read(conn: Connection) -> bytes:
        inscribed = inscriptions_of_person(conn, Reader(actor), after=None, limit=_ALL)
        export = Export(
            profile=queries.me(conn, person),
            sign_ins=keys_of(request).with_use(queries.sign_ins(conn, person, now, limit=_ALL)),
            inscriptions=[view for view, _ in inscribed],
            waiting=[view for view, _ in waiting_of_person(conn, person, after=None, limit=_ALL)],
            feeds=feeds(conn, person, limit=_ALL),
            reminders=reminders(conn, person, limit=_ALL),
            changes=changes_of_person(conn, person),
        )
        return encode(export)

    return answer(await service.reads.long(read))


@router.get("/me/sign-ins", **documented(Page[SignInView]))
async def read_sign_ins(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Your browsers and tokens, oldest first."""
    after = moment_key(cursor)
    service, person = service_of(request), str(signed_of(request).actor.id)
    now = service.clock.now()
    found = await service.reads.long(lambda conn: queries.sign_ins(conn, person, now, after=after, limit=limit + 1))
    rows, following = cut(found, limit, lambda view: (rfc3339(view.created_at), view.id))
    return page(keys_of(request).with_use(rows), following)


@router.delete("/me/sign-ins/{sign_in_id}", **documented(None, "not-found", status=204))
async def end_sign_in(request: Request, sign_in_id: str) -> Response:
    """Ends one of your sign-ins at once."""
    await act(request, lambda tx, actor: tokens.end(tx, actor, sign_in_id))
    return nothing()
