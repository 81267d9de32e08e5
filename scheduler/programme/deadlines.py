"""The deadlines of a session, as its row keeps them. Pure.

Kept of each: `id` (of its calendar entry, for ever), `title`, `as` (what was written), `at` (the instant as RFC 3339),
`sequence` and `shown_at` (as a meeting's). They are no rows: they are written and read with their session alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from scheduler.clock.written import Written, written
from scheduler.clock.zones import parse_instant, rfc3339
from scheduler.errors import Meaningless
from scheduler.ids import new_id
from scheduler.storage.versions import shown_after

DeadlineView = TypedDict("DeadlineView", {"title": str, "at": datetime, "as": Written})
"""A deadline as it is read: `at` is the instant (aware UTC), `as` what was written."""

Kept = dict[str, Any]


def shown(kept: Sequence[Kept]) -> tuple[DeadlineView, ...]:
    """Deadlines as they are read."""
    return tuple({"title": each["title"], "at": moment(each["at"]), "as": each["as"]} for each in kept)


def moment(text: str) -> datetime:
    """A kept instant as a value."""
    return parse_instant(text, field="at")


def keep(sent: Sequence[Mapping[str, Any]], before: Sequence[Kept], now: datetime) -> list[Kept]:
    """What to keep of deadlines as they were sent, each `{title, at, as?}`: what stays keeps its id.

    `as`, where it is sent, is what was written, and `at` must agree with it; else `at` is.

    Raises:
        Meaningless and its kinds, at `deadlines.N.at` or `deadlines.N.as`.
    """
    read = [_read(each, f"deadlines.{number}") for number, each in enumerate(sent)]
    left = list(before)
    same = [_taken(left, "title", each["title"]) for each in read]
    same = [was or _taken(left, "as", each["as"]) for was, each in zip(same, read, strict=True)]
    return [_following(was, each, now) for was, each in zip(same, read, strict=True)]


def _read(sent: Mapping[str, Any], field: str) -> Kept:
    at, truth = sent.get("at"), sent.get("as")
    if truth is None:
        if at is None:
            raise Meaningless("Say when: an instant, or a date and time with their zone.", field=f"{field}.at")
        when, truth = written(at, f"{field}.at")
    else:
        when, truth = written(truth, f"{field}.as")
        if at is not None and written(at, f"{field}.at")[0] != when:
            raise Meaningless("`at` and `as` are two moments. Send one of them.", field=f"{field}.at")
    return {"title": sent["title"], "as": truth, "at": rfc3339(when)}


def _taken(left: list[Kept], key: str, value: object) -> Kept | None:
    found = next((each for each in left if each[key] == value), None)
    if found is not None:
        left.remove(found)
    return found


def _following(was: Kept | None, read: Kept, now: datetime) -> Kept:
    if was is None:
        return {"id": new_id(), **read, "sequence": 0, "shown_at": rfc3339(now)}
    if all(was[key] == read[key] for key in read):
        return was
    moved = was["at"] != read["at"]
    seen = rfc3339(shown_after(now, moment(was["shown_at"])))
    return {**was, **read, "sequence": was["sequence"] + moved, "shown_at": seen}
