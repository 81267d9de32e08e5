"""One round of the worker: follow the journal, claim what is due, hand it to the channels, settle."""

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from api.delivery.addresses import Allowed, on_loopback
from api.delivery.channels import Channel, Letter, Post
from api.delivery.mail_folder import MailFolder
from api.delivery.mime import Sender
from api.delivery.smtp import SmtpChannel
from api.delivery.webhook import WebhookChannel
from api.delivery.writing import Office, Ready, joined, write
from api.settings import Settings
from api.web.service import Service
from scheduler.journal.following import follow, follower_positions, last_number
from scheduler.lists import announcing, offering, offers
from scheduler.lists import following as waiting
from scheduler.notices import following as notices
from scheduler.notices import foretelling, planning, watching
from scheduler.notices.telling import Terms
from scheduler.outbox.actions import claim, settle
from scheduler.outbox.queries import next_due
from scheduler.outbox.rules import LEASE, TOO_LATE
from scheduler.outbox.views import ClaimedDue, Settled
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx
from scheduler.subscriptions import following as webhooks

Item = TypeVar("Item")
log = logging.getLogger(__name__)

MOST_AT_ONCE = 250
"""Rows of one claim. As the next is written while one is sent, a killed worker leaves up to two claims open."""

_SENDING_SECONDS = LEASE.total_seconds() - 5
_UNSENT = "The worker stopped before it began with it."
_FAULT = "The letter could not be written: {fault}. The log says more."


@dataclass(frozen=True, slots=True)
class Channels:
    """The ways out."""

    mail: Channel[Letter]
    webhooks: Channel[Post]


