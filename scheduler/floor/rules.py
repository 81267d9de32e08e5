"""How much a meeting has shown of itself, so that whoever reads the forecast can be told what it is worth. Pure."""

from typing import Literal

Sureness = Literal["unknown", "early", "known"]

ENOUGH_SPEECHES = 4
"""From so many on this meeting's own speeches weigh more in the forecast than what meetings in general show."""


def how_sure(speeches: int) -> Sureness:
    """What the forecast goes by after so many speeches.

    `unknown`: nobody has spoken, so it knows only what meetings in general are like, and its windows are widest;
    `early`: more that than what this meeting has shown; `known`: more what this meeting has shown.
    """
    if speeches == 0:
        return "unknown"
    return "early" if speeches < ENOUGH_SPEECHES else "known"
