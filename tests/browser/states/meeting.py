"""A meeting's page and the hall's screen, from before it opens to its close."""

from collections.abc import AsyncIterator
from datetime import timedelta

from scheduler.people.permission import OPERATOR
from scheduler.secretariat import moving
from tests.browser.sitting import OPENED_AT, gathered
from tests.browser.states import State
from tests.browser.world import NOW, SEFINA, World


async def states(world: World) -> AsyncIterator[State]:
    """The list is full, nobody has spoken, eight were heard, the last 30 seconds, over, suspended, closed."""
    here = await gathered(world)
    path, screen = f"/meetings/{here.meeting}", f"/meetings/{here.meeting}/screen"
    yield State("meeting-to-come", path, SEFINA)
    yield State("screen-to-come", screen)
    await here.do(OPENED_AT, "open")
    yield State("meeting-nobody-heard", path, SEFINA)
    await here.sits()
    yield State("meeting", path, SEFINA)
    yield State("meeting-public", path, zone="Europe/Vienna")
    yield State("meeting-all", f"{path}?all=1", SEFINA)
    yield State("screen", screen)
    world.clock.set(NOW + timedelta(seconds=114))
    yield State("screen-last-seconds", screen)
    world.clock.set(NOW + timedelta(seconds=160))
    yield State("screen-over", screen)
    yield State("meeting-over-time", path, SEFINA)
    await here.do(NOW + timedelta(seconds=170), "announce", text="We stop at 12:30 for the group photo.")
    await here.do(NOW + timedelta(seconds=180), "suspend")
    yield State("meeting-suspended", path, SEFINA)
    yield State("screen-suspended", screen)
    await here.do(NOW + timedelta(seconds=240), "close")
    yield State("meeting-closed", path, SEFINA)
    yield State("screen-closed", screen)
    await world.do(lambda tx: moving.change_meeting(tx, OPERATOR, here.following, {"status": "cancelled"}))
    yield State("meeting-cancelled", f"/meetings/{here.following}", SEFINA)
