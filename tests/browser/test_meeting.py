"""A meeting's page and the hall's screen follow the floor by themselves."""

from datetime import timedelta

from playwright.async_api import expect

from tests.browser.sitting import sit
from tests.browser.world import NOW, SEFINA, World


async def test_page_and_screen_follow_a_call(here: World) -> None:
    sitting = await sit(here)
    path = f"/meetings/{sitting.meeting}"
    async with here.visit(SEFINA) as page, here.visit() as screen:
        await page.goto(path)
        await screen.goto(f"{path}/screen")
        first = await page.locator("#rows .who b").first.inner_text()
        await expect(screen.get_by_role("heading", level=1)).to_have_text("Women and Law Network")

        await sitting.do(NOW + timedelta(seconds=60), "call")

        await expect(page.locator('.the-floor [data-f="speaks"]')).to_have_text(first)
        await expect(page.locator("#rows .who b").first).not_to_have_text(first)
        await expect(screen.get_by_role("heading", level=1)).to_have_text(first)


async def test_folded_rows_are_shown_with_scripting_and_without(here: World) -> None:
    sitting = await sit(here)
    for scripting in (True, False):
        async with here.visit(SEFINA, java_script_enabled=scripting) as page:
            await page.goto(f"/meetings/{sitting.meeting}")
            if scripting:
                await expect(page.locator("#rows .folded").first).to_be_visible()
            await page.locator("#rows").get_by_role("link", name="Show").first.click()

            await expect(page.locator("#rows > li[data-slot]")).to_have_count(25)


async def test_who_is_remote_says_on_the_page_that_she_is_ready(here: World) -> None:
    sitting = await sit(here)
    async with here.visit(SEFINA) as page:
        await page.goto(f"/meetings/{sitting.meeting}")
        await page.get_by_role("button", name="I am ready").click()

        await expect(page.locator(".own-row .link .ok")).to_be_visible()
