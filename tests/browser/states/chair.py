"""The chair's console."""

from collections.abc import AsyncIterator
from datetime import timedelta

from playwright.async_api import Page

from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.people.permission import OPERATOR
from scheduler.secretariat import moving
from tests.browser.sitting import Sitting, sit
from tests.browser.states import State
from tests.browser.world import CHAIR, NOW, SECRETARIAT, World

_PANELS = ("point_of_order", "right_of_reply", "announce", "add", "lists", "close", "allocate")


async def states(world: World) -> AsyncIterator[State]:
    """A sitting from its ninth speaker to its close, with all that may come between; one to come, one cancelled."""
    here = await sit(world)
    path = f"/meetings/{here.meeting}/chair"
    yield State("chair", path, CHAIR)
    yield State("chair-chosen", f"{path}?slot={here.slots[15]}", CHAIR)
    yield State("chair-find", f"{path}?ask=find&find=republic", CHAIR)
    yield State("chair-remote-only", f"{path}?remote=1", CHAIR)
    yield State("chair-all", f"{path}?all=1", CHAIR)
    yield State("chair-keys", path, CHAIR, first=_keys)
    for ask in _PANELS:
        yield State(f"chair-{ask}".replace("_", "-"), f"{path}?ask={ask}", CHAIR)
    yield State("chair-preview", f"{path}?ask=allocate&list={here.list}&policy=protocol&minutes=60", CHAIR)
    yield State("chair-draw", f"{path}?ask=allocate&list={here.list}&policy=draw&seed=spring+rain", CHAIR)
    yield State("chair-unclear", f"{path}?ask=point_of_order", CHAIR, first=_unclear)
    async for state in _course(world, here, path):
        yield state


async def _course(world: World, here: Sitting, path: str) -> AsyncIterator[State]:
    organisation = (await here.do(NOW, "announce", text="We stop at 12:30 for the group photo.")).queue[4].organisation
    assert organisation is not None
    secretariat = await world.person(SECRETARIAT)
    more = Command("extend", seconds=60)
    await world.do(lambda tx: actions.run(tx, secretariat, here.meeting, more), alone=True)
    yield State("chair-conflict", path, CHAIR, first=_late)
    await here.do(NOW, "undo")
    yield State("chair-undone", path, CHAIR)
    await here.do(NOW, "right_of_reply", organisation=organisation.id)
    world.clock.set(NOW + timedelta(seconds=120))
    yield State("chair-last-seconds", path, CHAIR)
    world.clock.set(NOW + timedelta(seconds=160))
    yield State("chair-over", path, CHAIR)
    await here.do(NOW + timedelta(seconds=160), "point_of_order", organisation=organisation.id)
    yield State("chair-order", path, CHAIR)
    await here.do(NOW + timedelta(seconds=220), "finish")
    await here.do(NOW + timedelta(seconds=230), "call")
    yield State("chair-called", path, CHAIR)
    await here.do(NOW + timedelta(seconds=230), "suspend")
    yield State("chair-suspended", path, CHAIR)
    await here.do(NOW + timedelta(seconds=300), "close")
    yield State("chair-closed", path, CHAIR)
    yield State("chair-to-come", f"/meetings/{here.following}/chair", CHAIR)
    await world.do(lambda tx: moving.change_meeting(tx, OPERATOR, here.following, {"status": "cancelled"}))
    yield State("chair-cancelled", f"/meetings/{here.following}/chair", CHAIR)


async def _keys(page: Page) -> None:
    await page.keyboard.press("?")
    await page.locator("#keys[open]").wait_for()


async def _unclear(page: Page) -> None:
    await page.fill("#whom", "republic")
    await page.click("#give")
    await page.locator("#unclear").wait_for()


async def _late(page: Page) -> None:
    """As if she had not seen the last event yet."""
    await page.locator("#line .ok:visible").or_(page.locator("#line .ok")).first.wait_for(state="attached")
    await page.evaluate("for (const each of document.querySelectorAll('[name=expected_version]')) each.value -= 1")
    await page.click("#act-step")
    await page.locator("#refused").wait_for()
