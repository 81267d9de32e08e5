"""A chair at her console, and the afternoon that she has: what she does when, over HTTP."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from scheduler.clock.now import Clock, seconds_until
from tests.stories.at_once import Wanted, ask_one

STARTS_AT = datetime(2022, 6, 13, 13, tzinfo=UTC)
OPENED_AT = STARTS_AT + timedelta(minutes=4)
SPEAKERS, LEFT = 30, 3
REMOTE_MINUTES = 3.5
SPOKEN = (2.6, 3.2, 4.4, 2.9, 3.1, 3.7)
"""Minutes that they speak, of three that each was given: those from afar, and those in the room in turn."""

INTERRUPTED, ABSENT, MISTAKEN, POINT_BETWEEN, BACK, SUSPENDED, REPLY, PAUSED = 3, 4, 6, 8, 9, 11, 17, 21
"""At which speaker what happens, counted from 0. She who is absent speaks from afar."""


@dataclass(slots=True)
class Chair:
    """The chair at her console: `floors` are what she was answered, `late` how often somebody else was quicker."""

    url: str
    token: str
    meeting: str
    clock: Clock
    floors: list[dict[str, Any]] = field(default_factory=list)
    late: int = 0

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """An answer that is no refusal."""
        return await asked(Wanted(self.url, self.token, method, path, body))

    async def do(self, command: str, **said: Any) -> dict[str, Any]:
        """One command, at the version that she has seen; where that is no more the last, at the next one."""
        if not self.floors:
            self.floors.append(await self.ask("GET", f"/meetings/{self.meeting}/floor"))
        while True:
            body = {"command": command, "expected_version": self.floors[-1]["version"]} | said
            answer = await ask_one(Wanted(self.url, self.token, "POST", f"/meetings/{self.meeting}/floor", body))
            if answer.status == 200:
                self.floors.append(answer.body)
                return self.floors[-1]
            assert answer.code == "version-conflict", answer.body
            self.late += 1
            self.floors.append(answer.body["current"])

    async def wait(self, minutes: float) -> None:
        """Lets so many minutes pass."""
        await asyncio.sleep(self.clock.real_seconds(60 * minutes))

    async def begin(self, slot: str | None = None) -> float:
        """Calls somebody, the first who waits, and starts her clock; how many minutes she will speak."""
        spoken = len(self.floors[-1]["done"])
        current = (await self.do("call", **({"slot": slot} if slot else {})))["current"]
        remote = current["mode"] == "remote"
        await self.wait(0.3 if remote else 0.15)
        await self.do("start")
        return REMOTE_MINUTES if remote else SPOKEN[spoken % len(SPOKEN)]

    async def finish(self, minutes: float) -> None:
        """Lets her speak so long."""
        await self.wait(minutes)
        await self.do("finish")

    def waiting(self, number: int, kind: str = "statement") -> str:
        """The slot of who waits at this place among those of her kind."""
        return str([turn["slot"] for turn in self.floors[-1]["queue"] if turn["kind"] == kind][number])


async def asked(wanted: Wanted) -> Any:
    """The answer to a request, which is no refusal."""
    answer = await ask_one(wanted)
    assert answer.status < 400, answer.body
    return answer.body


async def afternoon(chair: Chair, delegation: str) -> None:
    """All of it: opened late, closed with three left."""
    await asyncio.sleep(seconds_until(chair.clock, OPENED_AT))
    await chair.do("open")
    await chair.do("announce", text="Please keep to three minutes.")
    absent = ""
    for number in range(SPEAKERS - LEFT):
        await chair.wait(0.4)
        if number == ABSENT:
            absent = await _absent(chair)
        if number == MISTAKEN:
            await _mistaken(chair)
        if number == POINT_BETWEEN:
            await _point(chair, delegation)
        if number == BACK:
            await chair.do("defer", slot=absent)
        await _speaker(chair, number, delegation)
        if number == REPLY:
            await chair.do("right_of_reply", organisation=delegation)
    await chair.wait(0.4)
    await chair.finish(await chair.begin(chair.waiting(0, "right_of_reply")))
    await chair.wait(0.5)
    await chair.do("close")


async def _speaker(chair: Chair, number: int, delegation: str) -> None:
    minutes, heard = await chair.begin(), 0.0
    if number in {INTERRUPTED, SUSPENDED, PAUSED}:
        heard = 1.2
        await chair.wait(heard)
    if number == INTERRUPTED:
        await _point(chair, delegation)
    if number == SUSPENDED:
        await chair.do("suspend")
        await chair.wait(8)
        await chair.do("resume_meeting")
        await chair.wait(0.2)
        await chair.do("resume")
    if number == PAUSED:
        await chair.do("pause")
        await chair.wait(0.7)
        await chair.do("resume")
        await chair.do("extend", seconds=30)
    await chair.finish(minutes - heard)


async def _point(chair: Chair, delegation: str) -> None:
    await chair.do("point_of_order", organisation=delegation)
    await chair.finish(0.8)
    await chair.wait(0.1)


async def _absent(chair: Chair) -> str:
    """The slot of somebody who does not answer from afar."""
    current = (await chair.do("call"))["current"]
    assert current["mode"] == "remote"
    await chair.wait(0.8)
    await chair.do("absent")
    await chair.wait(0.4)
    return str(current["slot"])


async def _mistaken(chair: Chair) -> None:
    await chair.do("call", slot=chair.waiting(2))
    await chair.wait(0.3)
    await chair.do("undo")
    await chair.wait(0.1)
