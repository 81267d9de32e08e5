from datetime import timedelta

import pytest

from calendars.document import Header
from calendars.private import Contents, Scope, contents, header, lost
from tests.calendars.reading import details, said
from tests.makers.events import CHANGED_AT, VARIANT, slot

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


def test_turn_she_may_no_longer_know_of_leaves_as_cancelled_and_tells_nothing() -> None:
    event = slot(
        join_url="https://join.example.org", speaker="Ana", organisation="Secret", topic="Secret", room="Secret"
    )
    gone = said(lost(event, CHANGED_AT + timedelta(days=1)), VARIANT)

    assert gone["UID"] == said(event, VARIANT)["UID"]
    assert gone["SUMMARY"] == "CANCELLED: Statement – Second session"
    assert (gone["STATUS"], gone["SEQUENCE"], gone["DTSTAMP"]) == ("CANCELLED", "3", "20220402T123015Z")
    assert [line for line in gone.values() if "Secret" in line or "Ana" in line or "join" in line] == []


def test_turn_lost_before_its_last_change_is_dated_by_the_change() -> None:
    assert lost(slot(), CHANGED_AT - timedelta(days=1)).changed_at == CHANGED_AT


def test_lost_turn_keeps_what_is_public_of_its_meeting() -> None:
    assert details(lost(slot(), CHANGED_AT), VARIANT) == [
        "1st meeting",
        "In the room and by remote link",
        "Languages: English, français",
        "Page: https://rostrum.example.org/meetings/0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0c01",
    ]
