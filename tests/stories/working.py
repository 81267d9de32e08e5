"""A worker in a process of its own, until it is killed: `python -m tests.stories.working`, settings by environment."""

import os
import signal

from api.app import build
from api.settings import read_settings
from api.worker.rounds import channels_of
from api.worker.ticking import Worker

if __name__ == "__main__":
    service = build(read_settings(os.environ))
    Worker(service, channels_of(service.settings)).start()
    signal.pause()
