"""What a private calendar holds: a person's own choice, with what she alone may see."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from calendars.deadlines import SHOWN_FOR
from calendars.document import Header
from calendars.entries import Said, Variant
from calendars.text import phrase
from calendars.words import words
from scheduler.programme.events import CalendarEvent

Scope = Literal["mine", "organisation", "session", "chair"]

DEADLINES = "deadlines"
"""What `include` may add: when lists open and close, and the deadlines of sessions."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Which kinds of events a feed holds. `hers`: its slots are the reader's own (see `Variant`)."""

    meetings: bool = False
    slots: bool = False
    deadlines: bool = False
    hers: bool = False


_CONTENTS: dict[Scope, Contents] = {
    "mine": Contents(slots=True, hers=True),
    "organisation": Contents(slots=True),
    "session": Contents(meetings=True),
    "chair": Contents(meetings=True, slots=True, deadlines=True),
}


def contents(scope: Scope, include: Collection[str] = ()) -> Contents:
    """What a feed of this scope holds."""
    held = _CONTENTS[scope]
    return replace(held, deadlines=True) if DEADLINES in include else held


def header(scope: Scope, of: str, page: str, variant: Variant, changed_at: datetime) -> Header:
    """The private feed of an organisation or a session (its name in `of`), or of the person herself.

    It does not say its own address: whoever is handed the file would have the key to all its later editions.
    """
    known = words(variant.language)
    name, about = {
        "mine": (known.mine, known.mine_about),
        "organisation": (known.of_organisation, known.organisation_about),
        "session": (known.with_links, known.with_links_about),
        "chair": (known.chair, known.chair_about),
    }[scope]
    return Header(name=name.format(name=phrase(of)), description=about, url=page, changed_at=changed_at)


def said(event: CalendarEvent, variant: Variant) -> Said:
    """What is left of an entry that the reader may no longer know of: that it was there, and nothing more."""
    known = words(variant.language)
    return Said(
        title=known.gone,
        categories=(known.meeting,),
        details=(),
        place="",
        page=f"{variant.base_url}/me",
        ends_at=event.ends_at if event.ends_at > event.starts_at else event.starts_at + SHOWN_FOR,
        busy=False,
    )
