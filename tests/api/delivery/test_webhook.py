import asyncio
import ssl
from base64 import b64decode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from api.delivery.addresses import NOTHING, Allowed
from api.delivery.channels import Outcome, Post
from api.delivery.webhook import WebhookChannel, webhook_secret
from tests.api.delivery.receiver import receiving, status, verified
from tests.makers.letters import AT
from tests.ports import free_port

KEY = "the installation's key"
TLS = Path(__file__).parents[2] / "data" / "tls"
NAME = "hooks.example.org"
LOCAL = Allowed.parse(["127.0.0.1"])
NAMED = Allowed.parse([NAME])
NO_HURRY = 60.0


def post(url: str, number: int = 1, webhook_id: str = "hook-1") -> Post:
    return Post(webhook_id, url, f"msg-{number}", b'{"type":"meeting.moved"}', AT)


def finds(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    """A resolver that knows these addresses of every name."""

    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


async def send(posts: list[Post], allowed: Allowed = LOCAL, seconds: float = NO_HURRY, **options: Any) -> list[Outcome]:
    channel = WebhookChannel(KEY, allowed, **options)
    try:
        return await channel.send(posts, seconds)
    finally:
        await channel.close()


async def test_post_arrives_signed() -> None:
    async with receiving() as receiver:
        outcomes = await send([post(f"http://127.0.0.1:{receiver.port}/in?x=1")])

    (got,) = receiver.got
    assert [outcome.kind for outcome in outcomes] == ["sent"]
    assert (got.line, got.body) == ("POST /in?x=1 HTTP/1.1", b'{"type":"meeting.moved"}')
    assert (got.headers["webhook-id"], got.headers["webhook-timestamp"]) == ("msg-1", str(int(AT.timestamp())))
    assert (got.headers["content-type"], got.headers["host"]) == ("application/json", f"127.0.0.1:{receiver.port}")
    assert verified(got, webhook_secret(KEY, "hook-1"))


async def test_signature_is_of_this_webhook_and_of_every_part() -> None:
    async with receiving() as receiver:
        await send([post(f"http://127.0.0.1:{receiver.port}/")])
    (got,) = receiver.got

    assert not verified(got, webhook_secret(KEY, "hook-2"))
    assert not verified(got, webhook_secret("another key", "hook-1"))
    for name in ("webhook-id", "webhook-timestamp"):
        kept, got.headers[name] = got.headers[name], "9"
        assert not verified(got, webhook_secret(KEY, "hook-1"))
        got.headers[name] = kept
    got.body += b" "
    assert not verified(got, webhook_secret(KEY, "hook-1"))


def test_secret_is_256_bits_and_always_the_same() -> None:
    assert webhook_secret(KEY, "hook-1") == webhook_secret(KEY, "hook-1")
    assert len(b64decode(webhook_secret(KEY, "hook-1").removeprefix("whsec_"))) == 32


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (200, "sent"),
        (202, "sent"),
        (301, "retry"),
        (307, "retry"),
        (400, "retry"),
        (404, "retry"),
        (410, "failed"),
        (429, "retry"),
        (503, "retry"),
    ],
)
async def test_answer_decides_what_becomes_of_a_post(code: int, kind: str) -> None:
    async with (
        receiving() as elsewhere,
        receiving(status(code, f"Location: http://127.0.0.1:{elsewhere.port}/")) as receiver,
    ):
        (outcome,) = await send([post(f"http://127.0.0.1:{receiver.port}/")])

    assert (outcome.kind, len(receiver.got), elsewhere.got) == (kind, 1, [])


async def test_receiver_that_is_not_there_is_tried_again() -> None:
    (outcome,) = await send([post(f"http://127.0.0.1:{free_port()}/")])

    assert outcome.kind == "retry"


async def test_receiver_that_hangs_up_is_tried_again() -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with receiving(hang_up) as receiver:
        (outcome,) = await send([post(f"http://127.0.0.1:{receiver.port}/")])

    assert (outcome.kind, len(receiver.got)) == ("retry", 1)


