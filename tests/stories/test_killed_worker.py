"""A worker is killed while it sends and started again: every mail arrives, and what repeats is the same mail.

`python -m tests.stories.test_killed_worker [COUNT]` does it with 2,000 on each database and prints what it counted.
"""

import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import Envelope

from api.app import build, close
from api.settings import read_settings
from api.worker.rounds import MOST_AT_ONCE
from scheduler.outbox.queries import counts
from tests.makers import crowd
from tests.makers.mail_server import OK, MailServer, mail_server
from tests.stories import serving

A_WHILE = 0.01


@dataclass(frozen=True)
class Count:
    """What came of it: mails that arrived, by Message-ID and by address; seconds from the second start."""

    by_id: Counter[str]
    by_address: dict[str, set[str]]
    before_the_kill: int
    seconds: float


async def slowly(_: Envelope, __: int) -> str:
    await asyncio.sleep(A_WHILE)
    return OK


def part(many: int) -> int:
    """After how many the worker is killed: in the midst of what it has claimed at once."""
    return many // 4 + MOST_AT_ONCE // 2


def ids(server: MailServer) -> Counter[str]:
    """How often each Message-ID arrived."""
    return Counter(header(each, b"Message-ID") for each in server.got)


def content(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


def header(envelope: Envelope, name: bytes) -> str:
    found = re.search(rb"^" + name + rb": (.*?)\r?$", content(envelope), re.MULTILINE)
    assert found is not None
    return found[1].decode()


async def killed_and_started_again(url: str, data_dir: Path, many: int) -> Count:
    """Plans the mails, kills the worker when a part has arrived, starts another and counts."""
    async with mail_server(data=slowly) as server:
        environment = serving.settings(url, data_dir, ROSTRUM_SMTP_URL=f"smtp://127.0.0.1:{server.port}")
        service = build(read_settings(environment))
        try:
            await service.writer.act(lambda tx: crowd.waiting(tx, many), alone=True)
            with serving.working(environment) as worker:
                assert await serving.until(lambda: len(server.got) >= part(many))
                worker.kill()
                worker.wait()
            before, began = len(server.got), time.monotonic()
            with serving.working(environment):
                assert await serving.until(lambda: len(ids(server)) >= many)
                seconds = time.monotonic() - began
                assert await serving.until(lambda: service.reads.now(counts)["sent"] == many)
        finally:
            close(service)
    by_address: dict[str, set[str]] = {}
    for each in server.got:
        by_address.setdefault(str(each.rcpt_tos[0]), set()).add(header(each, b"Message-ID"))
    return Count(ids(server), by_address, before, seconds)


async def test_all_mails_arrive_and_at_most_the_claimed_ones_repeat_under_their_first_message_id(
    database_url: str, tmp_path: Path
) -> None:
    many = 4 * MOST_AT_ONCE // 2

    found = await killed_and_started_again(database_url, tmp_path / "var", many)

    repeated = sum(times - 1 for times in found.by_id.values())
    assert part(many) <= found.before_the_kill < many
    assert len(found.by_id) == many
    assert repeated <= 2 * MOST_AT_ONCE
    assert {len(ids) for ids in found.by_address.values()} == {1}
    assert len(found.by_address) == many


async def _told(name: str, url: str, many: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = await killed_and_started_again(url, Path(folder), many)
    again = sum(times - 1 for times in result.by_id.values())
    sys.stdout.write(
        f"{name}: {len(result.by_id)} of {many} mails arrived, {result.seconds:.1f} s after the second start; "
        f"{result.before_the_kill} before the kill; {again} came twice, "
        f"{sum(len(ids) > 1 for ids in result.by_address.values())} under another Message-ID\n"
    )


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with serving.database_of_each_kind() as kinds:
        for kind, each in kinds.items():
            asyncio.run(_told(kind, each, wanted))
