"""A list of speakers: its grid, a slot to confirm, one just lost; a swap; asked for others; a queue; a full list."""

from collections.abc import AsyncIterator, Awaitable, Callable

from playwright.async_api import Page
from sqlalchemy import select

from scheduler.lists import booking, drawing_up, opening
from scheduler.lists.booking import Booking
from scheduler.lists.particulars import NewList
from scheduler.lists.place import Rows, meeting, session
from scheduler.people import queries
from scheduler.people.permission import OPERATOR
from scheduler.storage.writer import Tx
from tests.browser.sitting import gathered
from tests.browser.states import State
from tests.browser.world import CHAIR, FOCAL_POINT, LAURA, NOW, SEFINA, World
from tests.makers import speaking

_ON_FRIDAY = Rows(
    select(meeting.c.id)
    .join(session, session.c.id == meeting.c.session_id)
    .where(session.c.code == "ahc-2", meeting.c.date == "2022-06-10")
    .order_by(meeting.c.number)
)
_OTHERS = ("anna.dlamini.1", "ben.kaya.2", "carla.rahman.3", "daoud.yilmaz.4", "farid.mbeki.6", "greta.tamang.7")
_BOGOTA, _APIA = "America/Bogota", "Pacific/Apia"


async def states(here: World) -> AsyncIterator[State]:
    """A timed list on Friday, in part booked; then a queue, and a list of one place."""
    sitting = await gathered(here)
    here.clock.set(NOW)
    list_id, slots, hers, full = await here.do(_book)
    path = f"/lists/{list_id}"
    yield State("list-public", path, zone=_BOGOTA)
    yield State("list", path, LAURA, zone=_BOGOTA)
    yield State("list-confirm", f"{path}?slot={slots[10]}", LAURA, zone=_BOGOTA)
    yield State("list-faster", f"{path}?slot={slots[10]}", LAURA, zone=_BOGOTA, first=_confirm_late(slots[9]))
    yield State("list-mine", path, SEFINA, zone=_APIA)
    yield State("list-swap", f"{path}?swap={hers}&slot={slots[6]}", SEFINA, zone=_APIA)
    yield State("list-for-others", path, FOCAL_POINT)
    yield State("list-for-anybody", f"{path}?q=republic", CHAIR)
    yield State("list-full", f"/lists/{full}", LAURA, zone=_BOGOTA)
    yield State("list-queue", f"/lists/{sitting.list}", SEFINA, zone=_APIA)


def _confirm_late(taken: str) -> Callable[[Page], Awaitable[None]]:
    """Confirms a slot that somebody else has by now."""

    async def confirm(page: Page) -> None:
        await page.locator("form.how input[name=slot]").evaluate("(field, slot) => { field.value = slot; }", taken)
        await page.locator("form.how button").click()
        await page.get_by_role("alert").wait_for()

    return confirm


def _book(tx: Tx) -> tuple[str, list[str], str, str]:
    """The list, its slots in order, Sefina's inscription, and the list that is full."""
    morning, afternoon = (row["id"] for row in _ON_FRIDAY.all(tx.conn)[:2])
    timed = _timed(tx, afternoon)
    slots = [row["id"] for row in speaking.slots(tx.conn, timed)]
    for number, name in enumerate(_OTHERS):
        _take(tx, f"{name}@example.org", slots[number * 3], "in_person")
    hers = _take(tx, SEFINA, slots[4])
    full = _timed(tx, morning, capacity=1)
    _take(tx, SEFINA, speaking.slots(tx.conn, full)[0]["id"])
    return timed, slots, hers, full


def _timed(tx: Tx, of: str, capacity: int | None = None) -> str:
    new = NewList("Statements by observers", "timed", slot_seconds=240, gap_seconds=60, capacity=capacity)
    made = drawing_up.add(tx, OPERATOR, of, new)
    opening.open_list(tx, OPERATOR, made.id)
    return made.id


def _take(tx: Tx, email: str, slot: str, mode: str = "remote") -> str:
    person = queries.actor(tx.conn, str(queries.by_address(tx.conn, email)))
    return booking.book(tx, person, slot, Booking(mode, topic="Safeguards")).id
