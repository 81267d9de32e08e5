"""A participant in Auckland finds the programme, subscribes and takes a slot, with scripting and without."""

from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from scheduler.accreditation.actions import ask
from scheduler.lists import booking, drawing_up, opening
from scheduler.lists.booking import Booking
from scheduler.lists.particulars import NewList
from scheduler.people.permission import OPERATOR
from scheduler.storage.writer import Tx
from tests.browser.sitting import meetings_of_the_day
from tests.browser.world import LAURA, PHONE, Look, World
from tests.makers.speaking import slots

QIAN, ZONE = "qian.lopes.17@example.org", "Pacific/Auckland"
LIST = "General provisions, booked slots"


@pytest.fixture
async def speakers(here: World) -> str:
    """An open list of the afternoon, 15:00 in Vienna and 01:00 the next day in Auckland: twelve slots of 15 minutes."""
    qian, laura = await here.person(QIAN), await here.person(LAURA)

    def make(tx: Tx) -> str:
        for organisation in (qian.organisation, laura.organisation):
            ask(tx, OPERATOR, "ahc-2", str(organisation), status="approved")
        _, afternoon = meetings_of_the_day(tx.conn)
        made = drawing_up.add(tx, OPERATOR, afternoon, NewList(LIST, "timed", slot_seconds=900))
        opening.open_list(tx, OPERATOR, made.id)
        return made.id

    return await here.do(make)


async def from_the_programme(page: Page) -> None:
    """Finds the list as who comes for the first time would."""
    await page.goto("/")
    await page.locator("main").get_by_role("link", name="Second session").first.click()
    await page.locator("#lists li", has_text=LIST).get_by_role("link", name="Take a slot").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(LIST)


async def takes(page: Page, time: str) -> None:
    """Takes the slot of this hour, remotely."""
    await page.get_by_role("link", name=f"{time} free").click()
    await page.get_by_label("Remote").check(force=True)
    await page.get_by_label("Topic, one line").fill("Article 41")
    await page.get_by_role("button", name=f"Confirm {time}").click()


@pytest.mark.parametrize("scripting", [True, False], ids=["scripting", "no scripting"])
@pytest.mark.parametrize("look", [Look("desktop"), PHONE], ids=["desktop", "phone"])
async def test_auckland_takes_a_slot_on_its_own_clock(
    here: World, speakers: str, look: Look, *, scripting: bool
) -> None:
    async with here.visit(QIAN, look, java_script_enabled=scripting) as page:
        await from_the_programme(page)
        await takes(page, "02:30")

        await expect(page.get_by_text("The slot is yours.")).to_be_visible()
        assert "02:30 to 02:45" in await page.locator("main").inner_text()
        assert "16:30" in await page.locator("main").inner_text()

    seen = await here.service.reads.short(lambda conn: slots(conn, speakers))
    assert [(row["position"], row["status"]) for row in seen if row["status"] != "free"] == [(7, "booked")]


async def test_link_to_subscribe_leads_to_the_calendar_of_the_session(here: World) -> None:
    async with here.visit(QIAN) as page:
        await page.goto("/sessions/ahc-2")
        address = await page.get_by_role("link", name="Any app (webcal)").get_attribute("href")

    assert address is not None
    async with httpx.AsyncClient() as client:
        feed = (await client.get(address.replace("webcal://", "http://"))).text
    assert feed.startswith("BEGIN:VCALENDAR\r\n")
    assert "DTSTART;TZID=Europe/Vienna:20220608T150000\r\n" in feed
    assert feed.count("BEGIN:VEVENT") == 20


async def test_slot_that_another_takes_turns_taken_under_ones_eyes(here: World, speakers: str) -> None:
    laura = await here.person(LAURA)
    rows: list[dict[str, Any]] = await here.service.reads.short(lambda conn: slots(conn, speakers))
    async with here.visit(QIAN) as page:
        await page.goto(f"/lists/{speakers}")
        chip = page.locator(f"#slot-{rows[3]['id']}")
        await expect(chip).to_contain_text("free")

        await here.do(lambda tx: booking.book(tx, laura, rows[3]["id"], Booking("remote")))

        await expect(chip).to_contain_text("taken")
        assert await chip.evaluate("(node) => node.tagName") == "SPAN"


async def test_who_was_slower_is_led_to_the_nearest_free_slot(here: World, speakers: str) -> None:
    laura = await here.person(LAURA)
    rows: list[dict[str, Any]] = await here.service.reads.short(lambda conn: slots(conn, speakers))
    async with here.visit(QIAN) as page:
        await page.goto(f"/lists/{speakers}?slot={rows[3]['id']}")
        await page.get_by_label("Topic, one line").fill("Kept words")
        await here.do(lambda tx: booking.book(tx, laura, rows[3]["id"], Booking("remote")))
        await page.get_by_role("button", name="Confirm 01:45").click()

        await expect(page.get_by_role("alert")).to_contain_text("Someone was faster. 01:45 is taken.")
        await expect(page.locator(".nearest a").first).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Topic, one line")).to_have_value("Kept words")
        await page.get_by_role("button", name="Confirm 01:30").click()
        await expect(page.get_by_text("The slot is yours.")).to_be_visible()
