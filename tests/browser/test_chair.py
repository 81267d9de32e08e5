"""The chair's console in a browser: a meeting run by keyboard alone, two chairs at once, keys that can be changed."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.sitting import OPENED_AT, Sitting, gathered, sit
from tests.browser.world import CHAIR, SECRETARIAT, Look, World


@pytest.fixture
async def drawn(here: World) -> Sitting:
    """The meeting of the drawn pages."""
    return await sit(here)


def console(of: Sitting) -> str:
    return f"/meetings/{of.meeting}/chair"


async def arrive(page: Page, of: Sitting) -> None:
    await page.goto(console(of))
    await expect(page.locator("#line .ok")).to_be_visible()


async def names(page: Page) -> list[str]:
    """Who waits, in order."""
    return [" ".join(each.split()) for each in await page.locator("li[data-slot] a[data-choose]").all_text_contents()]


async def test_six_speakers_are_run_by_keyboard_alone(here: World) -> None:
    of = await gathered(here)
    here.clock.set(OPENED_AT)
    async with here.visit(CHAIR) as page, here.visit(SECRETARIAT) as other:
        await arrive(page, of)
        await arrive(other, of)
        told, board = page.locator("#told"), page.locator("#board h1")
        waiting = await names(page)

        await page.keyboard.press("Enter")
        await expect(told).to_have_text("Meeting opened.")
        for number in range(6):
            here.clock.advance(20)
            await page.keyboard.press("Enter")
            await expect(board).to_have_text(waiting[number])
            await expect(told).to_have_text(f"{waiting[number]} called. Undo: U.")
            await expect(other.locator("#board h1")).to_have_text(waiting[number])
            here.clock.advance(10)
            await page.keyboard.press("Enter")
            await expect(told).to_have_text("Clock started. Undo: U.")
            here.clock.advance(200)
            if number == 2:
                await page.keyboard.press("p")
                await expect(page.locator("#whom")).to_be_focused()
                await page.keyboard.type(waiting[10])
                await page.keyboard.press("Enter")
                await expect(board).to_have_text(waiting[10])
                await expect(other.locator("#board h1")).to_have_text(waiting[10])
                await page.keyboard.press("Enter")
                await expect(board).to_have_text(waiting[number])
            if number == 3:
                await page.keyboard.press("e")
                await expect(told).to_have_text("1 min more. Undo: U.")
                await page.keyboard.press("u")
                await expect(told).to_have_text("Undone: 1 min more. Undo: U.")
        await page.keyboard.press("f")
        await expect(board).to_have_text("Nobody has the floor")
        assert await names(page) == waiting[6:]


async def test_a_row_is_chosen_moved_moved_back_and_called(here: World, drawn: Sitting) -> None:
    async with here.visit(CHAIR) as page:
        await arrive(page, drawn)
        told, before = page.locator("#told"), await names(page)

        for _ in range(5):
            await page.keyboard.press("j")
        await page.keyboard.press("k")
        await expect(told).to_have_text(f"13, {before[3]}")
        await page.keyboard.press("Shift+J")
        await expect(told).to_have_text(f"{before[3]} moved. Undo: U.")
        assert await names(page) == [*before[:3], before[4], before[3], *before[5:]]
        await page.keyboard.press("u")
        await expect(page.locator("li[aria-current] .place")).to_have_text("13")
        assert await names(page) == before
        await page.keyboard.press("g")
        await expect(page.locator("#board h1")).to_have_text(before[3])
        await expect(page.locator("li[aria-current]")).to_have_count(0)


async def test_a_row_is_dragged_behind_another(here: World, drawn: Sitting) -> None:
    async with here.visit(CHAIR) as page:
        await arrive(page, drawn)
        before = await names(page)

        await page.drag_and_drop("#queue li:nth-child(5)", "#queue li:nth-child(2)")
        await expect(page.locator("#told")).to_have_text(f"{before[7]} moved. Undo: U.")
        assert await names(page) == [*before[:5], before[7], *before[5:7], *before[8:]]


async def test_focus_stays_on_the_button_that_was_pressed_by_key_and_is_free_after_a_click(
    here: World, drawn: Sitting
) -> None:
    async with here.visit(CHAIR) as page:
        await arrive(page, drawn)

        await page.focus("#act-extend")
        await page.keyboard.press("Enter")
        await expect(page.locator("#board .if-left")).to_have_text("left of 6:00")
        await expect(page.locator("#act-extend")).to_be_focused()
        await page.click("#act-extend")
        await expect(page.locator("#board .if-left")).to_have_text("left of 7:00")
        await expect(page.locator("body")).to_be_focused()


async def test_somebody_is_found_by_a_part_of_her_name_and_remote_speakers_alone_are_shown(
    here: World, drawn: Sitting
) -> None:
    async with here.visit(CHAIR) as page:
        await arrive(page, drawn)

        await page.keyboard.press("/")
        await expect(page.locator("#find")).to_be_focused()
        await page.keyboard.type("FIJI")
        await page.keyboard.press("Enter")
        await expect(page.locator("li[aria-current]")).to_contain_text("Republic of Fiji")
        await page.keyboard.press("Escape")
        await expect(page.locator("#find")).to_have_count(0)
        await expect(page.locator("#queue li[aria-current]")).to_contain_text("Republic of Fiji")
        await page.keyboard.press("m")
        await expect(page.locator("#queue li[data-slot]")).to_have_count(4)
        await page.keyboard.press("m")
        await expect(page.locator("#queue li[data-slot]")).to_have_count(22)


async def test_single_keys_can_be_changed_and_switched_off(here: World, drawn: Sitting) -> None:
    async with here.visit(CHAIR) as page:
        await arrive(page, drawn)

        await page.keyboard.press("?")
        await page.click("[data-rebind=extend]")
        await page.keyboard.press("x")
        await page.keyboard.press("Escape")
        await expect(page.locator("#keys[open]")).to_have_count(0)
        await page.keyboard.press("e")
        await page.keyboard.press("x")
        await expect(page.locator("#told")).to_have_text("1 min more. Undo: U.")
        await page.reload()
        await expect(page.locator("#act-extend kbd")).to_have_text("X")
        await expect(page.locator("#board .if-left")).to_have_text("left of 6:00")
        await page.keyboard.press("?")
        await page.uncheck("#keys-on")
        await page.keyboard.press("Escape")
        await expect(page.locator("#keys[open]")).to_have_count(0)
        await page.keyboard.press("x")
        await page.keyboard.press("Enter")
        await page.click("#act-clock")
        await expect(page.locator("#told")).to_have_text("Clock stopped.")
        await expect(page.locator("#board .if-left")).to_have_text("left of 6:00")


async def test_what_is_written_stays_while_another_chair_acts(here: World, drawn: Sitting) -> None:
    async with here.visit(CHAIR) as page, here.visit(SECRETARIAT) as other:
        await arrive(page, drawn)
        await arrive(other, drawn)

        await page.keyboard.press("n")
        await page.keyboard.type("We stop at e")
        await other.keyboard.press("e")
        await expect(page.locator("#board .if-left")).to_have_text("left of 6:00")
        await page.keyboard.type("leven")
        await page.keyboard.press("Enter")
        await expect(other.locator(".standing")).to_have_text("Announced We stop at eleven")


async def test_who_is_slower_reads_what_the_other_chair_did(here: World, drawn: Sitting) -> None:
    async with here.visit(CHAIR) as page, here.visit(SECRETARIAT) as other:
        await page.route("**/floor/stream", lambda route: route.abort())
        await page.goto(console(drawn))
        await arrive(other, drawn)
        first, second, *_ = await names(other)

        await other.keyboard.press("Enter")
        await expect(other.locator("#board h1")).to_have_text(first)
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("alert")).to_contain_text("Somebody else was first.")
        await expect(page.get_by_role("alert")).to_contain_text(f"11:14 {first} called. Clara Weiss")
        await expect(page.locator("#board h1")).to_have_text(first)
        assert (await names(page))[0] == second


async def test_a_lost_connection_is_said_and_so_is_its_return(here: World, drawn: Sitting) -> None:
    async with here.visit(CHAIR) as page:
        await arrive(page, drawn)

        await page.context.set_offline(True)
        await expect(page.locator("#line .lost")).to_have_text("No connection since 11:14 Vienna. Trying again.")
        await page.keyboard.press("e")
        await expect(page.get_by_role("alert")).to_contain_text("This was not sent")
        await page.context.set_offline(False)
        await expect(page.locator("#line .ok")).to_be_visible()
        await page.keyboard.press("e")
        await expect(page.locator("#board .if-left")).to_have_text("left of 6:00")


@pytest.mark.parametrize("size", [(1366, 768), (1180, 700), (1920, 1080)])
async def test_one_screen_holds_it_all(here: World, drawn: Sitting, size: tuple[int, int]) -> None:
    look = Look("here", *size)
    async with here.visit(CHAIR, look) as page:
        await arrive(page, drawn)
        await page.keyboard.press("k")
        hidden = await page.locator("#queue li[hidden]").count()
        sticking_out = await page.evaluate(
            """[document.documentElement, ...document.querySelectorAll(".console, .console > *")]
            .filter((each) => each.scrollHeight > each.clientHeight + 1 && each.clientHeight).map((each) => each.id)"""
        )
        last = await page.locator("li[aria-current]").bounding_box()
        undo = await page.locator("#act-undo").bounding_box()

    assert sticking_out == []
    assert hidden > 0
    assert last is not None
    assert undo is not None
    assert max(last["y"] + last["height"], undo["y"] + undo["height"]) < size[1]


async def test_all_of_it_works_without_scripting(here: World, drawn: Sitting) -> None:
    async with here.visit(CHAIR, java_script_enabled=False) as page:
        await page.goto(console(drawn))
        first, second, third, fourth, *_ = await names(page)

        await page.click("#act-step")
        assert await page.inner_text("#board h1") == first
        await page.click("#act-step")
        await page.click("#open-point_of_order")
        await page.fill("#whom", "fiji")
        await page.click("#give")
        assert await page.inner_text("#board h1") == "Republic of Fiji"
        await page.click("#act-undo")
        assert await page.inner_text("#board h1") == first
        await page.locator(".first-rows").get_by_role("link", name=fourth, exact=True).click()
        await page.click("#chosen-up")
        assert await page.locator(".first-rows a[data-choose]").all_inner_texts() == [second, fourth, third]
        assert await page.locator("kbd:visible").count() == 0
