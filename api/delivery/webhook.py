"""Webhooks as Standard Webhooks has them: signed, sent to an address that was checked, never redirected."""

import asyncio
import hmac
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256

import httpx

from api.delivery.addresses import Allowed, fault_in, may_reach, parse_address
from api.delivery.channels import NO_TIME, SENT, Outcome, Post, one_line

Resolve = Callable[[str, int], Awaitable[list[str]]]

_GONE = 410
_MOST_BYTES = 65_536


class WebhookChannel:
    """Sends posts, up to `connections` at once.

    Args:
        secret_key: the installation's, from which every webhook's secret is derived.
        allowed: what may be reached beside the public internet.
        resolve: gives a host's addresses as texts, raises OSError where it has none.
        patience: seconds that one post may take.
        tls: whose certificates are trusted; None: those that browsers trust.
    """

    def __init__(
        self,
        secret_key: str,
        allowed: Allowed,
        *,
        resolve: Resolve | None = None,
        connections: int = 8,
        patience: float = 10,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._secret_key = secret_key
        self._allowed = allowed
        self._resolve = resolve or _addresses
        self._most = connections
        self._patience = patience
        # A kept connection would be found by its address, and so be used for another name at the same one.
        self._client = httpx.AsyncClient(
            verify=True if tls is None else tls,
            trust_env=False,
            follow_redirects=False,
            timeout=patience,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def send(self, batch: Sequence[Post], seconds: float) -> list[Outcome]:
        """See `Channel.send`."""
        until = time.monotonic() + seconds
        turns, silent = asyncio.Semaphore(self._most), set[str]()
        return list(await asyncio.gather(*(self._one(post, turns, silent, until) for post in batch)))

    async def close(self) -> None:
        """Ends the connections."""
        await self._client.aclose()

    async def _one(self, post: Post, turns: asyncio.Semaphore, silent: set[str], until: float) -> Outcome:
        """`silent` are webhooks whose receiver could not be reached in this batch: the rest for it waits, not we."""
        async with turns:
            left = until - time.monotonic()
            if post.webhook_id in silent:
                return Outcome("retry", "The receiver could not be reached a moment ago.")
            if left <= 0:
                return NO_TIME
            try:
                async with asyncio.timeout(min(self._patience, left)):
                    return await self._post(post)
            except TimeoutError:
                why = "The receiver did not answer in time."
            except (httpx.HTTPError, OSError, UnicodeError) as error:
                why = f"The receiver cannot be reached: {one_line(error)}"
            silent.add(post.webhook_id)
            return Outcome("retry", why)

    async def _post(self, post: Post) -> Outcome:
        if fault := fault_in(post.url, self._allowed):
            return Outcome("failed", fault)
        url = httpx.URL(post.url)
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        pinned = self._chosen(url, await self._resolve(url.host, port))
        if pinned is None:
            return Outcome("failed", "This host is not on the public internet. ROSTRUM_WEBHOOK_ALLOW can allow it.")
        # The very address that was checked, whatever the name means a moment later; the name stays for TLS and Host.
        request = self._client.build_request(
            "POST",
            url.copy_with(host=pinned),
            content=post.body,
            headers={"host": url.netloc.decode("ascii"), **headers(self._secret_key, post)},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await self._client.send(request, stream=True)
        try:
            await _read_a_little(response)
        finally:
            await response.aclose()
        return _outcome(response.status_code)

    def _chosen(self, url: httpx.URL, found: list[str]) -> str | None:
        for text in found:
            address = parse_address(text)
            by_setting = self._allowed.has(url.host, address)
            if may_reach(url.host, address, self._allowed) and (by_setting or url.scheme == "https"):
                return str(address)
        return None


def webhook_secret(secret_key: str, webhook_id: str) -> str:
    """What the receiver verifies with, as it is shown once: `whsec_` and base64."""
    return f"whsec_{b64encode(_key(secret_key, webhook_id)).decode()}"


def headers(secret_key: str, post: Post) -> dict[str, str]:
    """The head of a signed post (standardwebhooks.com, "Signature scheme")."""
    timestamp = str(int(post.at.timestamp()))
    signed = b".".join((post.message_id.encode(), timestamp.encode(), post.body))
    signature = hmac.digest(_key(secret_key, post.webhook_id), signed, sha256)
    return {
        "content-type": "application/json",
        "user-agent": "Rostrum",
        "webhook-id": post.message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }


def _key(secret_key: str, webhook_id: str) -> bytes:
    return hmac.digest(secret_key.encode(), f"webhook:{webhook_id}".encode(), sha256)


async def _addresses(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


async def _read_a_little(response: httpx.Response) -> None:
    """Lets the receiver finish a short answer; nothing in it is of use."""
    size = 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > _MOST_BYTES:
            return


def _outcome(status: int) -> Outcome:
    if httpx.codes.is_success(status):
        return SENT
    # Only 410 says that the receiver never wants more; a 404 may be a deployment under way.
    return Outcome("failed" if status == _GONE else "retry", f"The receiver answered {status}.")
