"""What may be asked of a private feed, and which changes a webhook is told of. Pure."""

from collections.abc import Collection
from typing import Literal, get_args

from scheduler.errors import Meaningless

Scope = Literal["mine", "organisation", "session", "chair"]
"""Her own slots, those of an organisation, a session with its links, or a session as its chair sees it."""

Include = Literal["deadlines"]
"""What a feed may hold besides: when lists open and close, and the deadlines of sessions."""

INCLUDES: tuple[Include, ...] = get_args(Include)


def require_session(scope: Scope, session: str | None) -> None:
    """Raises Meaningless where a feed that shows a session names none."""
    if session is None and scope in {"session", "chair"}:
        raise Meaningless("Name the session whose meetings this feed shows.", field="session")


def tidy_include(include: Collection[Include]) -> list[Include]:
    """What is included, each once."""
    return [each for each in INCLUDES if each in include]


def wants(kinds: Collection[str], session: str | None, entry_kind: str, entry_session: str | None) -> bool:
    """Whether a webhook for these `kinds` (none: all) and this session (None: any) is told of an entry.

    `meeting.moved` names one kind, `meeting` all kinds of a noun.
    """
    if session is not None and session != entry_session:
        return False
    return not kinds or entry_kind in kinds or entry_kind.partition(".")[0] in kinds
