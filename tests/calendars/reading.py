"""What stands in a written entry or feed, unfolded and by name."""

from calendars.entries import Variant
from calendars.feeds import entry
from scheduler.programme.events import CalendarEvent


def lines(written: bytes) -> list[str]:
    return written.decode().replace("\r\n ", "").split("\r\n")


def values(written: bytes) -> dict[str, str]:
    """By name and parameters, what stands behind the first colon; the last of what stands more than once."""
    return dict(line.split(":", 1) for line in lines(written) if line)


def said(event: CalendarEvent, variant: Variant) -> dict[str, str]:
    return values(entry(event, variant).data)


def details(event: CalendarEvent, variant: Variant) -> list[str]:
    """The lines of a description."""
    return said(event, variant)["DESCRIPTION"].replace("\\,", ",").replace("\\;", ";").split("\\n")
