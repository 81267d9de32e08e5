"""Which entry it is, and which edition of it: UID, DTSTAMP, SEQUENCE and LAST-MODIFIED never come from now."""

from datetime import UTC, datetime


def uid(event_id: str, host: str) -> str:
    """The UID of an event, the same in every feed and mail.

    `host` is the name that the installation fixed at its first start, not what its address is today.
    """
    return f"{event_id}@{host}"


def utc(moment: datetime) -> str:
    """An aware moment as a UTC DATE-TIME, cut to whole seconds: `20220530T080000Z`."""
    return f"{basic(moment.astimezone(UTC))}Z"


def basic(moment: datetime) -> str:
    """A moment as its own clock shows it: `20220530T100000`."""
    day = moment.year * 10_000 + moment.month * 100 + moment.day  # half the time of strftime, four times an entry
    return f"{day}T{moment.hour * 10_000 + moment.minute * 100 + moment.second:06}"
