"""The calendar of the whole programme."""

from datetime import datetime

from calendars.document import HOURLY, Header
from calendars.entries import Variant
from calendars.text import phrase
from calendars.words import words


def header(body: str | None, variant: Variant, changed_at: datetime, source: str | None) -> Header:
    """The feed of every published meeting, or of those of one body (its name)."""
    known = words(variant.language)
    return Header(
        name=known.programme_of.format(name=phrase(body)) if body else known.programme,
        description=known.programme_about,
        url=f"{variant.base_url}/",
        changed_at=changed_at,
        refresh=HOURLY,
        source=source,
    )
