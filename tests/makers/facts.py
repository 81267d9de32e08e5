"""What a letter tells Sefina in Apia of her slot in Vienna, for tests of how it is told."""

from datetime import UTC, date, datetime
from typing import Any

from scheduler.notices.facts import LetterFacts


def facts(**fields: Any) -> LetterFacts:
    """Her slot at 16:40 Vienna, which is 03:40 tomorrow in Apia; the letter is sent at 22:14 Apia."""
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
        **fields,
    }
    return LetterFacts(**values)
