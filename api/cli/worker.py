"""Sends reminders, mail and webhooks, apart from `serve`, until it is told to end (SIGTERM, Ctrl-C)."""

import signal
import threading
from argparse import ArgumentParser, Namespace

from api.app import HOUSEKEEPING_SECONDS, build, close
from api.cli import databases, serving, shell
from api.web.rehearsal import go_on
from api.worker.ticking import Worker


def arguments(_: ArgumentParser) -> None:
    """None: everything is in the settings."""


def run(_: Namespace) -> None:
    """Ticks until it is told to end; what it has claimed by then is finished."""
    serving.log_warnings()
    settings = shell.settings()
    databases.migrated(settings)
    ways_out = serving.channels(settings)
    told = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    service = build(settings)
    worker = Worker(service, ways_out)
    worker.start()
    print("The worker runs.", flush=True)
    while not told.wait(HOUSEKEEPING_SECONDS):
        go_on(settings)
    worker.stop()
    close(service)
