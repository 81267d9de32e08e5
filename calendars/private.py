"""What a private calendar holds: a person's own choice, with what she alone may see."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from calendars.document import Header
from calendars.entries import Variant
from calendars.text import phrase
from calendars.words import words
from scheduler.lists.events import SlotEvent

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


def lost(event: SlotEvent, at: datetime) -> SlotEvent:
    """A turn that the reader may no longer know of: it leaves her calendar as cancelled, and only its meeting stays."""
    return replace(
        event,
        cancelled=True,
        withdrawn=False,
        sequence=event.sequence + 1,
        changed_at=max(at, event.changed_at),
        room=None,
        items=(),
        webcast_url=None,
        join_url=None,
        list_title="",
        position=0,
        speaker="",
        organisation=None,
        mode="",
        topic=None,
    )
