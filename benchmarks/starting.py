"""What is no request: loading a long programme while it is served, and the start of the service."""

import subprocess
import time
from pathlib import Path
from statistics import median

from benchmarks.measuring import Row
from benchmarks.scenery import Place, programme_file
from benchmarks.service import wait_for
from tests.ports import free_port
from tests.stories.serving import ROOT, ROSTRUM

MEETINGS = 2_000
_TIMES = 3


def rows(folder: Path) -> list[Row]:
    """Both in seconds."""
    return [
        Row(f"rostrum load, {MEETINGS:,} new meetings", f"{_loading(folder):.1f} s"),
        Row("rostrum serve, from the command to the first answer", f"{_starting(folder):.1f} s"),
    ]


def _loading(folder: Path) -> float:
    file = folder / "programme.json"
    file.write_bytes(programme_file(MEETINGS))
    taken = []
    for number in range(_TIMES):
        place = Place.made(folder / f"loading-{number}")
        begun = time.perf_counter()
        subprocess.run([*ROSTRUM, "load", str(file)], env=place.whole, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return median(taken)


def _starting(folder: Path) -> float:
    place = Place.made(folder / "starting")
    taken = []
    for _ in range(_TIMES):
        port = free_port()
        begun = time.perf_counter()
        with subprocess.Popen(
            [*ROSTRUM, "serve", "--port", str(port)], env=place.whole, cwd=ROOT, stdout=subprocess.DEVNULL
        ) as run:
            wait_for(port)
            taken.append(time.perf_counter() - begun)
            run.terminate()
    return median(taken)
