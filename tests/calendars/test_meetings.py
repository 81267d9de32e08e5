from dataclasses import replace

import pytest

from calendars import meetings
from calendars.document import Header
from tests.calendars.reading import details, said
from tests.makers.events import CHANGED_AT, VARIANT, meeting

JOIN = "https://join.example.org/j/1?pwd=a;b"
PAGE = "https://rostrum.example.org/meetings/0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0c01"
CONFERENCE = "CONFERENCE;FEATURE=VIDEO,AUDIO;LABEL=Join the meeting;VALUE=URI"


def test_meeting_says_all_that_is_known() -> None:
    assert said(meeting(), VARIANT) == {
        "BEGIN": "VEVENT",
        "SUMMARY": "1st meeting – Second session",
        "DTSTART;TZID=Europe/Vienna": "20220530T100000",
        "DTEND;TZID=Europe/Vienna": "20220530T120000",
        "DTSTAMP": "20220401T123015Z",
        "UID": "0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0c01@rostrum.example",
        "SEQUENCE": "2",
        "CATEGORIES": "Meeting,ahc-2",
        "DESCRIPTION": "4 Criminalization\\n5 General provisions\\nIn the room and by remote link\\n"
        f"Languages: English\\, français\\nWebcast: https://webcast.example.org/ahc-2/1\\nPage: {PAGE}",
        "LAST-MODIFIED": "20220401T123015Z",
        "LOCATION": "Plenary Hall\\, M Building\\, VIC\\, Vienna",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "URL": PAGE,
        "END": "VEVENT",
    }


def test_meeting_of_which_little_is_known_has_no_empty_property() -> None:
    bare = meeting(city=None, venue=" ", room="", items=(), languages=(), webcast_url=None, format="")

    assert "LOCATION" not in said(bare, VARIANT)
    assert details(bare, VARIANT) == [f"Page: {PAGE}"]


def test_join_link_stands_wherever_a_program_may_look() -> None:
    event = meeting(join_url=JOIN)

    assert said(event, VARIANT)[CONFERENCE] == JOIN
    assert details(event, VARIANT)[0] == f"Join: {JOIN}"
    assert said(event, VARIANT)["LOCATION"] == "Plenary Hall\\, M Building\\, VIC\\, Vienna\\, " + JOIN.replace(
        ";", "\\;"
    )
    assert said(event, VARIANT)["URL"] == PAGE


def test_online_meeting_takes_place_at_its_link() -> None:
    assert said(meeting(join_url=JOIN, room=None, venue=None, city=None), VARIANT)["LOCATION"] == JOIN.replace(
        ";", "\\;"
    )


def test_without_a_link_nothing_tells_of_one() -> None:
    assert [name for name in said(meeting(), VARIANT) if name.startswith("CONFERENCE")] == []
    assert [line for line in details(meeting(), VARIANT) if line.startswith("Join")] == []


def test_link_that_is_no_address_is_left_out() -> None:
    assert said(meeting(join_url="javascript:alert(1)", webcast_url="soon"), VARIANT) == said(
        meeting(webcast_url=None), VARIANT
    )


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "CANCELLED: 1st meeting – Second session"),
        ("fr", "ANNULÉ : 1st meeting – Second session"),
        ("es", "CANCELADO: 1st meeting – Second session"),
        ("zh", "已取消：1st meeting – Second session"),
        ("de", "CANCELLED: 1st meeting – Second session"),
    ],
)
def test_cancelled_meeting_says_so_three_times(language: str, title: str) -> None:
    written = said(meeting(cancelled=True), replace(VARIANT, language=language))

    assert (written["SUMMARY"], written["STATUS"], written["TRANSP"]) == (title, "CANCELLED", "TRANSPARENT")


def test_cancelled_meeting_has_nothing_to_join() -> None:
    assert said(meeting(cancelled=True, join_url=JOIN), VARIANT) == said(meeting(cancelled=True), VARIANT)


def test_session_is_not_said_twice() -> None:
    assert said(meeting(title="Second session, 1st meeting"), VARIANT)["SUMMARY"] == "Second session\\, 1st meeting"


def test_meeting_without_a_title_is_called_a_meeting() -> None:
    assert said(meeting(title="\x00"), VARIANT)["SUMMARY"] == "Meeting – Second session"


def test_braces_in_a_title_are_no_placeholder() -> None:
    event = meeting(title="{title} {0}", session_title="", cancelled=True)

    assert said(event, VARIANT)["SUMMARY"] == "CANCELLED: {title} {0}"


def test_only_the_last_change_and_nothing_of_now_dates_a_meeting() -> None:
    later = meeting(changed_at=CHANGED_AT.replace(year=2023), sequence=5)
    written = said(later, VARIANT)

    assert (written["DTSTAMP"], written["LAST-MODIFIED"], written["SEQUENCE"]) == ("20230401T123015Z",) * 2 + ("5",)


def test_feed_of_one_meeting_is_named_after_it() -> None:
    source = "https://rostrum.example.org/calendars/meetings/1.ics"

    assert meetings.header(meeting(), VARIANT, CHANGED_AT, source) == Header(
        name="1st meeting – Second session",
        description="One meeting. Times are those of the venue.",
        url=PAGE,
        changed_at=CHANGED_AT,
        refresh="PT15M",
        source=source,
    )
