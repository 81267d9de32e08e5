"""From a route to an act: in the writer, with the person as she is in that very transaction."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from api.auth.door import signed_of
from api.web.answers import answer, encode
from api.web.service import service_of
from scheduler.errors import Meaningless
from scheduler.journal.idempotency import keep_answer, kept_answer
from scheduler.people import queries
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx

T = TypeVar("T")
CREATED = 201
_LONGEST_KEY = 255


async def act(request: Request, do: Callable[[Tx, Actor], T], *, alone: bool = False) -> T:
    """Runs an act for whoever sent the request; answers after its commit. Raises what the act refuses with."""
    person = str(signed_of(request).actor.id)
    return await service_of(request).writer.act(lambda tx: do(tx, queries.actor(tx.conn, person)), alone=alone)


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
    key = request.headers.get("idempotency-key")
    if key is None:
        return answer(await act(request, do, alone=alone), CREATED)
    if not 0 < len(key) <= _LONGEST_KEY:
        raise Meaningless("An Idempotency-Key has 1 to 255 characters.", field="Idempotency-Key")
    fingerprint = hashlib.sha256(b"\n".join([str(request.url.path).encode(), await request.body()])).hexdigest()

    def once(tx: Tx, actor: Actor) -> bytes:
        kept = kept_answer(tx, str(actor.id), key, fingerprint)
        if kept is not None:
            return kept
        made = do(tx, actor)
        keep_answer(tx, str(actor.id), key, fingerprint, encode(_without(made, secret)))
        return encode(made)

    return answer(await act(request, once, alone=alone), CREATED)


def _without(made: Any, secret: str | None) -> Any:
    if secret is None:
        return made
    return {name: value for name, value in msgspec.to_builtins(made).items() if name != secret}
