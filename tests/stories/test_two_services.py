"""Two services on one database: an act at one is on a stream of the other within a second.

`python -m tests.stories.test_two_services` does it fifty times on each database and prints the worst.
"""

import asyncio
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from scheduler.clock.zones import rfc3339
from tests.makers.speaking import STARTS_AT
from tests.stories import serving
from tests.stories.following import Follower
from tests.stories.test_floor_streams import Story, prepared

ACTS = 50
PAUSE_SECONDS = 0.05
"""Between two acts: longer than a look at the journal takes, so that each falls at another moment of its rhythm."""


async def seconds(url: str, folder: Path, acts: int = ACTS) -> list[float]:
    """How long each act at one service, taken in turn, needed to be on the stream of the other."""
    environment = serving.settings(url, folder / "var", ROSTRUM_WORKER="apart", ROSTRUM_CLOCK=rfc3339(STARTS_AT))
    meeting, token, version = prepared(environment)
    with ExitStack() as stack:
        first, second = (stack.enter_context(serving.serving(environment)) for _ in range(2))
        followers = [Follower(first, meeting), Follower(second, meeting)]
        story = Story(meeting, token, first, second, followers, version)
        following = [asyncio.create_task(each.follow()) for each in followers]
        await story.told(followers)
        taken = []
        for number in range(acts):
            sent = await story.do((first, second)[number % 2], "announce", text=f"Number {number}")
            elsewhere = followers[1 - number % 2]
            await story.told(followers)
            taken.append(elsewhere.at[story.version] - sent)
            await asyncio.sleep(PAUSE_SECONDS)
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
    assert [each.versions for each in followers] == [list(range(version, version + acts + 1))] * 2
    return taken


async def test_an_act_at_one_service_is_on_the_stream_of_the_other(database_url: str, tmp_path: Path) -> None:
    assert len(await seconds(database_url, tmp_path, 4)) == 4


def _main() -> None:
    with serving.database_of_each_kind() as kinds, tempfile.TemporaryDirectory() as folder:
        for kind, url in kinds.items():
            taken = [1000 * each for each in asyncio.run(seconds(url, Path(folder) / kind))]
            sys.stdout.write(
                f"{kind}: {len(taken)} acts at one of two services were on the stream of the other after at worst "
                f"{max(taken):.0f} ms, in the median {statistics.median(taken):.0f} ms\n"
            )


if __name__ == "__main__":
    _main()
