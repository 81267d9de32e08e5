"""The worker's thread: a round each second, until it is told to stop. Killed at any moment it loses nothing.

What it had claimed is claimed again after the lease, and sent under its first Message-ID.
"""

import asyncio
import logging
import threading
from concurrent.futures import CancelledError, Future
from contextlib import suppress

from apscheduler.schedulers.background import BackgroundScheduler

from api.web.service import Service
from api.worker.rounds import Channels, Rounds
from scheduler.clock.now import Clock

log = logging.getLogger(__name__)

_EVERY_SECONDS = 1.0
_QUICKEST_SECONDS = 0.2
_VIRTUAL_SECONDS = 20.0
_GOODBYE_SECONDS = 10.0
_CLOSING_SECONDS = 1.0


class Worker:
    """Runs beside requests, with their service, or alone in a process with its own. Any number share a database."""

    def __init__(self, service: Service, channels: Channels) -> None:
        self.rounds = Rounds(service, channels)
        self._seconds = tick_seconds(service.clock)
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="worker", daemon=True)
        self._round: Future[None] | None = None

    def start(self) -> None:
        """Begins to tick."""
        # It would warn each second that the last round is still going on, which is no fault.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._thread.start()
        self._scheduler.add_job(
            self._tick, "interval", seconds=self._seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Ends after the batch that is being sent, or after ten seconds; then claims lapse as if it had been killed."""
        self.rounds.end()
        self._scheduler.shutdown(wait=False)
        if self._round is not None:
            with suppress(Exception, CancelledError):
                self._round.result(_GOODBYE_SECONDS)
            self._round.cancel()
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(_GOODBYE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(1)
        if not self._thread.is_alive():
            self._loop.close()

    async def _close(self) -> None:
        """Closes the channels; a mail server that does not answer the goodbye is not waited for."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.rounds.close(), _CLOSING_SECONDS)

    def _tick(self) -> None:
        """In the scheduler's thread, for as long as the round takes: so that two of them never overlap."""
        self._round = asyncio.run_coroutine_threadsafe(self.rounds.run(), self._loop)
        try:
            self._round.result()
        except CancelledError:
            log.warning("The worker was stopped while it sent; what may not have gone out is sent again.")
        except Exception:
            log.exception("The worker could not finish its round; it tries again at the next tick.")


def tick_seconds(clock: Clock) -> float:
    """Real seconds between two rounds: one; in a rehearsal above 20 times the speed, what 20 seconds of it take."""
    return min(_EVERY_SECONDS, max(_QUICKEST_SECONDS, clock.real_seconds(_VIRTUAL_SECONDS)))
