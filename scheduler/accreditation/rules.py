"""What an accreditation means. Pure."""

from typing import Literal

Status = Literal["pending", "approved", "objected"]


def may_speak(status: str | None) -> bool:
    """Whether an organisation with this accreditation (None: it has none) may speak in the session."""
    return status == "approved"


def is_taken_back(before: str, after: str) -> bool:
    """Whether a decision bars from speaking who could speak until then."""
    return may_speak(before) and not may_speak(after)
