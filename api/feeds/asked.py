"""What an address under /calendars asks for. Parameters that are none of ours are ignored: programs add their own."""

import re
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import parse_qsl, urlencode

from calendars.private import DEADLINES
from scheduler.errors import Meaningless, NotFound

SessionKind = Literal["session", "intersessional", "briefing"]
_KINDS = get_args(SessionKind)
_PATH = re.compile(r"/calendars/(?:(programme)|(sessions|meetings|private)/([^/]+))\.ics")
_MOST_PARAMETERS = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """One feed. `reference` is the session's code or id, the meeting's id or the private feed's secret."""

    of: str
    reference: str = ""
    body: str | None = None
    kind: str | None = None
    item: str | None = None
    deadlines: bool = False

    def query(self) -> str:
        """The parameters in their one order, with a question mark, or nothing."""
        chosen = {"body": self.body, "kind": self.kind, "item": self.item, "include": DEADLINES * self.deadlines}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"?{query}" if query else ""


def asked(path: str, query: bytes) -> Asked:
    """What a request asks for.

    Raises:
        NotFound: there is no such address.
        Meaningless: a parameter of ours has a value that means nothing.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise NotFound("There is no calendar at this address.")
    programme, noun, reference = found.groups()
    if noun == "private":
        return Asked(noun, reference)
    sent = _parameters(query)
    if programme:
        return Asked(programme, body=sent.get("body"), kind=_kind(sent.get("kind")))
    if noun == "meetings":
        return Asked(noun, reference)
    return Asked(noun, reference, item=sent.get("item"), deadlines=_deadlines(sent.get("include", "")))


def _parameters(query: bytes) -> dict[str, str]:
    """What was sent and is not empty; of a name that comes twice, the first."""
    try:
        pairs = parse_qsl(query.decode("latin-1"), max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise Meaningless("These are too many parameters.") from None
    return dict(reversed(pairs))


def _kind(kind: str | None) -> str | None:
    if kind is not None and kind not in _KINDS:
        raise Meaningless(f"There is no such kind of session. Use one of: {', '.join(_KINDS)}.", field="kind")
    return kind


def _deadlines(include: str) -> bool:
    wanted = {part.strip() for part in include.split(",")} - {""}
    if wanted - {DEADLINES}:
        raise Meaningless(f"Only {DEADLINES} can be included.", field="include")
    return bool(wanted)
