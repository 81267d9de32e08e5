from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from calendars.document import Header
from calendars.entries import Entry, Variant
from calendars.feeds import attachment, described, entry, feed, spread
from scheduler.programme.events import CalendarEvent, MeetingEvent
from tests.calendars.reading import lines, said, values
from tests.makers.events import CHANGED_AT, VARIANT, deadline, meeting, slot

HEADER = Header(name="A calendar", description="About it", url="https://rostrum.example.org/", changed_at=CHANGED_AT)


def meeting_at(starts_at: datetime, zone: str, hours: float = 2) -> MeetingEvent:
    return meeting(timezone=zone, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours))


def events(feed_: bytes) -> Iterator[str]:
    """Each VEVENT as it is written."""
    return (part.partition("END:VEVENT")[0] for part in feed_.decode().split("BEGIN:VEVENT")[1:])


@pytest.mark.parametrize(
    ("starts_at", "zone", "written"),
    [
        ("2022-10-29T23:30", "Europe/Zurich", "DTSTART;TZID=Europe/Zurich:20221030T013000"),
        ("2022-10-30T00:30", "Europe/Zurich", "DTSTART:20221030T003000Z"),
        ("2022-10-30T01:30", "Europe/Zurich", "DTSTART:20221030T013000Z"),
        ("2022-10-30T02:00", "Europe/Zurich", "DTSTART;TZID=Europe/Zurich:20221030T030000"),
        ("2022-03-27T00:59", "Europe/Zurich", "DTSTART;TZID=Europe/Zurich:20220327T015900"),
        ("2022-03-27T01:00", "Europe/Zurich", "DTSTART;TZID=Europe/Zurich:20220327T030000"),
        ("2022-11-06T05:30", "America/New_York", "DTSTART:20221106T053000Z"),
        ("2022-04-02T14:45", "Australia/Lord_Howe", "DTSTART:20220402T144500Z"),
        ("2022-07-01T09:00", "Africa/Casablanca", "DTSTART:20220701T090000Z"),
        ("2022-07-01T03:15", "Asia/Kathmandu", "DTSTART;TZID=Asia/Kathmandu:20220701T090000"),
        ("2022-07-01T09:00", "UTC", "DTSTART:20220701T090000Z"),
    ],
)
def test_wall_clock_is_written_where_it_says_the_moment(starts_at: str, zone: str, written: str) -> None:
    event = meeting_at(datetime.fromisoformat(f"{starts_at}:00+00:00"), zone, hours=0.25)

    assert written in lines(feed(HEADER, [event], VARIANT).body)


def test_start_and_end_are_both_in_utc_when_one_exists_twice() -> None:
    written = values(
        feed(HEADER, [meeting_at(datetime(2022, 10, 29, 22, 30, tzinfo=UTC), "Europe/Zurich")], VARIANT).body
    )

    assert (written["DTSTART"], written["DTEND"]) == ("20221029T223000Z", "20221030T003000Z")


def test_zone_that_changes_its_rule_within_the_feed_is_in_utc_throughout() -> None:
    early = meeting_at(datetime(2021, 6, 1, 9, tzinfo=UTC), "Asia/Amman")
    late = replace(meeting_at(datetime(2023, 6, 1, 9, tzinfo=UTC), "Asia/Amman"), id=slot().id)

    assert [set(described([spread([each])]).data) for each in (early, late)] == [{"Asia/Amman"}] * 2
    assert described([spread([early]), spread([late])]).data == {}
    assert [line for line in lines(feed(HEADER, [early, late], VARIANT).body) if "TZID" in line] == []


def test_event_many_years_from_the_others_is_in_utc_alone() -> None:
    turn = slot(timezone="Europe/Vienna")
    apart = replace(meeting_at(datetime(1970, 6, 1, 9, tzinfo=UTC), "Europe/Vienna"), id=deadline().id)

    alone, together = (
        [*events(feed(HEADER, each, VARIANT).body)] for each in ([meeting(), turn], [apart, meeting(), turn])
    )

    assert together[1:] == alone
    assert "DTSTART:19700601T090000Z" in together[0]
    assert all("DTSTART;TZID=Europe/Vienna" in event for event in alone)


