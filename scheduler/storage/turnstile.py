import fcntl
import os
from pathlib import Path


class Turnstile:
    """Two file locks that make writing processes take turns on one SQLite file.

    SQLite's own busy handler sleeps and retries, so a process that writes all the time starves the others for seconds.
    Here each waits at the doorway, then for the room, and frees the doorway once inside: whoever came next goes next.
    A killed process frees both with its file descriptors.
    """

    __slots__ = ("_doorway", "_paths", "_room")

    def __init__(self, database: Path) -> None:
        self._paths = (f"{database}.doorway", f"{database}.room")
        self._doorway = -1
        self._room = -1

    def __enter__(self) -> None:
        self._doorway, self._room = (
            os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for path in self._paths
        )
        fcntl.flock(self._doorway, fcntl.LOCK_EX)
        fcntl.flock(self._room, fcntl.LOCK_EX)
        fcntl.flock(self._doorway, fcntl.LOCK_UN)

    def __exit__(self, *_: object) -> None:
        os.close(self._room)
        os.close(self._doorway)
