"""Mail by SMTP: up to eight kept connections, ready-made bytes, and an honest outcome for each letter."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from api.delivery.addresses import on_loopback
from api.delivery.channels import NO_TIME, SENT, Kind, Letter, Outcome, one_line
from api.delivery.mime import Sender, compose, wire_address

_PERMANENT = 500
_GOING_AWAY = 421
_TAKEN = frozenset({250, 251})
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `start_tls` None: if it offers it; True: or not at all; False: never asked for."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    start_tls: bool | None

    @classmethod
    def parse(cls, url: str) -> "Server":
        """From `smtp://user:password@host:port` (STARTTLS where offered), `smtp+starttls://` (not without), `smtps://`.

        With a password and a host that is not this machine, `smtp://` also insists on STARTTLS. Raises ValueError.
        """
        expected = "The mail server is smtp://, smtp+starttls:// or smtps:// with user:password@host:port."
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError(expected) from error
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError(expected)
        user = unquote(parts.username) if parts.username else None
        insists = parts.scheme == "smtp+starttls" or (user is not None and not on_loopback(parts.hostname))
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            user=user,
            password=unquote(parts.password or "") if user else None,
            tls=tls,
            start_tls=False if tls else (True if insists else None),
        )


class SmtpChannel:
    """Sends letters by one server.

    Args:
        url: see `Server.parse`.
        sender: who all mail comes from.
        connections: how many at most.
        patience: seconds that one letter, or one connection, may take.
    """

    def __init__(self, url: str, sender: Sender, *, connections: int = 8, patience: float = 10) -> None:
        self._server = Server.parse(url)
        self._sender = sender
        self._most = connections
        self._patience = patience
        self._kept: list[SMTP] = []

    async def send(self, batch: Sequence[Letter], seconds: float) -> list[Outcome]:
        """See `Channel.send`."""
        run = _Run(len(batch), time.monotonic() + seconds, deque(enumerate(batch)))
        await asyncio.gather(*(self._work(run) for _ in range(min(self._most, len(batch)))))
        if self._kept:
            # What a worker put back that got no connection, while others had one.
            await self._work(run)
        for number, _ in run.waiting:
            run.done[number] = Outcome("retry", run.refused) if run.refused else NO_TIME
        return [outcome for outcome in run.done if outcome is not None]

    async def close(self) -> None:
        """Says goodbye on each kept connection."""
        kept, self._kept = self._kept, []
        for client in kept:
            with contextlib.suppress(SMTPException, OSError):
                await client.quit(timeout=1)
            client.close()

    async def fault(self, seconds: float) -> str | None:
        """What keeps us from sending, in one line; None: the server took us in. Sends nothing."""
        try:
            self._kept.append(await self._ready(None, _Run(0, time.monotonic() + seconds, deque())))
        except _NoConnectionError as error:
            return str(error)
        finally:
            await self.close()
        return None

    async def _work(self, run: "_Run") -> None:
        """One connection's share: letters until none waits, time is up, or no connection is to be had."""
        client: SMTP | None = None
        while run.waiting and run.left() > 0:
            number, letter = run.waiting.popleft()
            try:
                message, address = compose(letter, self._sender), wire_address(letter.to_address)
            except ValueError as error:
                run.done[number] = Outcome("failed", one_line(error))
                continue
            try:
                client = await self._ready(client, run)
                run.done[number] = await self._hand_over(client, address, message, run)
            except _NoConnectionError as error:
                run.refused = str(error)
                run.waiting.appendleft((number, letter))
                return
            except _GoneError:
                run.again(number, letter)
        if client is not None and client.is_connected:
            self._kept.append(client)

    async def _ready(self, client: SMTP | None, run: "_Run") -> SMTP:
        """The worker's connection, else a kept one that still answers, else a new one."""
        if client is not None and client.is_connected:
            return client
        while self._kept:
            kept = self._kept.pop()
            with contextlib.suppress(SMTPException, OSError):
                await kept.noop(timeout=run.at_most(self._patience))
                return kept
            kept.close()
        return await self._connect(run)

    async def _connect(self, run: "_Run") -> SMTP:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.start_tls,
            timeout=self._patience,
            local_hostname=self._sender.domain,
        )
        try:
            async with asyncio.timeout(run.at_most(self._patience)):
                await client.connect()
                if client.is_ehlo_or_helo_needed:
                    await client.ehlo()
        except (SMTPException, OSError, ValueError) as error:
            # Also a refused password and a false certificate: not this letter's fault.
            client.close()
            raise _NoConnectionError(f"No connection to the mail server: {one_line(error)}") from error
        return client

    async def _hand_over(self, client: SMTP, address: str, message: bytes, run: "_Run") -> Outcome:
        plain = address.isascii()
        if not plain and not client.supports_extension("smtputf8"):
            return Outcome("failed", "The mail server takes no address with letters beyond ASCII before the @.")
        try:
            async with asyncio.timeout(run.at_most(self._patience)):
                await _envelope(client, self._sender.address, address, plain=plain)
                await client.data(message)
        except SMTPResponseException as error:
            await self._start_over(client)
            kind: Kind = "failed" if error.code >= _PERMANENT else "retry"
            return Outcome(kind, one_line(f"{error.code} {error.message}"))
        except ValueError as error:
            await self._start_over(client)
            return Outcome("failed", one_line(error))
        except (SMTPException, OSError) as error:
            # Somewhere after DATA: it may have arrived, and the next try carries the same Message-ID.
            client.close()
            return Outcome("retry", f"The connection to the mail server was lost: {one_line(error)}")
        return SENT

    async def _start_over(self, client: SMTP) -> None:
        """Readies the connection for the next letter after one that was refused."""
        try:
            await client.rset(timeout=self._patience)
        except (SMTPException, OSError):
            client.close()


async def _envelope(client: SMTP, sender: str, address: str, *, plain: bool) -> None:
    """MAIL and RCPT. Raises _GoneError where the server ends the connection: nothing was handed over yet."""
    encoding, options = ("ascii", b"") if plain else ("utf-8", b" SMTPUTF8")
    # `client.mail` and `client.rcpt` would parse each address again, which costs more than all else here.
    for command in (b"MAIL FROM:<%b>" % sender.encode() + options, b"RCPT TO:<%b>" % address.encode(encoding)):
        try:
            said = await client.execute_command(command)
        except ConnectionError as error:
            client.close()
            raise _GoneError from error
        if said.code == _GOING_AWAY:
            client.close()
            raise _GoneError
        if said.code not in _TAKEN:
            raise SMTPResponseException(said.code, said.message)


@dataclass(slots=True)
class _Run:
    """One batch under way: what waits, how each ended, when time is up (monotonic)."""

    size: int
    until: float
    waiting: deque[tuple[int, Letter]]
    refused: str | None = None
    done: list[Outcome | None] = field(init=False)
    _gone: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.done = [None] * self.size

    def left(self) -> float:
        return self.until - time.monotonic()

    def at_most(self, seconds: float) -> float:
        return max(0.01, min(seconds, self.left()))

    def again(self, number: int, letter: Letter) -> None:
        """A kept connection may end at any time, so a letter that it did not take yet has one more chance at once."""
        if number in self._gone:
            self.done[number] = Outcome("retry", "The mail server ended the connection before it took the letter.")
        else:
            self._gone.add(number)
            self.waiting.appendleft((number, letter))


class _NoConnectionError(Exception):
    """The server cannot be reached, or will not have us."""


class _GoneError(Exception):
    """The server ended the connection before it took the letter."""