def test_event_many_years_from_the_others_keeps_a_zone_that_is_the_same_by_then() -> None:
    apart = replace(meeting_at(datetime(2009, 6, 1, 9, tzinfo=UTC), "Europe/Vienna"), id=deadline().id)

    assert "DTSTART;TZID=Europe/Vienna:20090601T110000" in lines(feed(HEADER, [apart, meeting()], VARIANT).body)


def test_zones_are_of_the_years_of_the_most_events_however_few_months_they_lie_in() -> None:
    in_one_month = [meeting_at(datetime(1970, 6, day, 9, tzinfo=UTC), "Europe/Vienna") for day in (1, 2, 3)]
    in_two = [meeting_at(datetime(2022, month, 1, 9, tzinfo=UTC), "Europe/Vienna") for month in (6, 7)]

    zones = described([spread(in_one_month), *(spread([each]) for each in in_two)])

    assert zones.spans == described([spread(in_one_month)]).spans == {"Europe/Vienna": (1970, 1970)}


def test_feed_without_events_is_a_calendar() -> None:
    assert described([]).data == {}
    assert [each.name for each in Calendar.from_ical(feed(HEADER, [], VARIANT).body).walk()] == ["VCALENDAR"]


def test_kept_entries_serve_as_well() -> None:
    kept: dict[tuple[CalendarEvent, Variant], Entry] = {}

    def render(event: CalendarEvent, variant: Variant) -> Entry:
        return kept.setdefault((event, variant), entry(event, variant))

    events = [meeting(), slot(), deadline(), meeting_at(datetime(2022, 7, 1, tzinfo=UTC), "Africa/Casablanca")]

    assert (
        feed(HEADER, events, VARIANT, render) == feed(HEADER, events, VARIANT, render) == feed(HEADER, events, VARIANT)
    )
    assert len(kept) == len(events)


def test_entries_tell_the_zones_of_their_feed_as_their_events_do() -> None:
    events = [meeting(), deadline()]

    assert spread([entry(event, VARIANT) for event in events]) == spread(events)


def test_attachment_is_one_published_entry_with_its_sender_as_organizer() -> None:
    calendar = Calendar.from_ical(attachment(slot(), VARIANT, "rostrum@example.org"))
    (event,) = calendar.walk("VEVENT")

    assert calendar["METHOD"] == "PUBLISH"
    assert [each.name for each in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
    assert (event["UID"], event["ORGANIZER"]) == (said(slot(), VARIANT)["UID"], "mailto:rostrum@example.org")
    assert "ATTENDEE" not in event


def test_attachment_says_otherwise_what_the_feed_says() -> None:
    from_feed = lines(entry(slot(), VARIANT).data)
    attached = lines(attachment(slot(), VARIANT, "rostrum@example.org"))
    of_event = attached[attached.index("BEGIN:VEVENT") : attached.index("END:VEVENT") + 1]

    assert [line for line in of_event if not line.startswith("ORGANIZER")] == from_feed[:-1]


def test_attachment_in_a_zone_without_a_rule_is_in_utc() -> None:
    calendar = Calendar.from_ical(attachment(meeting(timezone="Africa/Casablanca"), VARIANT, "rostrum@example.org"))

    assert [each.name for each in calendar.subcomponents] == ["VEVENT"]


def test_no_feed_has_method_organizer_or_attendee() -> None:
    names = {
        line.split(":")[0].split(";")[0] for line in lines(feed(HEADER, [meeting(), slot(), deadline()], VARIANT).body)
    }

    assert names & {"METHOD", "ORGANIZER", "ATTENDEE", "RRULE", "RDATE"} == {"RRULE"}  # the VTIMEZONE's own
