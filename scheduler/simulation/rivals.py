"""Three plain ways to say when a turn comes, for the forecast to beat. Seconds since the planned start. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rivals:
    """What each would say of one slot: the printed plan; it shifted by the delay; it at the meeting's pace so far."""

    plan: float
    shifted: float
    paced: float


def printed(seconds: Sequence[tuple[str, int]]) -> dict[str, float]:
    """When each slot would be called by the list alone, one after the other from the planned start."""
    plan, clock = {}, 0.0
    for slot, length in seconds:
        plan[slot] = clock
        clock += length
    return plan


def rivals(planned: float, now: float, calls: Sequence[tuple[float, float]]) -> Rivals:
    """Of a slot planned at `planned`; `calls` of the meeting so far as (planned, really). None says less than now.

    The delay is that of the last call. The pace is the way from the first call to the last against the plan's.
    """
    if not calls:
        return Rivals(max(planned, now), max(planned, now), max(planned, now))
    (first_plan, first), (last_plan, last) = calls[0], calls[-1]
    pace = (last - first) / (last_plan - first_plan) if last_plan > first_plan else 1.0
    return Rivals(
        max(planned, now),
        max(planned + last - last_plan, now),
        max(last + (planned - last_plan) * max(pace, 0.0), now),
    )
