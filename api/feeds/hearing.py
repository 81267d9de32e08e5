"""What a journal entry means for a feed that hangs on something it touches."""

from typing import Literal

from api.feeds.asked import Asked
from api.feeds.content import Content, Owner
from scheduler.journal.entries import Entry

Effect = Literal["none", "meeting", "all", "gone"]
"""Nothing changes; one meeting may be another; all of it is read again; the feed is revoked."""

_NOT_PUBLIC = frozenset(
    {
        *("accreditation", "due", "feed", "floor", "inscription", "organisation", "person", "role", "sign-in"),
        *("slot", "swap", "waiting", "webhook"),
    }
)
"""Nouns whose entries change nothing that public feeds show. What is not named here is read again, to be safe."""

_NOT_SHOWN = frozenset({"due", "floor", "sign-in", "swap", "waiting", "webhook"})


def names(entry: Entry) -> tuple[str | None, ...]:
    """All that an entry touches: ids, and the noun of its kind."""
    to = entry.audience
    return to.body, to.session, to.meeting, to.organisation, to.person, entry.subject_id, entry.kind.partition(".")[0]


def effect(entry: Entry, asked: Asked, content: Content | None) -> Effect:
    """What the entry does to a feed; `content` is what the feed held last, None before it was read."""
    noun = entry.kind.partition(".")[0]
    if asked.of == "private":
        return _private(entry, noun, content.owner) if content is not None and content.owner else "all"
    if noun in _NOT_PUBLIC or (noun == "list" and not asked.deadlines):
        return "none"
    if content is None or noun != "meeting":
        return "all"
    if content.body is not None and content.body != entry.audience.body:
        return "none"
    if asked.of == "meetings":
        return "all" if entry.subject_id == asked.reference else "none"
    return "all" if asked.kind or asked.item or asked.deadlines else "meeting"


def _private(entry: Entry, noun: str, owner: Owner) -> Effect:
    if noun == "feed":
        return "gone" if entry.subject_id == owner.feed and entry.kind == "feed.revoked" else "none"
    if noun in _NOT_SHOWN:
        return "none"
    if noun == "inscription" and owner.scope in {"mine", "session"} and entry.audience.person != owner.person:
        return "none"
    return "all"
