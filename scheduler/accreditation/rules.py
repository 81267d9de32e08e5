"""What an accreditation means. Pure."""

from typing import Literal

Status = Literal["pending", "approved", "objected"]


def may_speak(status: str | None) -> bool:
    """Whether an organisation with this accreditation (None: it has none) may speak in the session."""
    return status == "approved"


def why_barred(name: str, status: str | None, note: str | None) -> str:
    """Why people of an organisation may not speak in the session, and whom to ask; `note` is the decision's."""
    if status == "objected":
        said = f": {note.rstrip('.')}" if note else ""
        return f"There is an objection to the accreditation of {name} to this session{said}. Ask the secretariat."
    if status == "pending":
        return f"The accreditation of {name} to this session is not decided yet. Ask the secretariat."
    return f"{name} is not accredited to this session. Its focal point or the secretariat can ask for it."


def is_taken_back(before: str, after: str) -> bool:
    """Whether a decision bars from speaking who could speak until then."""
    return may_speak(before) and not may_speak(after)
