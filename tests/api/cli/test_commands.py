"""The commands as somebody types them."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from email import message_from_bytes
from pathlib import Path

import httpx
import pytest

from scheduler.demo.fill import PEOPLE
from scheduler.storage.migrate import migrate
from tests.ports import free_port

ROOT = Path(__file__).parents[3]
ROSTRUM = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())"]
DEADLINE_SECONDS = 60


def environment(data: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ROSTRUM_")}
    return {**clean, "ROSTRUM_DATA_DIR": str(data), **more}


def run(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ROSTRUM, *arguments], cwd=ROOT, env=environment(data, **more), capture_output=True, text=True, check=False
    )


def start(data: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*ROSTRUM, *arguments], cwd=ROOT, env=environment(data, **more), stdout=subprocess.PIPE, text=True
    )


def until(process: subprocess.Popen[str], words: str) -> list[str]:
    """What it prints up to the line that has these words."""
    lines: list[str] = []
    assert process.stdout is not None
    while not lines or words not in lines[-1]:
        line = process.stdout.readline()
        assert line, f"it ended before it said {words!r}: {lines}"
        lines.append(line)
    return lines


def end(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    code = process.wait(DEADLINE_SECONDS)
    assert process.stdout is not None
    process.stdout.close()
    return code


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("sing",),
        ("serve", "--port", "many"),
        ("demo", "--port", "0"),
        ("worker", "--fast"),
        ("migrate", "now"),
        ("load",),
        ("load", "nowhere.toml"),
        ("person", "add", "ada@example.org"),
        ("token",),
        ("doctor", "now"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_and_a_code(tmp_path: Path, wrong: tuple[str, ...]) -> None:
    done = run(tmp_path, *wrong)

    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("token", "ada@example.org")], ids=" ".join)
def test_a_database_that_is_not_there_is_refused_and_not_made(tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "mistyped" / "rostrum.db"

    done = run(tmp_path, *command, ROSTRUM_DATABASE_URL=f"sqlite:///{file}")

    assert done.returncode == 1
    assert done.stderr == (
        f"rostrum: There is no {file} yet. Run `rostrum migrate`, or name another by ROSTRUM_DATABASE_URL.\n"
    )
    assert not file.parent.exists()


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("token", "ada@example.org")], ids=" ".join)
def test_a_database_that_is_not_migrated_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "rostrum.db").touch()

    done = run(tmp_path, *command)

    assert done.returncode == 1
    assert done.stderr == "rostrum: The database is not migrated. Run `rostrum migrate` first.\n"


def test_a_role_that_is_none_is_told_which_there_are(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'rostrum.db'}")

    done = run(tmp_path, "person", "add", "ada@example.org", "--name", "Ada", "--role", "god")

    assert done.returncode == 1
    assert done.stderr == (
        "rostrum: Some of the roles cannot be granted. There is no such role. "
        "Use secretariat, chair, focal_point or participant.\n"
    )


@pytest.mark.parametrize("command", [("serve",), ("migrate",)])
def test_a_database_of_a_newer_rostrum_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    migrate(f"sqlite:///{tmp_path / 'rostrum.db'}")
    with closing(sqlite3.connect(tmp_path / "rostrum.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    done = run(tmp_path, *command)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "was made by a newer Rostrum (9999)" in done.stderr


def test_a_rehearsal_refuses_a_mail_server_elsewhere(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'rostrum.db'}")

    done = run(tmp_path, "worker", ROSTRUM_CLOCK="2022-06-13T08:00:00Zx60", ROSTRUM_SMTP_URL="smtp://mail.example.org")

    assert done.returncode == 1
    assert "ROSTRUM_CLOCK is a rehearsal" in done.stderr


@pytest.mark.parametrize("command", [("person", "add", "ada@example.org", "--name", "Ada"), ("worker",)])
def test_a_clock_that_is_none_is_one_line_and_begins_no_rehearsal(tmp_path: Path, command: tuple[str, ...]) -> None:
    migrate(f"sqlite:///{tmp_path}/rostrum.db")

    done = run(tmp_path, *command, ROSTRUM_CLOCK="2022-06-01")

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("rostrum: ROSTRUM_CLOCK is an instant")
    assert not (tmp_path / "rehearsal").exists()


def test_the_worker_runs_until_it_is_told_to_end(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'rostrum.db'}")
    worker = start(tmp_path, "worker")

    until(worker, "The worker runs.")

    assert end(worker) == 0


def test_whoever_books_in_the_demonstration_is_written_to(tmp_path: Path) -> None:
    port = free_port()
    service = start(tmp_path, "demo", "--port", str(port))
    said = until(service, "Ready in")
    role = next(line for line in said if line.strip().startswith(PEOPLE[-1][0]))
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}/api/v1", headers={"Authorization": f"Bearer {role.split()[-1]}"}
    ) as laura:
        session = laura.get("/sessions?q=Practice").json()["items"][-1]["code"]
        meeting = laura.get(f"/sessions/{session}/meetings").json()["items"][0]["id"]
        speakers = laura.get(f"/meetings/{meeting}/lists").json()["items"][0]["id"]
        slot = laura.get(f"/lists/{speakers}/slots?free=true").json()["items"][0]["id"]
        booked = laura.post(f"/slots/{slot}/booking", json={"mode": "remote"})
    written = _letters_to(tmp_path / "mail", b"laura.rojas@example.org")

    assert (booked.status_code, end(service)) == (201, -signal.SIGTERM)
    assert len(written) == 1
    assert b"rostrum.ics" in written[0]
    assert f"http://127.0.0.1:{port}/".encode() in _texts(written[0])


def _texts(mail: bytes) -> bytes:
    parts = message_from_bytes(mail).walk()
    return b"".join(bytes(part.get_payload(decode=True) or b"") for part in parts)


def _letters_to(folder: Path, address: bytes) -> list[bytes]:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        found = [mail for file in folder.glob("*.eml") if address in (mail := file.read_bytes())]
        if found:
            return found
        time.sleep(0.1)
    return []
