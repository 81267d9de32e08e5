import asyncio
import gc
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.app import build, close
from api.delivery.mail_folder import MailFolder
from api.delivery.mime import Sender
from api.settings import read_settings
from api.worker.rounds import channels_of
from api.worker.ticking import Worker, tick_seconds
from scheduler.clock.now import RehearsalClock, SystemClock
from scheduler.outbox.queries import counts
from tests.makers import crowd

DEADLINE_SECONDS = 20
ORIGIN = datetime(2022, 6, 8, tzinfo=UTC)


def test_a_worker_ticks_each_second() -> None:
    assert tick_seconds(SystemClock()) == 1.0


@pytest.mark.parametrize(("speed", "seconds"), [(1, 1.0), (20, 1.0), (40, 0.5), (3_600, 0.2)])
def test_a_rehearsal_that_runs_faster_ticks_oftener_and_never_without_a_pause(speed: float, seconds: float) -> None:
    assert tick_seconds(RehearsalClock(ORIGIN, speed)) == seconds


def test_a_started_worker_writes_mail_until_it_is_stopped(sqlite_url: str, tmp_path: Path) -> None:
    environment = {"ROSTRUM_DATABASE_URL": sqlite_url, "ROSTRUM_DATA_DIR": str(tmp_path / "var")}
    service = build(read_settings(environment), SystemClock())
    worker = Worker(service, channels_of(service.settings))
    made = service.writer.act_now(lambda tx: crowd.waiting(tx, 3))

    worker.start()
    end = time.monotonic() + DEADLINE_SECONDS
    while service.reads.now(counts)["sent"] < len(made) and time.monotonic() < end:
        time.sleep(0.05)
    worker.stop()
    threads = [thread.name for thread in threading.enumerate() if thread.name in {"worker", "APScheduler"}]
    close(service)

    assert len(list((tmp_path / "var" / "mail").glob("*.eml"))) == 3
    assert worker.rounds.counted == {("mail", "sent"): 3}
    assert threads == []


class _Silent(MailFolder):
    """A way out whose goodbye is never answered."""

    async def close(self) -> None:
        await asyncio.Event().wait()


def test_a_channel_that_does_not_close_is_left_without_a_complaint(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    environment = {"ROSTRUM_DATABASE_URL": sqlite_url, "ROSTRUM_DATA_DIR": str(tmp_path / "var")}
    service = build(read_settings(environment), SystemClock())
    silent = _Silent(tmp_path / "mail", Sender.parse(service.settings.mail_from))
    worker = Worker(service, replace(channels_of(service.settings), mail=silent))

    worker.start()
    worker.stop()
    gc.collect()
    close(service)

    assert caplog.records == []
