"""A real service over the demonstration, with a sign-in for each role and the ids of what there is."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from api.cli import databases
from api.settings import read_settings
from scheduler.demo.fill import PEOPLE, fill
from scheduler.people import tokens
from scheduler.people.permission import OPERATOR
from scheduler.storage.migrate import migrate
from scheduler.storage.writer import Tx
from tests.stories import serving

PUBLIC = "public"
ROLES = (PUBLIC, *(role for role, _ in reversed(PEOPLE)))
_MISTAKE = re.compile(r"Traceback|^.* (?:ERROR|CRITICAL) ", re.MULTILINE)
_MOST_OF_LOG = 3_000
_MANY = {"limit": 200}


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """A running service. `tokens` by role, `log` is what it wrote to its standard error."""

    base: str
    tokens: dict[str, str]
    log: Path

    def complaints(self) -> tuple[str, ...]:
        """What the service logged as its own mistake, worker and followers included."""
        text = self.log.read_text()
        at = min((found.start() for found in _MISTAKE.finditer(text)), default=None)
        return () if at is None else (f"in the log: {text[at : at + _MOST_OF_LOG]}",)

    def client(self, role: str) -> httpx.Client:
        """A client signed in as `role`."""
        headers = {} if role == PUBLIC else {"Authorization": f"Bearer {self.tokens[role]}"}
        return httpx.Client(base_url=self.base, headers=headers, timeout=30)


@contextlib.contextmanager
def fuzzed(database_url: str, folder: Path) -> Iterator[Fuzzed]:
    """A service with its worker, over the demonstration in an empty database; it ends with the block."""
    environment = serving.settings(
        database_url,
        folder,
        # A rehearsal sends webhooks to this machine alone.
        ROSTRUM_CLOCK="2026-03-02T08:00:00Z",
        ROSTRUM_WEBHOOK_ALLOW="127.0.0.1",
        ROSTRUM_RATE="100000",
        # Each request names an address of its own, or the limit on unsigned writes would hide all else.
        ROSTRUM_TRUSTED_PROXIES="127.0.0.1",
    )
    migrate(database_url)
    signed, log = databases.act(read_settings(environment), _fill), folder / "log"
    with log.open("w") as errors, serving.serving(environment, errors) as base:
        yield Fuzzed(base, signed, log)


def _fill(tx: Tx) -> dict[str, str]:
    fill(tx)
    return {role: tokens.make_for_address(tx, OPERATOR, email) for role, email in PEOPLE}


def known_ids(service: Fuzzed, role: str) -> dict[str, list[str]]:
    """Ids of what there is by the name that they have in addresses, her own feeds and spare sign-ins among them."""
    found: dict[str, list[str]] = defaultdict(list)
    with service.client("secretariat") as client:

        def ids(path: str, most: int = 20) -> list[str]:
            return [str(each["id"]) for each in client.get(f"/api/v1{path}", params=_MANY).json()["items"]][-most:]

        sessions = [each["code"] for each in client.get("/api/v1/sessions", params=_MANY).json()["items"]]
        found["code"] = [*sessions, *(each["code"] for each in client.get("/api/v1/bodies").json()["items"])]
        for code in sessions:
            found["meeting_id"] += ids(f"/sessions/{code}/meetings", 3)
            found["item_id"] += ids(f"/sessions/{code}/items", 3)
            found["accreditation_id"] += ids(f"/sessions/{code}/accreditations", 2)
        for meeting in found["meeting_id"]:
            found["list_id"] += ids(f"/meetings/{meeting}/lists")
        for speakers in found["list_id"]:
            found["slot_id"] += ids(f"/lists/{speakers}/slots")
            found["inscription_id"] += ids(f"/lists/{speakers}/inscriptions")
        found["organisation_id"] = ids("/organisations")
        found["person_id"] = ids("/people")
        found["due_id"] = ids("/outbox")
        hook = {"url": "http://127.0.0.1:9/hook"}
        found["webhook_id"] = [client.post("/api/v1/webhooks", json=hook).json()["id"] for _ in range(3)]
    if role != PUBLIC:
        made = _own_feeds(service, role)
        found["feed_id"] = [each["id"] for each in made]
        found["token"] = [each["url"].rpartition("/")[2].removesuffix(".ics") for each in made[:1]]
    return {name: ids_ for name, ids_ in found.items() if ids_}


def own_ids(service: Fuzzed, role: str) -> tuple[str, ...]:
    """Whoever signed in as `role`, and her sign-in: what she must not end lest all else is refused."""
    with service.client(role) as client:
        sign_ins: list[dict[str, Any]] = client.get("/api/v1/me/sign-ins").json()["items"]
        return client.get("/api/v1/me").json()["id"], *(each["id"] for each in sign_ins)


def _own_feeds(service: Fuzzed, role: str) -> list[dict[str, str]]:
    with service.client(role) as client:
        return [client.post("/api/v1/me/feeds", json={"scope": "mine"}).json() for _ in range(5)]
