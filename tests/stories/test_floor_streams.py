"""Many follow a meeting at two services; lines are cut, one service is killed: each is told every version once.

`python -m tests.stories.test_floor_streams [COUNT]` does it with 2,000 on each database and prints what it counted.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.app import build, close
from api.cli.serving import take_files
from api.settings import read_settings
from scheduler.clock.now import SettableClock
from scheduler.clock.zones import rfc3339
from scheduler.people.permission import Grant
from tests.makers import people
from tests.makers.speaking import STARTS_AT
from tests.ports import free_port
from tests.scheduler.floor.meeting import sat
from tests.stories import serving
from tests.stories.at_once import Wanted, ask_one
from tests.stories.following import Follower

SPEAKERS = "ABCDEF"


@dataclass
class Story:
    """A meeting, its chair's token, two services and those who follow at one or the other."""

    meeting: str
    token: str
    first: str
    second: str
    followers: list[Follower]
    version: int
    seconds: list[float] = field(default_factory=list)

    async def do(self, url: str, command: str, **said: str) -> float:
        """The chair's command at a service; when it was sent."""
        sent, path = time.monotonic(), f"/meetings/{self.meeting}/floor"
        answer = await ask_one(Wanted(url, self.token, "POST", path, {"command": command} | said))
        self.version += 1
        assert (answer.status, answer.body["version"]) == (200, self.version), answer
        return sent

    async def told(self, followers: list[Follower]) -> None:
        """Waits until these have been told the newest version."""
        assert await serving.until(lambda: all(each.versions[-1:] == [self.version] for each in followers))

    async def go_on(self, url: str, *commands: str) -> None:
        """Commands of which everybody is told; how long that took is kept."""
        for command in commands:
            sent = await self.do(url, command)
            await self.told(self.followers)
            self.seconds.append(max(each.at[self.version] for each in self.followers) - sent)


def prepared(environment: dict[str, str]) -> tuple[str, str, int]:
    """A meeting with six speakers (its id), the secretariat's token, and the version of its floor."""
    service = build(read_settings(environment), SettableClock(STARTS_AT))
    try:
        here = sat(service.writer, SettableClock(STARTS_AT), SPEAKERS)
        grants = (Grant("secretariat"),)
        token = service.writer.act_now(lambda tx: people.token(tx, people.person(tx, "Sec Retariat", grants=grants)))
    finally:
        close(service)
    return here.scene.meeting, token, len(SPEAKERS)


async def followed(url: str, data_dir: Path, many: int) -> Story:
    """The whole story."""
    environment = serving.settings(url, data_dir, ROSTRUM_WORKER="apart", ROSTRUM_CLOCK=rfc3339(STARTS_AT))
    meeting, token, version = prepared(environment)
    port = str(free_port())
    first = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        second = stack.enter_context(serving.serving(environment))
        killed = stack.enter_context(serving.process(environment, "serve", "--port", port, says="Rostrum listens on"))
        followers = [Follower((first, second)[number % 2], meeting) for number in range(many)]
        story = Story(meeting, token, first, second, followers, version)
        following = [asyncio.create_task(each.follow()) for each in followers]
        await story.told(followers)

        await story.go_on(first, "open", "call", "start")
        third, others = followers[::3], [each for number, each in enumerate(followers) if number % 3]
        for each in third:
            each.cut_off()
        await story.do(second, "finish")
        await story.do(first, "call")
        await story.told(others)
        for each in third:
            each.let_back()
        await story.told(followers)

        killed.kill()
        killed.wait()
        await story.do(second, "start")
        await story.do(second, "call")
        stack.enter_context(serving.process(environment, "serve", "--port", port, says="Rostrum listens on"))
        await story.told(followers)
        await story.go_on(second, "start", "pause", "close", "undo")
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
    return story


def faults(story: Story) -> dict[str, Any]:
    """Who was not told every version once and in order, and versions that were not told everybody alike."""
    wanted = list(range(len(SPEAKERS), story.version + 1))
    return {
        "followers": [each.versions for each in story.followers if each.versions != wanted],
        "versions": [each for each in wanted[1:] if len({one.told.get(each) for one in story.followers}) != 1],
    }


async def test_each_follower_is_told_every_version_once_whatever_breaks(database_url: str, tmp_path: Path) -> None:
    story = await followed(database_url, tmp_path / "var", 100)

    assert faults(story) == {"followers": [], "versions": []}
    assert story.version == len(SPEAKERS) + 11
    assert {each.came_back > 0 for each in story.followers if each.url == story.first} == {True}


async def _print(name: str, url: str, many: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        story = await followed(url, Path(folder), many)
    found, back = faults(story), sum(each.came_back for each in story.followers)
    sys.stdout.write(
        f"{name}: {many} followers at two services, {back} resumptions, {story.version - len(SPEAKERS)} versions: "
        f"{len(found['followers'])} followers missed one or had it twice, {len(found['versions'])} versions differed; "
        f"a command at one service was on every stream of both after {1000 * max(story.seconds):.0f} ms at most\n"
    )


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    take_files()
    with serving.database_of_each_kind() as kinds:
        for kind, each in kinds.items():
            asyncio.run(_print(kind, each, wanted))
