"""A session's calendar: its meetings and, where asked for, its deadlines."""

from datetime import datetime

from calendars.document import Header
from calendars.entries import Variant
from calendars.words import words


def header(code: str, title: str, variant: Variant, changed_at: datetime, source: str | None) -> Header:
    """The public feed of a session."""
    return Header(
        name=title,
        description=words(variant.language).session_about,
        url=f"{variant.base_url}/sessions/{code}",
        changed_at=changed_at,
        source=source,
    )
