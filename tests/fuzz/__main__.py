"""Hostile requests against a real service, as each role, on each database: `make fuzz`.

Schemathesis over the OpenAPI document (event streams excluded), first through all bounds (on the first database alone:
it is always the same), then by chance; then bare bytes at the API, the feeds and the pages.
Prints a line a run and each fault with what does it again. The exit code is 1 where there is one.
"""

import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests import databases
from tests.fuzz import addresses, documented
from tests.fuzz.found import Found
from tests.fuzz.service import PUBLIC, ROLES, Fuzzed, fuzzed

DATABASES = ("sqlite", "postgresql")
MOST_SECONDS_OF_BOUNDS = 120
SHARE_OF_DOCUMENT = 0.6


def main() -> int:
    """Runs what was asked for."""
    given = _arguments()
    runs = [(database, role) for database in given.database for role in given.role]
    faults = 0
    with ExitStack() as stack:
        server = stack.enter_context(databases.postgresql()) if "postgresql" in given.database else ""
        for number, (database, role) in enumerate(runs):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                url = f"sqlite:///{folder}/fuzz.db"
                if database == "postgresql":
                    url = databases.create_database(server, f"fuzz_{number}")
                bounds = database == given.database[0]
                for found in _run(url, folder, role, given.seconds / len(runs), given.seed, bounds=bounds):
                    faults += len(found.faults)
                    _say(f"{database:11} {found.line()}", *found.faults)
    _say(f"{faults} faults (seed {given.seed}).")
    return 1 if faults else 0


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=240, help="of what is drawn by chance, in all (default: 240)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of all that is drawn (default: the time)")
    parser.add_argument("--database", action="append", choices=DATABASES, help="default: both")
    parser.add_argument("--role", action="append", choices=ROLES, help="default: all")
    given = parser.parse_args()
    given.database, given.role = given.database or DATABASES, given.role or ROLES
    return given


def _run(url: str, folder: Path, role: str, seconds: float, seed: int, *, bounds: bool) -> Iterator[Found]:
    with fuzzed(url, folder) as service:
        if bounds:
            yield documented.run(service, role, documented.SYSTEMATIC, MOST_SECONDS_OF_BOUNDS, folder=folder, seed=seed)
        yield documented.run(service, role, documented.DRAWN, seconds * SHARE_OF_DOCUMENT, folder=folder, seed=seed)
        yield addresses.run(service, role, seconds * (1 - SHARE_OF_DOCUMENT), seed)
        yield _aftermath(service, role)


def _aftermath(service: Fuzzed, role: str) -> Found:
    """Whether the service lives, has logged no mistake of its own, and still knows who was signed in."""
    with service.client(role) as client:
        answers = {path: client.get(path).status_code for path in ("/health/ready", "/api/v1/me")}
    expected = {"/health/ready": 200, "/api/v1/me": 401 if role == PUBLIC else 200}
    faults = () if answers == expected else (f"afterwards: {answers}",)
    counted = Counter(f"GET {path} {status}" for path, status in answers.items())
    return Found(f"afterwards, {role}", counted, faults + service.complaints())


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