def channels_of(settings: Settings) -> Channels:
    """Mail by the server that is set, else into a folder; webhooks.

    Raises:
        ValueError: one of the settings means nothing; its text is a line.
    """
    if settings.clock is not None and settings.smtp_url and not on_loopback(urlsplit(settings.smtp_url).hostname):
        raise ValueError("ROSTRUM_CLOCK is a rehearsal: it refuses a ROSTRUM_SMTP_URL that is not on this machine.")
    sender = Sender.parse(settings.mail_from)
    mail: Channel[Letter] = (
        SmtpChannel(settings.smtp_url, sender) if settings.smtp_url else MailFolder(settings.mail_folder, sender)
    )
    return Channels(mail, WebhookChannel(settings.secret_key, Allowed.parse(settings.webhook_allow)))


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A claim that is written. It must be settled by `until` (monotonic), before another worker may take it."""

    ready: Ready
    until: float


@dataclass(frozen=True, slots=True)
class _Step:
    """A short transaction that is repeated for as long as there is reason to."""

    pressing: Callable[[Connection], bool]
    do: Callable[[Tx], object]


class Rounds:
    """What a worker does, in one event loop. `counted` counts how tries ended, by (channel, outcome)."""

    def __init__(self, service: Service, channels: Channels) -> None:
        settings = service.settings
        self.counted: Counter[tuple[str, str]] = Counter()
        self._service = service
        self._channels = channels
        self._office = Office(
            settings.base_url, settings.secret_key, service.uid_host, Sender.parse(settings.mail_from)
        )
        self._terms = Terms(service.uid_host, timedelta(seconds=service.settings.quiet_seconds))
        self._steps = _steps(service, self._terms)
        # A rehearsal's clock runs through a lease so much sooner; in earnest it always is half a minute.
        self._lease = LEASE / service.clock.real_seconds(1)
        self._ending = threading.Event()

    async def run(self) -> None:
        """Does all that there is to do at this moment; to be awaited before the next."""
        await self._plan()
        while await self._deliver():
            await self._plan()

    def end(self) -> None:
        """From any thread: what is running ends after the batch that is being sent."""
        self._ending.set()

    async def close(self) -> None:
        """Closes the channels, after the last round."""
        await self._channels.mail.close()
        await self._channels.webhooks.close()

    async def _plan(self) -> None:
        for step in self._steps:
            while not self._ending.is_set() and self._service.reads.now(step.pressing):
                await self._service.writer.act(step.do, alone=True)
        await self._watch()

    async def _watch(self) -> None:
        """Looks at the floors of the meetings that sit, beside the writer, and writes down what was found."""
        reads, now = self._service.reads, self._service.clock.now
        for since in reads.now(lambda conn: watching.due(conn, now())):
            if self._ending.is_set():
                return
            try:
                found = reads.now(partial(watching.look, since=since, now=now()))
                await self._service.writer.act(partial(foretelling.write, found=found, terms=self._terms), alone=True)
            except Exception:
                log.exception(
                    "The floor of a meeting could not be looked at; its speakers are not told of their turns."
                )

    async def _deliver(self) -> bool:
        """Sends what is due, the next claim being written while one is sent; whether there was anything."""
        claimed, settling = await self._claim(), None
        found = claimed is not None
        while claimed is not None:
            following = asyncio.create_task(self._claim())
            results = await self._send(claimed)
            if settling is not None:
                await settling
            settling = asyncio.create_task(self._settle(results))
            claimed = await following
        if settling is not None:
            await settling
        return found

    async def _claim(self) -> _Claimed | None:
        """Claims what is due and writes it; None: there is nothing, or we are to end."""
        while not self._ending.is_set() and self._service.reads.now(self._due):
            until = time.monotonic() + _SENDING_SECONDS
            batch = await self._service.writer.act(partial(claim, limit=MOST_AT_ONCE, lease=self._lease), alone=True)
            if batch:
                return _Claimed(await self._write(batch), until)
        return None

    async def _write(self, batch: Sequence[ClaimedDue]) -> Ready:
        """A batch as what is sent; where that fails, each row by itself, so that a faulty one stops no other."""
        try:
            return await write(self._service.reads, batch, self._service.clock.now(), self._office)
        except Exception as error:
            log.exception("A batch of the outbox could not be written.")
            if len(batch) == 1:
                fault = _FAULT.format(fault=type(error).__name__)
                return Ready((), (), (Settled(batch[0], "failed", fault),))
        return joined([await self._write([due]) for due in batch])

    async def _send(self, claimed: _Claimed) -> list[Settled]:
        ready, left = claimed.ready, claimed.until - time.monotonic()
        if self._ending.is_set() or left <= 0:
            rest = [due for due, _ in (*ready.letters, *ready.posts)]
            return [*ready.pointless, *(Settled(due, "unsent", _UNSENT) for due in rest)]
        # It was claimed in time, but waited for the batch before.
        now = self._service.clock.now()
        late = {due.id for due, _ in ready.letters if due.useless_at is not None and due.useless_at <= now}
        letters, posts = await asyncio.gather(
            _hand_over(
                self._channels.mail,
                [pair for pair in ready.letters if pair[0].id not in late],
                left,
                lambda letter: letter.subject,
            ),
            _hand_over(self._channels.webhooks, ready.posts, left, lambda _: None),
        )
        dropped = (Settled(due, "dropped", TOO_LATE) for due, _ in ready.letters if due.id in late)
        return [*ready.pointless, *dropped, *letters, *posts]

    async def _settle(self, results: Sequence[Settled]) -> None:
        await self._service.writer.act(partial(settle, results=results), alone=True)
        self.counted.update((result.due.channel, result.outcome) for result in results)

    def _due(self, conn: Connection) -> bool:
        at = next_due(conn)
        return at is not None and at <= self._service.clock.now()


def _steps(service: Service, terms: Terms) -> tuple[_Step, ...]:
    """What is to be done before anything is claimed, in this order: what one writes, the next may have to read."""
    now, host = service.clock.now, service.uid_host
    followers = {
        waiting.FOLLOWER: waiting.follow,
        notices.FOLLOWER: notices.follow,
        webhooks.FOLLOWER: webhooks.follower(host),
    }
    return (
        _Step(lambda conn: announcing.due(conn, now()), announcing.announce_due),
        _Step(lambda conn: offers.due(conn, now()) is not None, offering.catch_up_due),
        *(_Step(partial(_behind, name), partial(follow, name=name, do=do)) for name, do in followers.items()),
        _Step(lambda conn: planning.pressing(conn, now()), partial(planning.step, terms=terms)),
    )


def _behind(name: str, conn: Connection) -> bool:
    return last_number(conn) > follower_positions(conn).get(name, 0)


async def _hand_over(
    channel: Channel[Item],
    things: Sequence[tuple[ClaimedDue, Item]],
    seconds: float,
    subject_line: Callable[[Item], str | None],
) -> list[Settled]:
    outcomes = await channel.send([thing for _, thing in things], seconds) if things else []
    return [
        Settled(due, outcome.kind, outcome.error, subject_line(thing))
        for (due, thing), outcome in zip(things, outcomes, strict=True)
    ]
