import pytest

from calendars.document import Header
from calendars.private import Contents, Scope, contents, header
from scheduler.programme.events import CalendarEvent
from tests.calendars.reading import said
from tests.makers.events import CHANGED_AT, VARIANT, deadline, slot

ME = "https://rostrum.example.org/me"


@pytest.mark.parametrize(
    ("scope", "held"),
    [
        ("mine", Contents(slots=True, hers=True)),
        ("organisation", Contents(slots=True)),
        ("session", Contents(meetings=True)),
        ("chair", Contents(meetings=True, slots=True, deadlines=True)),
    ],
)
def test_scope_decides_what_a_private_feed_holds(scope: Scope, held: Contents) -> None:
    assert contents(scope) == held


def test_deadlines_come_where_they_are_asked_for() -> None:
    assert contents("session", ["deadlines"]) == Contents(meetings=True, deadlines=True)
    assert contents("session", ["something"]) == Contents(meetings=True)


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("mine", "My speaking slots"),
        ("organisation", "Second session: speaking slots"),
        ("session", "Second session (with links)"),
        ("chair", "Second session (chair)"),
    ],
)
def test_private_feed_is_named_and_never_says_its_own_address(scope: Scope, name: str) -> None:
    made = header(scope, "Second session", ME, VARIANT, CHANGED_AT)

    assert made == Header(name, made.description, ME, CHANGED_AT, refresh="PT15M", source=None)
    assert made.description.endswith("This address is yours alone: keep it to yourself.")


def test_entry_she_may_no_longer_know_of_tells_nothing() -> None:
    event = slot()
    left = CalendarEvent(
        event.id, event.timezone, event.starts_at, event.ends_at, cancelled=True, sequence=3, changed_at=CHANGED_AT
    )

    gone = said(left, VARIANT)

    assert gone.pop("UID") == said(event, VARIANT)["UID"]
    assert {gone.pop("DTSTAMP"), gone.pop("LAST-MODIFIED")} == {"20220401T123015Z"}
    assert gone == {
        "BEGIN": "VEVENT",
        "SUMMARY": "CANCELLED: No longer shown to you",
        "DTSTART;TZID=Europe/Vienna": "20220530T101800",
        "DTEND;TZID=Europe/Vienna": "20220530T102100",
        "SEQUENCE": "3",
        "CATEGORIES": "Meeting",
        "STATUS": "CANCELLED",
        "TRANSP": "TRANSPARENT",
        "URL": ME,
        "END": "VEVENT",
    }


def test_moment_she_may_no_longer_know_of_still_has_a_length() -> None:
    event = deadline()
    left = CalendarEvent(
        event.id, event.timezone, event.starts_at, event.starts_at, cancelled=True, sequence=3, changed_at=CHANGED_AT
    )

    times = [name for name in said(event, VARIANT) if name.startswith(("DTSTART", "DTEND"))]
    assert [said(left, VARIANT)[name] for name in times] == [said(event, VARIANT)[name] for name in times]
