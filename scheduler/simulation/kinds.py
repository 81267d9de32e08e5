"""The kinds of meetings that are simulated: each a range for every trait, from which a meeting draws its own.

Nothing here is taken from the forecast, and nothing there from here: the one is held against the other.
"""

from dataclasses import dataclass, replace

Range = tuple[float, float]
"""From, and to: seconds, or shares."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The traits of one kind of meeting.

    `pace` is the mean of speech / allotted, `evenness` the shape of the speeches' distribution, `drift` by how much the
    pace changes from the first turn to the last. `cut`: where the chair takes the floor away, as a share of the
    allotted seconds; None: nowhere. `slow_turns`: with so many first ones everything between the speeches takes double.
    `recorded`: which of `start` and `finish` its records lack.
    """

    name: str
    pace: Range = (0.9, 1.1)
    evenness: Range = (4, 12)
    drift: Range = (-0.05, 0.05)
    cut: Range | None = None
    opening: Range = (30, 300)
    slow_turns: int = 0
    gap: Range = (5, 15)
    gap_evenness: Range = (1.2, 5)
    wait: Range = (2, 8)
    wait_remote: Range = (5, 18)
    bad_link: Range = (0.0, 0.03)
    stall: Range = (0.0, 0.02)
    order: Range = (0.0, 0.01)
    halt: Range = (0.0, 0.003)
    absence: Range = (0.0, 0.04)
    absence_again: Range = (0.0, 0.1)
    recorded: tuple[str, ...] = ()


_PUNCTUAL = Kind("punctual", pace=(0.92, 1.02), evenness=(10, 25), stall=(0.0, 0.01), halt=(0, 0))

KINDS = {
    kind.name: kind
    for kind in (
        _PUNCTUAL,
        Kind("loose", pace=(1.0, 1.3), evenness=(3, 8), gap=(8, 30), stall=(0.0, 0.03)),
        Kind(
            "interrupted",
            order=(0.02, 0.08),
            stall=(0.02, 0.06),
            halt=(0.003, 0.02),
        ),
        Kind("slow-start", opening=(300, 1500), slow_turns=5, pace=(0.92, 1.15)),
        Kind("strict-chair", pace=(0.95, 1.15), evenness=(4, 10), cut=(1.0, 1.15)),
        Kind("slow-links", wait_remote=(25, 75), bad_link=(0.05, 0.2), absence=(0.01, 0.06)),
        Kind("drifting", drift=(-0.3, 0.3)),
        Kind("clustered-absences", absence=(0.03, 0.08), absence_again=(0.3, 0.6)),
        replace(_PUNCTUAL, name="call-to-call", evenness=(8, 20), recorded=("start", "finish")),
        Kind("no-starts", recorded=("start",)),
    )
}
