"""Reminders by SMTP, from due rows to settled ones, against a bare aiosmtplib loop sending ready-made bytes."""

import asyncio
import time
from collections import deque
from contextlib import ExitStack
from pathlib import Path

from aiosmtplib import SMTP
from sqlalchemy import bindparam, select, update

from api.app import close
from api.delivery.mime import Sender, compose
from api.delivery.writing import Office, write
from api.web.service import Service
from api.worker.rounds import Rounds, channels_of
from benchmarks.measuring import Row, a_second, compared, taking_turns
from benchmarks.scenery import Place
from benchmarks.service import process
from scheduler.outbox.actions import claim
from scheduler.outbox.tables import Due
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Prepared
from tests.makers import crowd

REMINDERS = 2_000
CONNECTIONS = 8
_d = table(Due).c
_now = bindparam("now", type_=Instant())
_AGAIN = Prepared(
    update(table(Due))
    .where(_d.due_at <= _now)
    .values(status="planned", attempts=0, settled_at=None, claim_at=_d.due_at)
)
_UNSENT = Prepared(select(_d.status, _d.last_error).where(_d.due_at <= _now, _d.status != "sent"))


def rows(folder: Path) -> list[Row]:
    """So many reminders at once, each of another person."""
    with ExitStack() as stack:
        port = stack.enter_context(process("benchmarks.sink")).port
        place = Place.made(folder, smtp=f"smtp://127.0.0.1:{port}")
        place.fill(lambda tx: crowd.waiting(tx, REMINDERS))
        service = place.service()
        stack.callback(close, service)
        ready = asyncio.run(_composed(service))
        pairs = taking_turns(lambda: asyncio.run(_bare(port, ready)), lambda: _told(service))
    return [compared("reminders by SMTP", pairs, a_second, "bare aiosmtplib", 0.60)]


def _told(service: Service) -> float:
    """Reminders a second, by a worker."""
    service.writer.act_now(lambda tx: tx.conn.run(_AGAIN, now=tx.now))
    seconds = asyncio.run(_work(service))
    if unsent := service.reads.now(lambda conn: conn.all(_UNSENT, now=service.clock.now())):
        raise RuntimeError(f"a reminder was not sent: {unsent[0]}")
    return REMINDERS / seconds


async def _work(service: Service) -> float:
    rounds = Rounds(service, channels_of(service.settings))
    begun = time.perf_counter()
    await rounds.run()
    seconds = time.perf_counter() - begun
    await rounds.close()
    return seconds


async def _composed(service: Service) -> list[tuple[str, bytes]]:
    """The same letters, ready-made."""
    settings, now = service.settings, service.clock.now()
    sender = Sender.parse(settings.mail_from)
    office = Office(settings.base_url, settings.secret_key, service.uid_host, sender)

    batch = service.writer.act_now(lambda tx: claim(tx, REMINDERS))
    letters = (await write(service.reads, batch, now, office)).letters
    return [(letter.to_address, compose(letter, sender)) for _, letter in letters]


async def _bare(port: int, ready: list[tuple[str, bytes]]) -> float:
    """Letters a second over as many connections as the worker's."""
    waiting = deque(ready)
    clients = [SMTP(hostname="127.0.0.1", port=port) for _ in range(CONNECTIONS)]
    for client in clients:
        await client.connect()

    async def send(client: SMTP) -> None:
        while waiting:
            address, message = waiting.popleft()
            await client.sendmail("rostrum@localhost", [address], message)

    begun = time.perf_counter()
    await asyncio.gather(*map(send, clients))
    seconds = time.perf_counter() - begun
    for client in clients:
        await client.quit()
    return len(ready) / seconds
