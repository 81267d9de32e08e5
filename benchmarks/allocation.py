"""How long allotting takes, and how it grows: `python -m benchmarks.allocation`.

The computation is the order, the steps down, the budgets and every reason in words. Then the whole act on SQLite: what
it reads, the computation, rows, journal and commit.
"""

import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import UUID

from scheduler.allocation import actions
from scheduler.allocation.actions import Wanted
from scheduler.allocation.fairness import totals, why_given, why_left
from scheduler.allocation.policies import POLICIES, PROTOCOL, Entry
from scheduler.allocation.proposals import Terms, propose
from scheduler.allocation.rules import Limits
from scheduler.clock.now import SystemClock
from scheduler.journal.entries import JournalLedger
from scheduler.people.permission import OPERATOR
from scheduler.storage.engine import database
from scheduler.storage.migrate import migrate
from scheduler.storage.writer import Writer
from tests.makers import asking, queueing

SIZES = (125, 200, 250, 500, 1_000, 2_000, 4_000)
GOALS = {200: 100, 2_000: 1_000}
BEST_OF = 5
CATEGORIES = [category for rank in PROTOCOL for category in rank]
LEVELS = tuple(Limits(seconds, {"regional_group": seconds + 60}) for seconds in (180, 150, 120, 90))


def crowd(size: int) -> list[Entry]:
    dice = random.Random(13)
    start = datetime(2022, 6, 1, tzinfo=UTC)
    return [
        Entry(
            id=str(UUID(int=dice.getrandbits(128))),
            category=dice.choice(CATEGORIES),
            mode=dice.choice(("in_person", "remote", "video")),
            since=start + timedelta(seconds=dice.randrange(400_000)),
            asked=dice.choice((None, 60, 120, 180, 300)),
            for_group=dice.random() < 0.1,
            placed=number if dice.random() < 0.02 else None,
        )
        for number in range(1, size + 1)
    ]


def computed(policy: str, entries: list[Entry]) -> None:
    size = len(entries)
    terms = Terms(policy, LEVELS, room=size * 80, gap=10, remote=size * 25, seed="spring rain")
    proposal = propose(terms, entries)
    told = [why_given(terms, given) for given in proposal.given] + [why_left(left) for left in proposal.left]
    assert len(told) == size  # noqa: S101  -- a figure for half the work would be none
    totals(proposal)


def milliseconds(do: Callable[[], object], best_of: int = BEST_OF) -> float:
    times = []
    for _ in range(best_of):
        start = perf_counter()
        do()
        times.append(perf_counter() - start)
    return min(times) * 1_000


def computation() -> None:
    print("computation, ms" + "".join(f"{policy:>13}" for policy in POLICIES))
    found: dict[int, list[float]] = {}
    for size in SIZES:
        entries = crowd(size)
        found[size] = [milliseconds(lambda p=policy, e=entries: computed(p, e)) for policy in POLICIES]  # type: ignore[misc]  # -- mypy cannot type defaults of a lambda
        goal = f"   goal < {GOALS[size]}" if size in GOALS else ""
        print(f"{size:>8} people" + "".join(f"{ms:>13.1f}" for ms in found[size]) + goal)
    for size in (500, 1_000, 2_000):
        ratios = [twice / once for once, twice in zip(found[size], found[size * 2], strict=True)]
        print(f"{size:>6} doubled" + "".join(f"{ratio:>12.2f}x" for ratio in ratios))


def whole_act(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/rostrum.db"
        migrate(url)
        writer = Writer(database(url), SystemClock(), JournalLedger())
        scene = writer.act_now(queueing.scene)
        writer.act_now(lambda tx: [asking.asker(tx, scene, number, seconds_requested=5) for number in range(size)])
        wanted = Wanted("spring rain", "draw")
        reading = database(url).connect(reading=True)
        now = datetime.now(UTC)
        looked = milliseconds(lambda: actions.preview(reading, OPERATOR, scene.list, wanted, now))
        done = milliseconds(
            lambda: writer.act_now(lambda tx: actions.allocate(tx, OPERATOR, scene.list, wanted), alone=True), 1
        )
        reading.close()
        writer.close()
        print(f"{size:>8} people: looked at in {looked:.0f} ms; given their turns, and that told, in {done:.0f} ms")


if __name__ == "__main__":
    computation()
    print("\nthe whole act on SQLite")
    for count in GOALS:
        whole_act(count)
