"""One's own page, and a focal point's: with nothing ahead; while a meeting sits, with a swap and a slot offered."""

from collections.abc import AsyncIterator

from playwright.async_api import Page
from sqlalchemy import select

from scheduler.lists import booking, drawing_up, opening, swapping, waiting, withdrawing
from scheduler.lists.booking import Booking
from scheduler.lists.particulars import NewList
from scheduler.lists.place import Rows, meeting, session
from scheduler.lists.views import InscriptionView
from scheduler.people import persons, queries
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.views import QuietHours
from scheduler.storage.writer import Tx
from tests.browser.sitting import sit
from tests.browser.states import State
from tests.browser.world import FOCAL_POINT, LAURA, SEFINA, World
from tests.makers import speaking

_ON_FRIDAY = Rows(
    select(meeting.c.id)
    .join(session, session.c.id == meeting.c.session_id)
    .where(session.c.code == "ahc-2", meeting.c.date == "2022-06-10")
    .order_by(meeting.c.number)
)


async def states(here: World) -> AsyncIterator[State]:
    """Before and while the meeting sits."""
    yield State("me-empty", "/me", "chair@example.org")
    await sit(here)
    await here.do(_settle)
    yield State("me", "/me", SEFINA)
    yield State("me-feed-made", "/me", SEFINA, first=_make_feed)
    yield State("me-organisation", await _organisation(here), FOCAL_POINT)


async def _make_feed(page: Page) -> None:
    await page.locator("#feeds form.how-told button").click()
    await page.wait_for_selector("code.secret")


async def _organisation(here: World) -> str:
    actor = await here.person(FOCAL_POINT)
    return f"/me/organisations/{min(actor.focal_organisations())}"


def _settle(tx: Tx) -> None:
    """Quiet hours, a turn on Friday for which a swap is offered, and a slot that was freed for her."""
    sefina, laura = (_person(tx, email) for email in (SEFINA, LAURA))
    persons.change_own(tx, sefina, {"quiet_hours": QuietHours("22:30", "06:00")})
    morning, afternoon = (row["id"] for row in _ON_FRIDAY.all(tx.conn)[:2])
    hers = _booked(tx, afternoon, sefina, 3)
    theirs = booking.book(tx, laura, _slots(tx, hers.list)[7], Booking("remote"))
    swapping.propose(tx, laura, theirs.id, hers.id)
    held = _booked(tx, morning, laura, 0, capacity=1)
    waiting.join(tx, sefina, held.list, Booking("remote"))
    withdrawing.withdraw(tx, laura, held.id)


def _person(tx: Tx, email: str) -> Actor:
    return queries.actor(tx.conn, str(queries.by_address(tx.conn, email)))


def _slots(tx: Tx, list_id: str) -> list[str]:
    return [row["id"] for row in speaking.slots(tx.conn, list_id)]


def _booked(tx: Tx, of: str, actor: Actor, place: int, capacity: int | None = None) -> InscriptionView:
    """Her slot in a new timed list of a meeting."""
    new = NewList("Statements", "timed", slot_seconds=240, gap_seconds=60, capacity=capacity)
    made = drawing_up.add(tx, OPERATOR, of, new)
    opening.open_list(tx, OPERATOR, made.id)
    return booking.book(tx, actor, _slots(tx, made.id)[place], Booking("video", topic="Closing statement"))
