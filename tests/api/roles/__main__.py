"""Prints the role table as it was tried over HTTP: `python -m tests.api.roles`.

Acts down, roles across, a status in each cell; `+` says that what only some may read was in the answer, `!` that the
contract says otherwise (then the exit code is 1).
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from api.app import build, close
from api.settings import read_settings
from scheduler.storage.migrate import migrate
from tests.api.roles.table import TABLE
from tests.api.roles.trying import Statuses, expected, trial, tried
from tests.api.roles.world import HERE, ROLES

WIDTH = 7


async def _all(url: str, folder: Path) -> dict[str, Statuses]:
    found = {}
    for number, row in enumerate(TABLE):
        address = f"{url}-{number}"
        migrate(address)
        settings = {"ROSTRUM_DATABASE_URL": address, "ROSTRUM_DATA_DIR": str(folder)}
        service = build(read_settings(settings | {"ROSTRUM_TRUSTED_PROXIES": "127.0.0.1"}))
        async with trial(service) as on:
            found[row] = await tried(on, row)
        close(service)
    return found


def _lines(found: dict[str, Statuses], wrong: list[str]) -> Iterator[str]:
    """The table; what differs is also put into `wrong`."""
    yield from (f"{chr(ord('A') + column)} = {role}" for column, role in enumerate(ROLES))
    for row, statuses in found.items():
        yield f"\n{row.upper()}\n{'':72}" + "".join(f"{chr(ord('A') + n):{WIDTH}}" for n in range(len(ROLES)))
        said = expected(row)
        for key, by_role in statuses.items():
            operation, what, place = key
            title = f"{operation} {what}" + ("" if place == HERE else f" [{place}]")
            cells = [status + "!" * (status != said[key][role]) for role, status in by_role.items()]
            yield f"{title:72}" + "".join(f"{cell:{WIDTH}}" for cell in cells)
            for role, status in by_role.items():
                if status != said[key][role]:
                    wrong.append(f"{title}, {role}: {status}, the contract says {said[key][role]}")


def main() -> int:
    """Prints the table; 1 where a cell differs."""
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(_all(f"sqlite:///{name}/roles.db", Path(name)))
    wrong: list[str] = []
    sys.stdout.writelines(f"{line}\n" for line in _lines(found, wrong))
    tried = sum(len(by_role) for statuses in found.values() for by_role in statuses.values())
    sys.stdout.writelines(f"{line}\n" for line in ["", *wrong, f"{tried} cells tried, {len(wrong)} differ."])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
