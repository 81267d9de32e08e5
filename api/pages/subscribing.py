"""Addresses with which calendar programs subscribe to a feed."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Subscribe:
    """The same feed for different programs. `copy` is the address itself."""

    webcal: str
    google: str
    outlook: str
    office: str
    copy: str


def subscribe(base_url: str, path: str, name: str) -> Subscribe:
    """How to subscribe to the feed at `path` (with its query) of this service."""
    copy = base_url + path
    webcal = "webcal://" + copy.partition("://")[2]
    outlook = urlencode({"url": copy, "name": name}, quote_via=quote)
    return Subscribe(
        webcal=webcal,
        # Google takes an https address here for somebody's e-mail address.
        google=f"https://calendar.google.com/calendar/u/0/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb/?{outlook}",
        office=f"https://outlook.office.com/calendar/0/addfromweb/?{outlook}",
        copy=copy,
    )
