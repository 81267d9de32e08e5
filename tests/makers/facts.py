"""What a letter tells Sefina in Apia of her slot in Vienna, for tests of how it is told."""

from datetime import UTC, date, datetime
from typing import Any

from scheduler.notices.facts import Expectation, LetterFacts, Meter


def expectation(**fields: Any) -> Expectation:
    """Her turn in a meeting that sits, with three speakers before her."""
    values: dict[str, Any] = {
        "earliest": datetime(2022, 6, 8, 14, 25, 40, tzinfo=UTC),
        "latest": datetime(2022, 6, 8, 15, 4, 20, tzinfo=UTC),
        "guess": False,
        "before": 3,
        "on_deck": False,
        "was": None,
        "in_next_meeting": False,
    }
    return Expectation(**values | fields)


def _on_the_floor(rule: str) -> dict[str, Any]:
    expected = datetime(2022, 6, 8, 14, 39, 45, tzinfo=UTC)
    if rule == "remote-minutes":
        return {"meter": Meter(25, 30, 34, ends_then=True), "mode": None, "position": None}
    if rule.startswith("turn-") or rule == "ready-asked":
        return {"expectation": expectation(), "starts_at": expected, "ends_at": expected}
    return {}


def facts(**fields: Any) -> LetterFacts:
    """Her slot at 16:40 Vienna, which is 03:40 tomorrow in Apia; the letter is sent at 22:14 Apia.

    Rules that tell of her turn while the meeting sits expect it between 16:25 and 17:05 Vienna.
    """
    values: dict[str, Any] = {
        "rule": "slot-given",
        "now": datetime(2022, 6, 8, 9, 14, tzinfo=UTC),
        "name": "Sefina Tuilagi",
        "starts_at": datetime(2022, 6, 8, 14, 40, tzinfo=UTC),
        "ends_at": datetime(2022, 6, 8, 14, 44, tzinfo=UTC),
        "reader_zone": "Pacific/Apia",
        "venue_zone": "Europe/Vienna",
        "venue_city": "Vienna",
        "session_title": "Practice consultation",
        "session_starts_on": date(2022, 6, 8),
        "session_ends_on": date(2022, 6, 10),
        "session_city": "Vienna",
        "meeting_title": "1st meeting",
        "meeting_url": "https://rostrum.test/meetings/m1",
        "list_title": "General statements",
        "list_url": "https://rostrum.test/lists/l1",
        "reminders_url": "https://rostrum.test/me",
        "position": 33,
        "mode": "remote",
        "room": "Conference Room 3",
        **(_on_the_floor(fields.get("rule", "")) | fields),
    }
    return LetterFacts(**values)
