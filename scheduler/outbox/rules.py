"""When a thing that is due is tried, tried again, given up or no longer of use. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Status = Literal["planned", "sending", "sent", "failed", "dropped"]
STATUSES: tuple[Status, ...] = ("planned", "sending", "sent", "failed", "dropped")

Outcome = Literal["sent", "retry", "failed", "dropped", "unsent"]
"""How a try ended: `retry` may go better later, `failed` never will. What has become pointless (`dropped`) or was not
begun (`unsent`) does not count as tried."""

LEASE = timedelta(seconds=30)
"""How long a claim holds; afterwards another worker may take the row, under the same Message-ID."""

WAITS = tuple(timedelta(seconds=s) for s in (30, 120, 600, 1_800, 3_600, 7_200, 14_400))
"""What lies between a try and the next: seven and a half hours in all."""

MOST_TRIES = len(WAITS) + 1

TOO_LATE = "It would have come too late to help, so it was not sent."
STOPPED = "The worker stopped while it was sending this; it may have gone out."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a row: its status, when it may be claimed again, the tries that count, and what went wrong."""

    status: Status
    claim_at: datetime
    attempts: int
    error: str | None


def verdict(outcome: Outcome, error: str | None, attempts: int, now: datetime, useless_at: datetime | None) -> Verdict:
    """What becomes of a row after its try number `attempts` (from 1) ended so at `now`."""
    if outcome == "unsent":
        return Verdict("planned", now, attempts - 1, error)
    if outcome == "dropped":
        return Verdict("dropped", now, attempts - 1, error)
    if outcome != "retry":
        return Verdict(outcome, now, attempts, error)
    if attempts >= MOST_TRIES:
        return Verdict("failed", now, attempts, error)
    again = now + WAITS[attempts - 1]
    if useless_at is not None and again >= useless_at:
        return Verdict("dropped", now, attempts, f"{TOO_LATE} The last try: {error}")
    return Verdict("planned", again, attempts, error)
