"""The whole service on a database of its own, filled with the demonstration programme; listens on 127.0.0.1."""

import os
import time
from argparse import ArgumentParser, Namespace

from api.app import uid_host
from api.cli import databases, serving, shell
from scheduler.demo.fill import PEOPLE, Filled, fill
from scheduler.demo.hush import hush
from scheduler.people import queries, tokens
from scheduler.people.permission import OPERATOR
from scheduler.storage.migrate import migrate
from scheduler.storage.writer import Tx

_HOST = "127.0.0.1"


def arguments(parser: ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--port", type=serving.port, default=8000, help="the port to listen on (default: 8000)")


def run(given: Namespace) -> None:
    """Migrates, fills, says where to look and how to sign in, serves."""
    begun = time.perf_counter()
    # Links in mails and calendars lead to where it listens, unless they are told otherwise.
    os.environ.setdefault("ROSTRUM_BASE_URL", serving.address(_HOST, given.port))
    settings = shell.settings()
    with serving.listening(_HOST, given.port) as socket:
        databases.reached(settings, lambda base: migrate(base.url))
        done, people = databases.act(settings, _fill)
        made = done.practice
        if made:
            databases.act(settings, lambda tx: hush(tx, made, uid_host(tx, settings), settings.quiet_seconds))
        base = serving.address(_HOST, given.port)
        lines = [
            f"The demonstration: {done.line}.",
            "",
            "Sign in with a bearer token; one person of each role:",
            *(f"  {role:12}{name:16}{token}" for role, name, token in people),
            "",
            "Try:",
            f"  curl {base}/api/v1/sessions",
            f"  curl '{base}/api/v1/sessions/ahc-2/meetings?tz=Pacific/Apia'",
            f"  curl -H 'Authorization: Bearer {people[-1][2]}' {base}/api/v1/me",
            f"  {base}/docs describes every operation; {base}/demo/mail shows the mail that was written.",
            "",
        ]
        print("\n".join(lines), flush=True)
        serving.serve(settings, socket, f"Ready in {time.perf_counter() - begun:.1f} s: {base}")


def _fill(tx: Tx) -> tuple[Filled, list[tuple[str, str, str]]]:
    done = fill(tx)
    people = []
    for role, email in PEOPLE:
        token = tokens.make_for_address(tx, OPERATOR, email)
        person = queries.by_address(tx.conn, email)
        people.append((role, queries.actor(tx.conn, str(person)).name, token))
    return done, people
