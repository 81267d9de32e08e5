"""`make bench`: measures everything and prints one table. Takes some minutes; a busy machine only makes it longer."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import bookings, fanout, feeds, forecast, load, pages, reads, reminders, starting
from benchmarks.measuring import Row, table

PARTS: dict[str, Callable[[Path], Iterable[Row]]] = {
    "bookings": lambda folder: bookings.rows(folder, "SQLite"),
    "bookings-postgresql": lambda folder: bookings.rows(folder, "PostgreSQL"),
    "fanout": fanout.rows,
    "feeds": feeds.rows,
    "forecast": forecast.rows,
    "pages": pages.rows,
    "reads": reads.rows,
    "reminders": reminders.rows,
    "starting": starting.rows,
}


def main(chosen: list[str]) -> None:
    """Measures the parts of these names, or all."""
    begun, rows = time.perf_counter(), list[Row]()
    for name in chosen or PARTS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="rostrum-bench-") as folder:
            rows += PARTS[name](Path(folder))
    print(table(rows))
    seconds, waiting, busy = time.perf_counter() - begun, os.getloadavg()[0], max(load.GENERATOR_BUSY, default=0)
    print(f"{seconds:,.0f} s on {os.cpu_count()} processors, for which {waiting:.1f} processes waited at the end.")
    print(f"The load generator itself was busy for {busy:.0%} of a run at most.")


if __name__ == "__main__":
    main(sys.argv[1:])
