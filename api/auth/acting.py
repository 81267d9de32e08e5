"""From a route to an act: in the writer, with the person as she is in that very transaction."""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from api.auth.door import signed_of
from api.web.answers import answer, encode
from api.web.service import service_of
from scheduler.errors import Meaningless, Refusal
from scheduler.journal.idempotency import Keyed, keep_answers, kept_answers
from scheduler.people import queries
from scheduler.people.permission import Actor
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Together, Tx

T = TypeVar("T")
CREATED = 201
_LONGEST_KEY = 255


async def act(request: Request, do: Callable[[Tx, Actor], T], *, alone: bool = False) -> T:
    """Runs an act for whoever sent the request; answers after its commit. Raises what the act refuses with."""
    actor = who(request)
    return await service_of(request).writer.act(lambda tx: do(tx, actor(tx.conn)), alone=alone)


def who(request: Request) -> Callable[[Connection], Actor]:
    """Finds whoever sent the request as she is in the transaction in which that is asked."""
    person = str(signed_of(request).actor.id)
    return lambda conn: queries.actor(conn, person)


async def make(
    request: Request,
    do: Callable[[Tx, Actor], Any],
    *,
    secret: str | None = None,
    alone: bool = False,
) -> Response:
    """Runs an act that makes a resource and answers 201 with it.

    A repeat under the same Idempotency-Key gets the first answer, without the member `secret` if it names one.
    """
    keyed = await _keyed(request)
    if keyed is None:
        return answer(await act(request, do, alone=alone), CREATED)

    def once(tx: Tx, actor: Actor) -> bytes:
        kept = kept_answers(tx, [keyed])[0]
        if isinstance(kept, Refusal):
            raise kept
        if kept is not None:
            return kept
        made = do(tx, actor)
        keep_answers(tx, [(keyed, encode(_without(made, secret)))])
        return encode(made)

    return answer(await act(request, once, alone=alone), CREATED)


async def make_together(request: Request, together: Together, wish: Any) -> Response:
    """The same for an act that many wish for at once: see `Writer.act_together`."""
    writer, keyed = service_of(request).writer, await _keyed(request)
    if keyed is None:
        return answer(await writer.act_together(together, wish), CREATED)
    return answer(await writer.act_together(_once_each(together), (keyed, wish)), CREATED)


@cache
def _once_each(together: Together) -> Together:
    """The act for wishes under keys."""

    def once(tx: Tx, asked: list[tuple[Keyed, Any]]) -> list[bytes | Refusal]:
        if len({keyed.id for keyed, _ in asked}) < len(asked):
            raise _TwiceAtOnceError
        kept = kept_answers(tx, [keyed for keyed, _ in asked])
        fresh = [each for each, known in zip(asked, kept, strict=True) if known is None]
        outcomes = [
            each if isinstance(each, Refusal) else encode(each)
            for each in (together(tx, [wish for _, wish in fresh]) if fresh else ())
        ]
        made = [(keyed, body) for (keyed, _), body in zip(fresh, outcomes, strict=True) if isinstance(body, bytes)]
        keep_answers(tx, made)
        following = iter(outcomes)
        return [next(following) if known is None else known for known in kept]

    return once


class _TwiceAtOnceError(Exception):
    """Two of a batch have one key. Alone, as they are tried then, the second finds the first's answer."""


async def _keyed(request: Request) -> Keyed | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= _LONGEST_KEY:
        raise Meaningless("An Idempotency-Key has 1 to 255 characters.", field="Idempotency-Key")
    fingerprint = hashlib.sha256(b"\n".join([str(request.url.path).encode(), await request.body()])).hexdigest()
    return Keyed(str(signed_of(request).actor.id), key, fingerprint)


def _without(made: Any, secret: str | None) -> Any:
    if secret is None:
        return made
    return {name: value for name, value in msgspec.to_builtins(made).items() if name != secret}
