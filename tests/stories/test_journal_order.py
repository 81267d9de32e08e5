"""Eight writers in two processes and a reader by cursor: nothing is skipped, nothing comes twice."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from scheduler.journal.following import entries_after
from scheduler.storage.engine import database

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 120


def _process(url: str, name: str, entries: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.scheduler.journal.writing", url, name, str(entries)]
    return subprocess.Popen(command, cwd=ROOT)


def _read_while(url: str, writers: list[subprocess.Popen[bytes]], kill_at: int | None = None) -> list[tuple[int, str]]:
    """Follows the journal by cursor until the writers are done; kills the first of them with SIGKILL on the way."""
    conn = database(url).connect(reading=True)
    seen: list[tuple[int, str]] = []
    cursor, end = 0, time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        done = all(writer.poll() is not None for writer in writers)
        found = entries_after(conn, cursor, 100)
        seen += [(e.id, e.subject_id) for e in found]
        cursor = seen[-1][0] if seen else 0
        if kill_at is not None and len(seen) >= kill_at:
            writers[0].send_signal(signal.SIGKILL)
            kill_at = None
        if done and not found:
            break
    conn.close()
    return seen


def _all_of(url: str) -> list[tuple[int, str]]:
    conn = database(url).connect(reading=True)
    found = [(e.id, e.subject_id) for e in entries_after(conn, 0, 100_000)]
    conn.close()
    return found


def test_a_cursor_neither_skips_nor_repeats_under_eight_writers_in_two_processes(database_url: str) -> None:
    seen = _read_while(database_url, [_process(database_url, name, 2_500) for name in ("a", "b")])

    assert len(seen) == 5_000
    assert [number for number, _ in seen] == list(range(1, 5_001))
    assert len({subject for _, subject in seen}) == 5_000


def test_a_killed_writer_leaves_no_hole_and_stops_nobody(database_url: str) -> None:
    writers = [_process(database_url, name, 2_500) for name in ("a", "b")]

    seen = _read_while(database_url, writers, kill_at=500)

    assert [writer.returncode for writer in writers] == [-signal.SIGKILL, 0]
    assert seen == _all_of(database_url)
    assert len([subject for _, subject in seen if subject.startswith("b-")]) == 2_500
    assert len({subject for _, subject in seen}) == len(seen)
