"""Addresses with which calendar programs subscribe to a feed, and the same for a phone's camera."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

import segno


@dataclass(frozen=True, slots=True)
class Subscribe:
    """The same feed for different programs. `copy` is the address itself; `qr` a code of the webcal address."""

    webcal: str
    google: str
    outlook: str
    office: str
    copy: str

    @property
    def qr(self) -> "Code":
        """The webcal address for a camera."""
        return code(self.webcal)


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code as an SVG path of unit squares, in a square of `size` with its quiet zone."""

    size: int
    path: str


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


def code(text: str) -> Code:
    """A QR code of a text, each run of dark squares drawn as one."""
    made = segno.make_qr(text, error="m")
    border = 2
    runs: list[str] = []
    for y, row in enumerate(made.matrix):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                runs.append(f"M{x + border} {y + border}h{width}v1h-{width}z")
            x += width or 1
    return Code(len(made.matrix) + 2 * border, "".join(runs))