async def test_silent_receiver_takes_its_patience_once_a_batch() -> None:
    async def sleep(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with receiving(sleep) as silent, receiving() as lively:
        posts = [post(f"http://127.0.0.1:{silent.port}/", number) for number in range(20)]
        posts.append(post(f"http://127.0.0.1:{lively.port}/", 99, "hook-2"))
        outcomes = await send(posts, patience=0.2)

    assert [outcome.kind for outcome in outcomes] == ["retry"] * 20 + ["sent"]
    assert (len(silent.got), len(lively.got)) == (8, 1)


async def test_answer_that_drips_or_has_no_end_takes_no_longer_than_its_patience() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while True:
            writer.write(b"x")
            await asyncio.sleep(0.02)

    async with receiving(drip) as receiver:
        (outcome,) = await send([post(f"http://127.0.0.1:{receiver.port}/")], patience=0.3)

    assert outcome == Outcome("retry", "The receiver did not answer in time.")


async def test_long_answer_is_not_read_to_its_end() -> None:
    written = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while not writer.transport.is_closing():
            writer.write(b"x" * 65_536)
            written += 65_536
            await writer.drain()

    async with receiving(flood) as receiver:
        (outcome,) = await send([post(f"http://127.0.0.1:{receiver.port}/")])

    assert outcome.kind == "sent"
    assert written < 100_000_000


async def test_no_more_than_eight_go_at_once() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        await status(200)(writer)

    async with receiving(slowly) as receiver:
        outcomes = await send([post(f"http://127.0.0.1:{receiver.port}/", number) for number in range(30)])

    assert [outcome.kind for outcome in outcomes] == ["sent"] * 30
    assert receiver.most_at_once == 8


async def test_what_cannot_be_begun_in_time_is_given_back() -> None:
    async with receiving() as receiver:
        (outcome,) = await send([post(f"http://127.0.0.1:{receiver.port}/")], seconds=0)

    assert (outcome.kind, receiver.got) == ("unsent", [])


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]
)
async def test_name_that_means_a_private_address_is_refused(address: str) -> None:
    (outcome,) = await send([post(f"https://{NAME}/")], NOTHING, resolve=finds(address))

    assert outcome.kind == "failed"
    assert "public internet" in str(outcome.error)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1", "localhost"])
async def test_every_way_to_write_this_machine_is_refused(host: str) -> None:
    async with receiving() as receiver:
        (outcome,) = await send([post(f"https://{host}:{receiver.port}/")], NOTHING, resolve=finds("127.0.0.1"))

    assert (outcome.kind, receiver.got) == ("failed", [])


async def test_name_is_asked_once_and_the_checked_address_is_used() -> None:
    # A rebinding name: harmless when it is checked, another a moment later. Whatever asks again would leave.
    answers = [["127.0.0.1"], ["10.255.255.1"]]

    async def resolve(host: str, port: int) -> list[str]:
        assert (host, port) == (NAME, receiver.port)
        return answers.pop(0)

    async with receiving() as receiver:
        (outcome,) = await send([post(f"http://{NAME}:{receiver.port}/")], NAMED, resolve=resolve)

    assert (outcome.kind, answers) == ("sent", [["10.255.255.1"]])
    assert receiver.got[0].headers["host"] == f"{NAME}:{receiver.port}"


async def test_closed_address_beside_an_open_one_is_passed_over() -> None:
    async with receiving() as receiver:
        (outcome,) = await send(
            [post(f"http://in.local:{receiver.port}/")], LOCAL, resolve=finds("10.0.0.1", "127.0.0.1")
        )

    assert outcome.kind == "sent"


async def test_http_goes_only_where_the_settings_allow_it() -> None:
    (outcome,) = await send([post("http://in.local/")], LOCAL, resolve=finds("8.8.8.8"))

    assert outcome.kind == "failed"


async def test_unknown_host_is_tried_again() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    (outcome,) = await send([post(f"https://{NAME}/")], NOTHING, resolve=resolve)

    assert outcome == Outcome("retry", "The receiver cannot be reached: Name or service not known")


def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / f"{NAME}.pem", TLS / f"{NAME}.key")
    return context


async def test_certificate_is_held_against_the_name_at_the_checked_address() -> None:
    trusting = ssl.create_default_context(cafile=TLS / f"{NAME}.pem")
    asked: list[str | None] = []
    context = certified()
    context.sni_callback = lambda _, name, __: asked.append(name)
    allowed = Allowed.parse(["127.0.0.0/8"])

    async with receiving(tls=context) as receiver:
        named, other = [
            await send([post(f"https://{name}:{receiver.port}/")], allowed, resolve=finds("127.0.0.1"), tls=trusting)
            for name in (NAME, "evil.example.org")
        ]

    assert [outcome.kind for outcome in named + other] == ["sent", "retry"]
    assert asked == [NAME, "evil.example.org"]
    assert len(receiver.got) == 1


async def test_certificate_that_nobody_vouches_for_is_refused() -> None:
    async with receiving(tls=certified()) as receiver:
        (outcome,) = await send([post(f"https://{NAME}:{receiver.port}/")], NAMED, resolve=finds("127.0.0.1"))

    assert (outcome.kind, receiver.got) == ("retry", [])
