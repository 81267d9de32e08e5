"""The secretariat moves a meeting in a browser, and what others see follows; the same without scripting."""

import re

from playwright.async_api import Page, expect

from tests.browser.sitting import gathered
from tests.browser.world import SECRETARIAT, SEFINA, World

MOVED = "Moved. Those affected are told."


async def evening(page: Page) -> None:
    await page.fill("[name=date]", "2022-06-10")
    await page.fill("[name=start]", "19:00")
    await page.fill("[name=end]", "22:00")
    await page.fill("[name=room]", "Boardroom D")


async def calendar(page: Page, meeting: str) -> str:
    return await (await page.request.get(f"/calendars/meetings/{meeting}.ics")).text()


async def test_what_a_move_would_do_follows_what_is_written_and_then_it_is_done(here: World) -> None:
    sitting = await gathered(here)
    async with here.visit(SEFINA) as hers, here.visit(SECRETARIAT) as page:
        await hers.goto("/me")
        await expect(hers.locator("main")).to_contain_text("Wed 8 June")
        await page.goto(f"/secretariat/meetings/{sitting.meeting}/move")

        await evening(page)
        await page.fill("[name=note]", "The hall is needed.")
        await page.keyboard.press("Tab")
        await expect(page.locator(".counts")).to_contain_text("8it becomes night")
        await expect(page.locator("#heard")).to_have_text("34 persons are told. It becomes night for 8 persons.")
        await expect(page.locator(".letters")).to_contain_text("Note: The hall is needed.")
        assert "20220608T100000" in await calendar(page, sitting.meeting)
        await page.get_by_role("button", name="Move and tell 34 persons").click()

        await expect(page.locator(".notice.done")).to_have_text(MOVED)
        await hers.reload()
        await expect(hers.locator("main")).to_contain_text("Sat 11 June")
        moved = await calendar(page, sitting.meeting)
        assert re.findall(r"DTSTART;TZID=Europe/Vienna:(\w+)", moved) == ["20220610T190000"]


async def test_a_meeting_is_moved_without_scripting(here: World) -> None:
    sitting = await gathered(here)
    async with here.visit(SECRETARIAT, java_script_enabled=False) as page:
        await page.goto(f"/secretariat/meetings/{sitting.meeting}/move")
        await evening(page)
        await page.get_by_role("button", name="Look again").click()
        await page.get_by_role("button", name="Move and tell 34 persons").click()

        await expect(page.locator(".notice.done")).to_have_text(MOVED)
        assert "20220610T190000" in await calendar(page, sitting.meeting)


async def test_what_is_being_written_stays_while_the_page_follows(here: World) -> None:
    sitting = await gathered(here)
    async with here.visit(SECRETARIAT) as page:
        await page.goto(f"/secretariat/meetings/{sitting.meeting}/move")
        await page.focus("[name=start]")
        for text in ("11:00", "14:00"):
            await page.keyboard.press("ControlOrMeta+A")
            await page.keyboard.type(text, delay=120)
            await page.keyboard.press("Tab")
        await expect(page.locator(".band")).to_contain_text("11:00–14:00")
        assert await page.evaluate("document.activeElement.name") == "room"
