"""Databases for every test: real ones, fresh, migrated. None is ever skipped for want of a server."""

from __future__ import annotations

import os
import shutil
from itertools import count
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import databases, network, summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERIAL = count(1)

# No deadline: two busy cores say nothing about the code. In CI the same examples each time.
hypothesis.settings.register_profile("rostrum", deadline=None, print_blob=True, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("rostrum")


def pytest_configure() -> None:
    network.keep_to_loopback()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ran = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for line in summary.lines(report.nodeid for report in ran):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of an empty PostgreSQL of this test process."""
    with databases.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> str:
    """The server, with a migrated database `migrated` to copy."""
    from scheduler.storage.migrate import migrate  # noqa: PLC0415  -- tests without a database need not load it

    migrate(databases.create_database(postgresql_server, "migrated"))
    return postgresql_server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    from scheduler.storage.migrate import migrate  # noqa: PLC0415  -- tests without a database need not load it

    path = tmp_path_factory.mktemp("migrated") / "rostrum.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database, for what concerns SQLite alone."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'rostrum.db')}"


@pytest.fixture
def postgresql_url(migrated_postgresql: str) -> Iterator[str]:
    """A fresh migrated PostgreSQL database, for what concerns PostgreSQL alone."""
    # A copy takes 35 ms, as long as a TRUNCATE of all tables, and leaves nothing behind: no row, no lock, no listener.
    url = databases.create_database(migrated_postgresql, f"test_{next(SERIAL)}", template="migrated")
    yield url
    databases.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database, once on each kind. Other processes may open it too."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
