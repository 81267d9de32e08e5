"""A deadline in a calendar: a list opens or closes, or something is due."""

from datetime import timedelta

from calendars.entries import Said, Variant
from calendars.text import phrase
from calendars.words import words
from scheduler.programme.events import DeadlineEvent

# A deadline is a moment, but an entry without length is refused, dropped or shown as a whole day by some readers. It
# starts at the moment, so that a reader's reminder counts from there, and takes nobody's time.
SHOWN_FOR = timedelta(minutes=15)


def said(event: DeadlineEvent, variant: Variant) -> Said:
    """What the entry of a deadline says."""
    known = words(variant.language)
    page = f"{variant.base_url}/" + (f"lists/{event.list_id}" if event.list_id else f"sessions/{event.session_code}")
    form = {"opens": known.opens, "closes": known.closes}.get(event.what, known.due)
    of = phrase(event.meeting_title) or phrase(event.session_title)
    return Said(
        title=form.format(title=f"{phrase(event.title)} – {of}"),
        categories=(known.deadline, event.session_code),
        details=(phrase(event.meeting_title), phrase(event.session_title), known.page.format(url=page)),
        place="",
        page=page,
        ends_at=event.starts_at + SHOWN_FOR,
        busy=False,
    )
