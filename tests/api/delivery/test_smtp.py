import asyncio
import contextlib
import email
import ssl
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope

from api.delivery.channels import SENT, Letter, Outcome
from api.delivery.smtp import Server, SmtpChannel
from tests.makers.letters import SENDER, letter
from tests.makers.mail_server import HANG_UP, OK, MailServer, Say, mail_server
from tests.ports import free_port

NO_HURRY = 60.0
TLS = Path(__file__).parents[2] / "data" / "tls"


@contextlib.asynccontextmanager
async def channel(port: int, **options: Any) -> AsyncIterator[SmtpChannel]:
    made = SmtpChannel(f"smtp://127.0.0.1:{port}", SENDER, **options)
    try:
        yield made
    finally:
        await made.close()


async def send(server: MailServer, batch: list[Letter], seconds: float = NO_HURRY, **options: Any) -> list[Outcome]:
    async with channel(server.port, **options) as smtp:
        return await smtp.send(batch, seconds)


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes]


def read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    return email.message_from_bytes(envelope.content, policy=default)


def subjects(server: MailServer) -> list[str]:
    return sorted(read(each)["subject"] for each in server.got)


def saying(answer: str, to: str) -> Say:
    """`answer` where the letter is for this address, else yes."""

    async def say(envelope: Envelope, taken: int) -> str:
        return answer if envelope.rcpt_tos == [to] else OK

    return say


async def test_letter_arrives_whole() -> None:
    async with mail_server() as server:
        outcomes = await send(server, [letter(text="one\n.\n..two\nthree\n")])

    (envelope,) = server.got
    message = read(envelope)
    plain = message.get_body(("plain",))
    assert outcomes == [SENT]
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER.address, ["sefina.tuilagi@example.org"])
    assert message["subject"] == letter().subject
    assert plain is not None
    assert plain.get_content().splitlines() == ["one", ".", "..two", "three"]


async def test_outcomes_come_in_the_order_of_the_batch() -> None:
    async with mail_server(rcpt=saying("550 5.1.1 no such user", "gone@example.org")) as server:
        batch = [letter(n, to_address="gone@example.org" if n % 3 == 0 else "here@example.org") for n in range(30)]
        outcomes = await send(server, batch)

    assert kinds(outcomes) == ["failed", "sent", "sent"] * 10
    assert outcomes[0].error == "550 5.1.1 no such user"
    assert len(server.got) == 20


@pytest.mark.parametrize(
    ("answer", "kind"), [("450 busy", "retry"), ("452 full", "retry"), ("550 no", "failed"), ("554 no", "failed")]
)
@pytest.mark.parametrize("command", ["rcpt", "data"])
async def test_refusal_of_one_letter_stops_no_other(command: str, answer: str, kind: str) -> None:
    async with mail_server(**{command: saying(answer, "ada@example.org")}) as server:  # type: ignore[arg-type]  # -- one of its answers
        outcomes = await send(server, [letter(1, to_address="ada@example.org"), letter(2)], connections=1)

    assert outcomes == [Outcome(kind, answer), SENT]  # type: ignore[arg-type]  # -- a kind, by the table above
    assert len(server.lines) == 1


async def test_refused_sender_refuses_each_letter() -> None:
    async def refuse(envelope: Envelope, taken: int) -> str:
        return "553 not from you"

    async with mail_server(mail=refuse) as server:
        outcomes = await send(server, [letter(1), letter(2)])

    assert outcomes == [Outcome("failed", "553 not from you")] * 2


async def test_connections_are_few_and_kept_between_batches() -> None:
    async def slowly(envelope: Envelope, taken: int) -> str:
        await asyncio.sleep(0.005)
        return OK

    async with mail_server(data=slowly) as server, channel(server.port) as smtp:
        for _ in range(3):
            assert set(kinds(await smtp.send([letter(n) for n in range(40)], NO_HURRY))) == {"sent"}

        assert (len(server.lines), server.most_at_once) == (8, 8)
    assert len(server.got) == 120


async def test_kept_connection_that_ended_meanwhile_is_replaced() -> None:
    async with mail_server() as server, channel(server.port, connections=1) as smtp:
        await smtp.send([letter(1)], NO_HURRY)
        server.lines[0].hang_up()

        assert await smtp.send([letter(2)], NO_HURRY) == [SENT]
        assert len(server.lines) == 2


@pytest.mark.parametrize("answer", ["421 that will do", HANG_UP])
async def test_server_that_takes_few_letters_a_connection_gets_them_all_once(answer: str) -> None:
    async def three_at_most(envelope: Envelope, taken: int) -> str:
        return answer if taken == 3 else OK

    async with mail_server(mail=three_at_most) as server:
        outcomes = await send(server, [letter(n, subject=f"{n:02}") for n in range(20)], connections=2)

    assert outcomes == [SENT] * 20
    assert subjects(server) == [f"{n:02}" for n in range(20)]


async def test_connection_that_breaks_after_the_letter_leaves_it_open_whether_it_arrived() -> None:
    async def break_second(envelope: Envelope, taken: int) -> str:
        return HANG_UP if taken == 1 else OK

    async with mail_server(data=break_second) as server:
        outcomes = await send(server, [letter(n, subject=f"{n}") for n in range(4)], connections=1)

    assert kinds(outcomes) == ["sent", "retry", "sent", "retry"]
    assert "connection to the mail server was lost" in str(outcomes[1].error)
    assert subjects(server) == ["0", "1", "2", "3"]


