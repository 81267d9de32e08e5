"""The secretariat's pages: its desk, changes looked at before they are made, files, forms with and without faults."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

from playwright.async_api import FilePayload, Page

from scheduler.accreditation import actions
from scheduler.accreditation.queries import accreditations
from scheduler.outbox.actions import plan
from scheduler.outbox.queries import rows
from scheduler.outbox.tables import Due
from scheduler.outbox.views import PlannedDue
from scheduler.people.permission import OPERATOR
from scheduler.people.queries import people as everybody
from scheduler.people.reader import Reader
from scheduler.storage.writer import Tx
from tests.browser.sitting import gathered
from tests.browser.states import State, as_it_is
from tests.browser.world import CHAIR, SECRETARIAT, World

ROOT = "/secretariat"
SESSION = f"{ROOT}/sessions/ahc-2"
EVENING = "date=2022-06-10&start=19:00&end=22:00&room=Boardroom+D&note=The+hall+is+needed+on+Wednesday+morning."
PROGRAMME = b"""
[[bodies]]
code = "council"
name = "The Council"

[[sessions]]
code = "council-1"
body = "council"
title = "First session"
timezone = "America/Toronto"
starts_on = 2022-09-05
ends_on = 2022-09-09
items = [{ number = "1", title = "Opening" }]
days = [{ first = 2022-09-05, last = 2022-09-09, at = [["10:00", "13:00"], ["15:00", "18:00"]] }]
"""
PEOPLE = b"""email,name,organisation,category
ada@example.org,Ada Example,Rights in Space,ngo
laura.rojas@example.org,Laura R.,,
"""
_SENT_AT = datetime(2022, 6, 8, 6, tzinfo=UTC)


async def states(world: World) -> AsyncIterator[State]:
    """From the desk to a change looked at, then all that is made and kept there."""
    here = await gathered(world)
    await world.do(_unsettled)
    meeting = f"{ROOT}/meetings/{here.meeting}"
    chair = await world.person(CHAIR)
    for name, path, first in (
        ("secretariat", ROOT, as_it_is),
        ("secretariat-session", SESSION, as_it_is),
        ("secretariat-move", f"{meeting}/move?{EVENING}", as_it_is),
        ("secretariat-move-begun", f"{meeting}/move", as_it_is),
        ("secretariat-move-refused", f"{meeting}/move?date=2022-07-01&start=19:00&end=25:00", as_it_is),
        ("secretariat-cancel", f"{meeting}/cancel", as_it_is),
        ("secretariat-postpone", f"{SESSION}/move?starts_on=2022-06-07", as_it_is),
        ("secretariat-programme", f"{ROOT}/programme", _file("council.toml", PROGRAMME)),
        ("secretariat-programme-faults", f"{ROOT}/programme", _file("council.toml", _faulty())),
        ("secretariat-import", f"{ROOT}/import", _file("people.csv", PEOPLE)),
        ("secretariat-new-session", f"{ROOT}/new-session", as_it_is),
        ("secretariat-session-changed", f"{SESSION}/edit", _wrongly),
        ("secretariat-body", f"{ROOT}/bodies/ahc", as_it_is),
        ("secretariat-agenda", f"{SESSION}/agenda", as_it_is),
        ("secretariat-pattern", f"{SESSION}/meetings/new", _pattern),
        ("secretariat-meeting", meeting, as_it_is),
        ("secretariat-new-list", f"{meeting}/lists/new", as_it_is),
        ("secretariat-list", f"{ROOT}/lists/{here.list}", as_it_is),
        ("secretariat-accreditation", f"{SESSION}/accreditations", _object),
        ("secretariat-people", f"{ROOT}/people", as_it_is),
        ("secretariat-person", f"{ROOT}/people/{chair.id}", as_it_is),
        ("secretariat-erase", f"{ROOT}/people/{chair.id}/erase", as_it_is),
        ("secretariat-organisations", f"{ROOT}/organisations", as_it_is),
        ("secretariat-new-organisation", f"{ROOT}/organisations/new", as_it_is),
        ("secretariat-outbox", f"{ROOT}/outbox", as_it_is),
        ("secretariat-webhook", f"{ROOT}/webhooks", _webhook),
    ):
        yield State(name, path, SECRETARIAT, first=first)


def _unsettled(tx: Tx) -> None:
    """Organisations that ask, and letters in every state."""
    for each in accreditations(tx.conn, Reader(OPERATOR), "ahc-2", limit=2):
        actions.decide(tx, OPERATOR, each.id, {"status": "pending", "note": "Asked on 1 June"})
    people = [each.id for each in everybody(tx.conn, OPERATOR, limit=12)]
    letters = [
        PlannedDue(
            due_key=f"{person}/letter",
            rule="slot-soon",
            channel="mail",
            subject_type="meeting",
            subject_id=person,
            due_at=_SENT_AT + timedelta(minutes=number),
            person_id=person,
        )
        for number, person in enumerate(people)
    ]
    plan(tx, letters, "rostrum.test")
    for due, (status, error) in zip(rows(tx.conn, limit=9), _OUTCOMES * 3, strict=False):
        tx.conn.update(Due, due.id, status=status, attempts=8 if error else 1, last_error=error)


_OUTCOMES = (("failed", "550 No such mailbox"), ("sent", None), ("dropped", "It would have come too late to help."))


def _faulty() -> bytes:
    return PROGRAMME.replace(b"America/Toronto", b"Atlantis").replace(b'"13:00"', b'"25:00"')


def _file(name: str, data: bytes) -> Callable[[Page], Awaitable[None]]:
    async def choose(page: Page) -> None:
        await page.set_input_files("[name=file]", FilePayload(name=name, mimeType="text/plain", buffer=data))
        await page.click("button[value=look]")
        await page.locator(".figures, .faults").first.wait_for()

    return choose


async def _wrongly(page: Page) -> None:
    """Sends what the browser itself would not let go."""
    await page.evaluate("document.querySelector('form.filled').noValidate = true")
    await page.fill("[name=timezone]", "Atlantis")
    await page.fill("[name=title]", "")
    await page.fill("[name=code]", "No Code")
    await page.click("form.filled button.main")
    await page.locator(".fault").first.wait_for()


async def _pattern(page: Page) -> None:
    await page.fill("[name=first]", "2022-06-02")
    await page.fill("[name=last]", "2022-06-08")
    await page.fill("[name='at.1.start']", "15:00")
    await page.fill("[name='at.1.end']", "18:00")
    await page.fill("[name=room]", "Boardroom D")
    await page.click("button[value=look]")
    await page.locator("table").wait_for()


async def _object(page: Page) -> None:
    for box in (await page.locator("[name=accreditations]").all())[:8]:
        await box.check()
    await page.select_option("[name=status]", "objected")
    await page.click("button[value=look]")
    await page.locator(".notice").wait_for()


async def _webhook(page: Page) -> None:
    await page.fill("[name=url]", "https://example.org/hook")
    await page.click("aside button.main")
    await page.locator(".secret").wait_for()
