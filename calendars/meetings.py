"""A meeting in a calendar."""

from datetime import datetime

from calendars.document import Header
from calendars.entries import Said, Variant
from calendars.text import phrase, uri
from calendars.words import LANGUAGE_NAMES, words
from scheduler.programme.events import MeetingEvent


def said(event: MeetingEvent, variant: Variant) -> Said:
    """What the entry of a meeting says."""
    known, join, page = words(variant.language), join_link(event), f"{variant.base_url}/meetings/{event.id}"
    return Said(
        title=title(event.title, event, variant),
        categories=(known.meeting, event.session_code),
        details=(known.join.format(url=join) if join else "", *details(event, variant, page)),
        place=place(event, join),
        page=page,
        ends_at=event.ends_at,
        join=join,
    )


def header(event: MeetingEvent, variant: Variant, changed_at: datetime, source: str | None) -> Header:
    """The feed of this meeting alone."""
    return Header(
        name=title(event.title, event, variant),
        description=words(variant.language).meeting_about,
        url=f"{variant.base_url}/meetings/{event.id}",
        changed_at=changed_at,
        source=source,
    )


def title(of: str, event: MeetingEvent, variant: Variant) -> str:
    """A title with its session behind it: a calendar shows many, and "1st meeting" alone tells nothing."""
    named = phrase(of) or words(variant.language).meeting
    session = phrase(event.session_title)
    return f"{named} – {session}" if session and session not in named else named


def details(event: MeetingEvent, variant: Variant, page: str) -> tuple[str, ...]:
    """The lines about a meeting; its page is there, too, since Google and Outlook do not show URL."""
    known, webcast = words(variant.language), uri(event.webcast_url)
    names = ", ".join(LANGUAGE_NAMES.get(each, phrase(each)) for each in event.languages)
    return (
        *map(phrase, event.items),
        known.formats.get(event.format, ""),
        known.languages.format(names=names) if names else "",
        known.webcast.format(url=webcast) if webcast else "",
        known.page.format(url=page),
    )


def place(event: MeetingEvent, join: str | None) -> str:
    """Room, venue, city; then the link, for programs that show no other property that could hold it."""
    return ", ".join(filter(None, (phrase(event.room), phrase(event.venue), phrase(event.city), join)))


def join_link(event: MeetingEvent) -> str | None:
    """The link to take part, where the reader may have it and there is something to join."""
    return None if event.cancelled else uri(event.join_url)