async def test_server_that_never_takes_a_letter_is_asked_twice() -> None:
    asked = 0

    async def hang_up(envelope: Envelope, taken: int) -> str:
        nonlocal asked
        asked += 1
        return HANG_UP

    async with mail_server(mail=hang_up) as server:
        outcomes = await send(server, [letter()])

    assert (kinds(outcomes), asked) == (["retry"], 2)


async def test_server_that_is_not_there_is_tried_again_later() -> None:
    async with channel(free_port()) as smtp:
        outcomes = await smtp.send([letter(n) for n in range(20)], NO_HURRY)

    assert kinds(outcomes) == ["retry"] * 20
    assert {str(outcome.error).partition(":")[0] for outcome in outcomes} == {"No connection to the mail server"}


async def test_server_that_falls_silent_takes_no_longer_than_its_patience() -> None:
    async def sleep(envelope: Envelope, taken: int) -> str:
        await asyncio.sleep(30)
        return OK

    async with mail_server(data=saying_slowly("slow@example.org", sleep)) as server:
        batch = [letter(1, to_address="slow@example.org"), letter(2)]
        outcomes = await send(server, batch, connections=1, patience=0.3)

    assert kinds(outcomes) == ["retry", "sent"]


def saying_slowly(to: str, say: Say) -> Say:
    async def choose(envelope: Envelope, taken: int) -> str:
        return await say(envelope, taken) if envelope.rcpt_tos == [to] else OK

    return choose


async def test_what_cannot_be_begun_in_time_is_given_back() -> None:
    async def slowly(envelope: Envelope, taken: int) -> str:
        await asyncio.sleep(0.05)
        return OK

    async with mail_server(data=slowly) as server:
        outcomes = await send(server, [letter(n) for n in range(200)], seconds=0.5)

    assert set(kinds(outcomes)) >= {"sent", "unsent"}
    assert kinds(outcomes).count("sent") <= len(server.got) < 200


async def test_letter_that_cannot_be_composed_fails_alone() -> None:
    async with mail_server() as server:
        outcomes = await send(server, [letter(1, to_address="a@b\r\nRCPT TO:<c@d>"), letter(2)])

    assert kinds(outcomes) == ["failed", "sent"]
    assert [each.rcpt_tos for each in server.got] == [["sefina.tuilagi@example.org"]]


async def test_address_beyond_ascii_goes_where_the_server_takes_it() -> None:
    async with mail_server() as server:
        outcomes = await send(server, [letter(to_address="zoë@example.org", to_name="Zoë")])

    assert outcomes == [SENT]
    assert [(each.rcpt_tos, each.smtp_utf8) for each in server.got] == [(["zoë@example.org"], True)]


async def test_address_beyond_ascii_fails_where_the_server_does_not() -> None:
    async with mail_server(utf8=False) as server:
        outcomes = await send(server, [letter(1, to_address="zoë@example.org"), letter(2)])

    assert kinds(outcomes) == ["failed", "sent"]


@pytest.mark.parametrize(("password", "kind"), [("s3cret/:@", "sent"), ("wrong", "retry")])
async def test_password_is_given_and_a_refused_one_is_no_letters_fault(password: str, kind: str) -> None:
    async with mail_server(password="s3cret/:@") as server:
        quoted = password.replace("/", "%2F").replace(":", "%3A").replace("@", "%40")
        smtp = SmtpChannel(f"smtp://ada:{quoted}@127.0.0.1:{server.port}", SENDER)
        (outcome,) = await smtp.send([letter()], NO_HURRY)
        await smtp.close()

    assert (outcome.kind, set(server.logins)) == (kind, {"ada"})
    assert password not in str(outcome.error)


def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "hooks.example.org.pem", TLS / "hooks.example.org.key")
    return context


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls", "smtp"])
async def test_certificate_that_nobody_vouches_for_gets_no_letter(scheme: str) -> None:
    options = {"tls": certified()} if scheme == "smtps" else {"start_tls": certified()}
    async with mail_server(**options) as server:  # type: ignore[arg-type]  # -- one of the two
        smtp = SmtpChannel(f"{scheme}://127.0.0.1:{server.port}", SENDER)
        (outcome,) = await smtp.send([letter()], NO_HURRY)
        await smtp.close()

    assert (outcome.kind, server.got) == ("retry", [])
    assert "certificate" in str(outcome.error).lower()


async def test_starttls_that_is_insisted_on_and_not_offered_gets_no_letter() -> None:
    async with mail_server() as server:
        smtp = SmtpChannel(f"smtp+starttls://127.0.0.1:{server.port}", SENDER)
        (outcome,) = await smtp.send([letter()], NO_HURRY)
        await smtp.close()

    assert (outcome.kind, server.got) == ("retry", [])


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 25, None, None, tls=False, start_tls=None)),
        ("smtp://127.0.0.1:1025/", Server("127.0.0.1", 1025, None, None, tls=False, start_tls=None)),
        ("smtp://a:b@localhost", Server("localhost", 25, "a", "b", tls=False, start_tls=None)),
        ("smtp://a%40x:p%3A@m.example.org:587", Server("m.example.org", 587, "a@x", "p:", tls=False, start_tls=True)),
        ("smtp+starttls://m.example.org", Server("m.example.org", 587, None, None, tls=False, start_tls=True)),
        ("smtps://a:b@m.example.org", Server("m.example.org", 465, "a", "b", tls=True, start_tls=False)),
    ],
)
def test_server_is_read_from_its_address(url: str, server: Server) -> None:
    assert Server.parse(url) == server


@pytest.mark.parametrize(
    "url", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://m/x", "smtp://m:x"]
)
def test_address_of_no_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="mail server"):
        Server.parse(url)
