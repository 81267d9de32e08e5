import pytest

from tests.calendars.reading import details, said
from tests.makers.events import VARIANT, deadline


@pytest.mark.parametrize(
    ("what", "title"),
    [
        ("opens", "List opens: Criminalization: stakeholders – 1st meeting"),
        ("closes", "List closes: Criminalization: stakeholders – 1st meeting"),
        ("deadline", "Deadline: Criminalization: stakeholders – 1st meeting"),
    ],
)
def test_deadline_says_what_happens(what: str, title: str) -> None:
    assert said(deadline(what=what), VARIANT)["SUMMARY"] == title


def test_deadline_lasts_a_quarter_of_an_hour_and_takes_nobodys_time() -> None:
    written = said(deadline(), VARIANT)

    assert written["DTSTART;TZID=America/New_York"] == "20220520T180000"
    assert written["DTEND;TZID=America/New_York"] == "20220520T181500"
    assert written["TRANSP"] == "TRANSPARENT"
    assert "LOCATION" not in written


def test_deadline_of_a_list_leads_to_the_list() -> None:
    page = "https://rostrum.example.org/lists/0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0d01"

    assert said(deadline(), VARIANT)["URL"] == page
    assert details(deadline(), VARIANT) == ["1st meeting", "Second session", f"Page: {page}"]


def test_deadline_of_a_session_leads_to_the_session() -> None:
    event = deadline(what="deadline", title="Registration", list_id=None, meeting_id=None, meeting_title=None)

    assert said(event, VARIANT)["SUMMARY"] == "Deadline: Registration – Second session"
    assert said(event, VARIANT)["URL"] == "https://rostrum.example.org/sessions/ahc-2"
