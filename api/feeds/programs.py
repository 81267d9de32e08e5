"""Which calendar program fetches a feed, by how it names itself."""

_PROGRAMS = (
    (b"google-calendar", "Google Calendar"),
    (b"googlebot", "other"),
    (b"thunderbird", "Thunderbird"),
    (b"icsx5", "ICSx5"),
    (b"davx5", "DAVx5"),
    (b"dataaccessd", "Apple Calendar"),
    (b"calendaragent", "Apple Calendar"),
    (b"remindd", "Apple Calendar"),
    (b"ical/", "Apple Calendar"),
    (b"outlook", "Outlook"),
    (b"microsoft office", "Outlook"),
    (b"microsoft.exchange", "Outlook"),
    (b"exchange/", "Outlook"),
    (b"evolution", "Evolution"),
    (b"akonadi", "KOrganizer"),
    (b"korganizer", "KOrganizer"),
    (b"nextcloud", "Nextcloud"),
    (b"protoncalendar", "Proton Calendar"),
    (b"cyrus", "Fastmail"),
    (b"yahoo", "Yahoo Calendar"),
    (b"zimbra", "Zimbra"),
    (b"vdirsyncer", "vdirsyncer"),
)
"""What stands in a User-Agent, in small letters, and the program's name; the first that fits counts."""

OTHER = "other"
_LONGEST = 512


def program(user_agent: bytes | None) -> str:
    """The program's name from the short list, else `other`: nothing of what a stranger sends is kept."""
    if not user_agent:
        return OTHER
    said = user_agent[:_LONGEST].lower()
    return next((name for part, name in _PROGRAMS if part in said), OTHER)
