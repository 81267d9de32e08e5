"""Bearer tokens and cookies to persons, kept in memory until the journal says that a person or a sign-in changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from api.web.service import Service
from scheduler.errors import NotSignedIn
from scheduler.ids import hash_secret
from scheduler.journal.entries import Entry
from scheduler.people import queries
from scheduler.people.permission import Actor
from scheduler.people.views import SignInView
from scheduler.storage.connection import Connection

_MOST_KEPT = 10_000
_FORGET_ON = ("person.", "role.", "sign-in.")


@dataclass(frozen=True, slots=True)
class Signed:
    """A valid sign-in, who it is, and until when (None: until it is ended)."""

    sign_in: str
    actor: Actor
    expires_at: datetime | None


class Keys:
    """The tokens in use. `seen` is when each sign-in was last used; it is written once a minute."""

    def __init__(self) -> None:
        self._kept: dict[str, Signed] = {}
        self._forgotten = 0
        self.seen: dict[str, datetime] = {}

    def heard(self, entries: list[Entry]) -> None:
        """A journal listener."""
        if any(entry.kind.startswith(_FORGET_ON) for entry in entries):
            self._forgotten += 1
            self._kept.clear()

    async def signed_in(self, service: Service, token: str) -> Signed:
        """Who holds this token. Raises NotSignedIn for an unknown, ended or expired one."""
        secret_hash = hash_secret(token)
        now = service.clock.now()
        forgotten = self._forgotten
        found = self._kept.get(secret_hash)
        if found is None or (found.expires_at is not None and found.expires_at <= now):
            found = await service.reads.short(lambda conn: _look_up(conn, secret_hash, now))
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        if forgotten == self._forgotten:
            self._kept[secret_hash] = found
        self.seen[found.sign_in] = now
        return found

    def with_use(self, views: Iterable[SignInView]) -> list[SignInView]:
        """Sign-ins with uses that are not written yet."""
        return [
            replace(view, last_seen_at=self.seen[view.id].replace(microsecond=0)) if view.id in self.seen else view
            for view in views
        ]


def _look_up(conn: Connection, secret_hash: str, now: datetime) -> Signed:
    row = queries.sign_in(conn, secret_hash, now)
    if row is None or row[2] == "link":
        raise NotSignedIn("This token is not valid (any more). Ask for a new one.")
    return Signed(row[0], queries.actor(conn, row[1]), row[3])
