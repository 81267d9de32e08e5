from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from calendars import programme, sessions
from calendars.document import Document, Header
from calendars.feeds import feed
from scheduler.programme.events import CalendarEvent
from tests.calendars.reading import lines, values
from tests.makers.events import CHANGED_AT, VARIANT, deadline, meeting

PAGE = "https://rostrum.example.org/"
HEADER = Header(name="A, calendar", description="About;\nit", url=PAGE, changed_at=CHANGED_AT)
DAY = timedelta(days=1)

SECOND_ID = "0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0c02"


def document(*events: CalendarEvent, header: Header = HEADER) -> Document:
    return feed(header, events, VARIANT)


def test_header_says_what_the_feed_is() -> None:
    source = "https://rostrum.example.org/calendars/programme.ics?body=ahc"

    assert lines(document(header=replace(HEADER, source=source, refresh="PT1H")).body) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rostrum//Calendars//EN",
        "CALSCALE:GREGORIAN",
        "DESCRIPTION:About\\;\\nit",
        "X-WR-CALDESC:About\\;\\nit",
        "NAME:A\\, calendar",
        "X-WR-CALNAME:A\\, calendar",
        "LAST-MODIFIED:20220401T123015Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        f"SOURCE;VALUE=URI:{source}",
        "URL:https://rostrum.example.org/",
        "X-PUBLISHED-TTL:PT1H",
        "END:VCALENDAR",
        "",
    ]


def test_name_can_end_no_line() -> None:
    body = document(header=replace(HEADER, name="A\r\nMETHOD:REQUEST", description="\x00B\r\nBEGIN:VALARM")).body

    assert values(body)["NAME"] == "A METHOD:REQUEST"
    assert values(body)["DESCRIPTION"] == "B\\nBEGIN:VALARM"
    assert "METHOD" not in values(body)


def test_feed_is_as_new_as_its_newest_part() -> None:
    newer = meeting(changed_at=CHANGED_AT + DAY)

    assert document(newer, deadline()).last_modified == CHANGED_AT + DAY
    assert (
        document(newer, header=replace(HEADER, changed_at=CHANGED_AT + 2 * DAY)).last_modified == CHANGED_AT + 2 * DAY
    )
    assert (
        document(header=replace(HEADER, changed_at=CHANGED_AT + timedelta(microseconds=9))).last_modified == CHANGED_AT
    )


def test_entries_stand_by_start_and_then_by_id() -> None:
    first, second = meeting(), meeting(id=SECOND_ID)
    earlier = deadline()

    assert document(second, first, earlier) == document(earlier, first, second)
    uids = [line for line in lines(document(second, first, earlier).body) if line.startswith("UID")]
    assert uids == [f"UID:{event.id}@rostrum.example" for event in (earlier, first, second)]


def test_zones_stand_once_by_name_and_only_where_an_entry_needs_them() -> None:
    twice = datetime(2022, 10, 30, 0, 30, tzinfo=UTC)
    in_overlap = meeting(timezone="Europe/Zurich", starts_at=twice, ends_at=twice + timedelta(hours=1))
    body = document(meeting(), meeting(id=SECOND_ID), deadline(), in_overlap).body

    assert [line for line in lines(body) if line.startswith("TZID")] == ["TZID:America/New_York", "TZID:Europe/Vienna"]


@pytest.mark.parametrize(
    "other",
    [
        document(meeting(title="2nd meeting")),
        document(meeting(), deadline()),
        document(meeting(timezone="Europe/Zurich")),
        document(meeting(), header=replace(HEADER, name="Another")),
        document(),
    ],
)
def test_etag_is_another_for_other_bytes(other: Document) -> None:
    same = document(meeting())

    assert (same.etag, same.body) == (document(meeting()).etag, document(meeting()).body)
    assert other.etag != same.etag
    assert other.body != same.body


def test_etag_is_quoted_and_strong() -> None:
    assert document().etag == f'"{document().etag.strip(chr(34))}"'
    assert len(document().etag) == 34


def test_public_feeds_are_named_and_say_how_often_to_ask() -> None:
    of_session = sessions.header("ahc-2", "Second session", VARIANT, CHANGED_AT, "https://a.example/s.ics")
    of_all = programme.header(None, VARIANT, CHANGED_AT, None)
    of_body = programme.header("Ad Hoc Committee", replace(VARIANT, language="fr"), CHANGED_AT, None)

    assert (of_session.name, of_session.url) == ("Second session", "https://rostrum.example.org/sessions/ahc-2")
    assert (of_session.refresh, of_session.source) == ("PT15M", "https://a.example/s.ics")
    assert (of_all.name, of_all.refresh, of_all.url) == ("Programme of meetings", "PT1H", PAGE)
    assert of_body.name == "Ad Hoc Committee : programme des séances"
