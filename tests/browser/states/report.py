"""The report of a session: before its first record, and after a meeting with turns from all over the world."""

from collections.abc import AsyncIterator
from datetime import timedelta

from tests.browser.sitting import OPENED_AT, gathered
from tests.browser.states import State
from tests.browser.world import World

_PATH = "/sessions/ahc-2/report"
_LENGTHS = (290, 340, 180, 300, 415, 120, 260)


async def states(here: World) -> AsyncIterator[State]:
    """Nothing to tell, then a morning of thirty-four turns."""
    yield State("report-empty", _PATH, zone="Pacific/Apia")
    sitting = await gathered(here)
    await sitting.do(OPENED_AT, "open")
    at = OPENED_AT + timedelta(minutes=2)
    for number in range(len(sitting.slots)):
        await sitting.do(at, "call")
        await sitting.do(at + timedelta(seconds=20), "start")
        at += timedelta(seconds=20 + _LENGTHS[number % len(_LENGTHS)])
        await sitting.do(at, "finish")
    await sitting.do(at + timedelta(minutes=1), "close")
    yield State("report", _PATH, zone="Pacific/Apia")
