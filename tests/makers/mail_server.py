"""A real SMTP server on this machine, which answers as a test wants it to."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"
HANG_UP = ""
"""An answer that is none: the connection ends at once."""

Say = Callable[[Envelope, int], Awaitable[str]]
"""The answer to a command, given the envelope so far and how many letters this connection brought before."""


async def ok(envelope: Envelope, taken: int) -> str:
    return OK


@dataclass
class MailServer:
    """What came in: each accepted letter, each user that signed in, how many connections in all and at once."""

    port: int
    got: list[Envelope] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    lines: list["_Line"] = field(default_factory=list)
    most_at_once: int = 0
    open_now: int = 0


@dataclass
class _Handler:
    """One connection's answers."""

    server: MailServer
    mail: Say
    rcpt: Say
    data: Say
    taken: int = 0

    async def handle_MAIL(  # noqa: N802  -- aiosmtpd's name
        self, line: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return _said(line, await self.mail(envelope, self.taken))

    async def handle_RCPT(  # noqa: N802  -- aiosmtpd's name
        self, line: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return _said(line, await self.rcpt(envelope, self.taken))

    async def handle_DATA(self, line: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  -- aiosmtpd's name
        answer = await self.data(envelope, self.taken)
        if answer in {OK, HANG_UP}:
            self.server.got.append(envelope)
            self.taken += 1
        return _said(line, answer)


def _said(line: SMTP, answer: str) -> str:
    transport: Any = line.transport
    if answer == HANG_UP:
        transport.abort()
    elif answer.startswith("421"):
        asyncio.get_running_loop().call_soon(transport.close)
    return answer or OK


class _Line(SMTP):
    """One connection."""

    def __init__(self, server: MailServer, handler: _Handler, options: dict[str, Any]) -> None:
        super().__init__(handler, hostname="mail.test", **options)
        self._counted = server

    def hang_up(self) -> None:
        transport: Any = self.transport
        if transport is not None:
            transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self not in self._counted.lines:
            self._counted.lines.append(self)
            self._counted.open_now += 1
            self._counted.most_at_once = max(self._counted.most_at_once, self._counted.open_now)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._counted.open_now -= 1


@contextlib.asynccontextmanager
async def mail_server(
    *,
    mail: Say = ok,
    rcpt: Say = ok,
    data: Say = ok,
    password: str | None = None,
    tls: ssl.SSLContext | None = None,
    start_tls: ssl.SSLContext | None = None,
    utf8: bool = True,
) -> AsyncIterator[MailServer]:
    """Listens on a free port of 127.0.0.1 while the block runs."""
    server = MailServer(0)

    def authenticate(
        line: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        server.logins.append(data.login.decode())
        return AuthResult(success=data.password.decode() == password, handled=False)

    options = {
        "enable_SMTPUTF8": utf8,
        "tls_context": start_tls,
        "auth_require_tls": False,
        "authenticator": authenticate if password is not None else None,
    }
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: _Line(server, _Handler(server, mail, rcpt, data), options), "127.0.0.1", 0, ssl=tls
    )
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for line in server.lines:
            line.hang_up()
        await asyncio.sleep(0.01)
