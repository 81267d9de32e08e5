"""What a run of hostile requests found."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """Answers counted by `METHOD path status`, and a text for each fault."""

    what: str
    answers: "Counter[str]"
    faults: tuple[str, ...]

    def line(self) -> str:
        """A line of the summary: how many requests, and the answers by status."""
        by_status: Counter[str] = Counter()
        for answer, times in self.answers.items():
            by_status[answer.rpartition(" ")[2]] += times
        counts = "  ".join(f"{status}: {times}" for status, times in sorted(by_status.items()))
        return f"{self.what:36}{by_status.total():7} requests  {len(self.faults)} faults  {counts}"
