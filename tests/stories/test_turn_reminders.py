from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.app import build, close
from api.delivery.channels import SENT, Letter, Outcome, Post
from api.settings import read_settings
from api.web.service import Service
from api.worker.rounds import Channels, Rounds
from scheduler.clock.now import SettableClock
from tests.makers.speaking import STARTS_AT
from tests.stories.turn_reminders import WITHIN, act, judged, prepared, script

SPEAKERS = 14
STEP = timedelta(seconds=20)
KILLED_IN = (2, 7)
"""The worker is killed in what it sends after the starts of these numbers."""


class KilledError(Exception):
    """The worker ends in the midst of what it sends, and says nothing more."""


class Mail:
    """Takes letters with their moment; once it is told to, only the first of a batch, and then the worker is gone."""

    def __init__(self, clock: SettableClock) -> None:
        self.arrived: list[tuple[str, datetime]] = []
        self.kills = False
        self._clock = clock

    async def send(self, batch: Sequence[Letter], seconds: float) -> list[Outcome]:  # noqa: ARG002  -- the port's signature
        taken = batch[:1] if self.kills else batch
        self.arrived += [(letter.message_id, self._clock.now()) for letter in taken]
        if self.kills:
            self.kills = False
            raise KilledError
        return [SENT for _ in batch]

    async def close(self) -> None:
        """Nothing is open."""


class Posts:
    """No webhook is told."""

    async def send(self, batch: Sequence[Post], seconds: float) -> list[Outcome]:  # noqa: ARG002  -- the port's signature
        return [SENT for _ in batch]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(STARTS_AT - timedelta(days=1))


@pytest.fixture
def service(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Service]:
    settings = read_settings({"ROSTRUM_DATABASE_URL": database_url, "ROSTRUM_DATA_DIR": str(tmp_path / "var")})
    built = build(settings, clock)
    yield built
    close(built)


async def test_each_is_told_of_her_turn_once_and_in_time_though_the_worker_is_killed_twice(
    service: Service, clock: SettableClock
) -> None:
    scene, slots = service.writer.act_now(lambda tx: prepared(tx, SPEAKERS))
    mail = Mail(clock)
    rounds = Rounds(service, Channels(mail, Posts()))
    steps, now, kills = list(script(slots)), STARTS_AT - timedelta(minutes=1), 0
    starts = 0
    while steps:
        now += STEP
        while steps and STARTS_AT + timedelta(minutes=steps[0].minutes) <= now:
            step = steps.pop(0)
            clock.set(STARTS_AT + timedelta(minutes=step.minutes))
            act(service, scene, step)
            starts += step.command == "start"
            mail.kills = mail.kills or (step.command == "start" and starts in KILLED_IN)
        clock.set(now)
        try:
            await rounds.run()
        except KilledError:
            kills += 1
            now += timedelta(seconds=10)
            rounds = Rounds(service, Channels(mail, Posts()))
    for _ in range(12):
        now += STEP
        clock.set(now)
        await rounds.run()

    outcome = service.reads.now(lambda conn: judged(conn, scene.meeting, mail.arrived))

    assert kills == len(KILLED_IN)
    assert outcome.latest <= WITHIN
    assert (outcome.passed, outcome.again.total(), outcome.too_late) == (0, 0, 0)
    assert outcome.repeated <= kills
    assert outcome.sent["turn-next"] == SPEAKERS - 2
    assert outcome.sent["turn-near"] >= SPEAKERS - 1
