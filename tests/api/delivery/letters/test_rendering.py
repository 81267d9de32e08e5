from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from api.delivery.letters.rendering import render
from api.delivery.letters.wording import word
from scheduler.notices.facts import ATTENDANCE, RULES, Before, Change, LetterFacts, Rule
from tests.makers.facts import facts

HOUR = timedelta(hours=1)
MOVED = facts(rule="slot-moved", before=Before(facts().starts_at - HOUR, facts().ends_at - HOUR, "Conference Room 3"))
HOSTILE = "<script>alert('&')</script>\" onload=x {name} {{ 7*7 }} %s"


class Page(HTMLParser):
    """What a reader of the HTML form sees, and where its links go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._hidden = tag in {"style", "title"}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag not in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._hidden:
            self.words.append(data.strip())


def test_letter_reads_as_it_was_drawn() -> None:
    again = datetime(2022, 6, 8, 13, 40, tzinfo=UTC)
    letter = render(facts(next_reminder_at=again, join_url="https://meet.test/x?a=1&b=2"), "en")

    assert letter.subject == "Your slot: 03:40 tomorrow in Apia (16:40 Vienna)"
    assert (
        letter.text
        == """\
Dear Sefina Tuilagi,

You have a slot. We expect to call you:

Your clock, Apia
  03:40
  tomorrow, Thu 9 June
  until 03:44

The venue, Vienna
  16:40
  today, Wed 8 June
  until 16:44

Meeting: 1st meeting
List of speakers: General statements
Your number: 33
You speak remotely.
Room: Conference Room 3

We write again: 02:40 tomorrow in Apia.

Join remotely
  https://meet.test/x?a=1&b=2
See the meeting
  https://rostrum.test/meetings/m1
Change or withdraw
  https://rostrum.test/lists/l1

--\x20
Practice consultation, 8–10 Jun 2022, Vienna.
Change my reminders
  https://rostrum.test/me
"""
    )


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("rule", RULES)
def test_both_forms_say_the_same(rule: Rule, language: str) -> None:
    told = facts(
        rule=rule, note="Bring water", join_url="https://meet.test/x", unsubscribe_url="https://rostrum.test/u/1"
    )
    letter = render(told, language)

    page = Page(letter.html)
    lines = [line.strip() for line in letter.text.splitlines() if line.strip() not in {"", "--"}]
    assert sorted(page.words + page.links) == sorted(lines)


@pytest.mark.parametrize(
    ("told", "subject", "opening"),
    [
        (facts(), "Your slot:", "You have a slot."),
        (facts(rule="slot-soon"), "Your slot comes up:", "Your slot comes up."),
        (facts(rule="meeting-soon"), "The meeting comes up:", "The meeting comes up."),
        (MOVED, "Your slot has moved:", "Your slot has moved."),
        (replace(MOVED, rule="meeting-moved"), "The meeting has moved:", "The meeting has moved."),
        (facts(rule="slot-moved"), "Your slot takes place after all:", "Your slot had been cancelled."),
        (facts(rule="meeting-moved"), "The meeting takes place after all:", "The meeting had been cancelled."),
        (
            replace(MOVED, before=Before(MOVED.starts_at, MOVED.ends_at, "Room 1")),
            "Another room for your slot:",
            "Your slot is in another room.",
        ),
        (
            replace(MOVED, rule="meeting-moved", before=Before(MOVED.starts_at, MOVED.ends_at, "Room 1")),
            "Another room for the meeting:",
            "The meeting is in another room.",
        ),
        (facts(rule="slot-cancelled"), "You no longer have your slot:", "You no longer have your slot."),
        (
            facts(rule="slot-cancelled", meeting_cancelled=True),
            "Your slot is cancelled:",
            "The meeting is cancelled, and your slot with it.",
        ),
        (facts(rule="meeting-cancelled"), "The meeting is cancelled:", "The meeting is cancelled."),
        (facts(rule="list-closes"), "List closes:", "The list of speakers closes."),
        (facts(rule="list-opens"), "List opens:", "The list of speakers opens."),
    ],
    ids=lambda value: value.partition(":")[0] if isinstance(value, str) else "",
)
def test_each_rule_begins_in_its_way(told: LetterFacts, subject: str, opening: str) -> None:
    letter = word(told, "en")

    assert letter.subject == f"{subject} 03:40 tomorrow in Apia (16:40 Vienna)"
    assert letter.opening.startswith(opening)


def test_list_that_is_open_says_so() -> None:
    letter = word(facts(rule="list-opens", starts_at=facts().now, ends_at=facts().now), "en")

    assert (letter.subject, letter.opening) == (
        "You can take a slot: General statements",
        "The list of speakers is open. It opened:",
    )


def test_list_that_opens_says_when_it_closes() -> None:
    letter = word(facts(rule="list-opens", mode=None, position=None, closes_at=facts().starts_at), "en")

    assert letter.details[2] == "It closes: 03:40 tomorrow in Apia (16:40 Vienna)"


def test_move_says_what_was_before() -> None:
    letter = word(replace(MOVED, room="Conference Room 4"), "en")

    assert letter.details[-3:] == (
        "Room: Conference Room 4",
        "Before: 02:40 tomorrow in Apia (15:40 Vienna)",
        "Room before: Conference Room 3",
    )


def test_deadline_names_the_city_in_which_it_was_decided() -> None:
    closes = datetime(2022, 6, 10, 22, 0, tzinfo=UTC)
    told = facts(
        rule="list-closes", starts_at=closes, ends_at=closes, venue_zone="America/New_York", venue_city=None, mode=None
    )

    panels = word(told, "en").panels

    assert [(each.label, each.time, each.day, each.until) for each in panels] == [
        ("Your clock, Apia", "11:00", "Sat 11 June", None),
        ("As decided, New York", "18:00", "Fri 10 June", None),
    ]


def test_equal_clocks_are_one() -> None:
    letter = word(facts(reader_zone="Europe/Berlin"), "en")

    assert [(each.label, each.time) for each in letter.panels] == [("Your clock and the venue’s, Vienna", "16:40")]
    assert letter.subject == "Your slot: 16:40 today in Vienna"


def test_stretch_over_midnight_says_on_which_day_it_ends() -> None:
    start = datetime(2022, 6, 8, 10, 0, tzinfo=UTC)
    panels = word(facts(rule="meeting-soon", starts_at=start, ends_at=start + 3 * HOUR), "en").panels

    assert [each.until for each in panels] == ["until 02:00, Thu 9 June", "until 15:00"]


def change(
    title: str, before: Before | None, after: Before | None, *, own: bool = False, zone: str = "Europe/Vienna"
) -> Change:
    return Change(meeting_title=title, venue_zone=zone, own=own, before=before, after=after)


def test_several_changes_are_told_one_by_one() -> None:
    start, end = facts().starts_at, facts().ends_at
    told = facts(
        rule="slot-moved",
        note="The room is being repaired",
        changes=(
            change("1st meeting", Before(start - HOUR, end - HOUR, "A"), Before(start, end, "B"), own=True),
            change("2nd meeting", Before(start, end), None),
            change("3rd meeting", None, Before(start, end), zone="Pacific/Apia"),
            change("4th meeting", None, None),
        ),
    )

    letter = word(told, "en")

    assert letter.subject == "Several times have changed: Practice consultation"
    assert [(each.title, each.lines) for each in letter.several] == [
        (
            "Your slot, 1st meeting",
            (
                "Now: 03:40 tomorrow in Apia (16:40 Vienna)",
                "Before: 02:40 tomorrow in Apia (15:40 Vienna)",
                "Room: B",
            ),
        ),
        ("2nd meeting", ("Cancelled: 03:40 tomorrow in Apia (16:40 Vienna)",)),
        ("3rd meeting", ("Takes place after all: 03:40 tomorrow in Apia",)),
        ("4th meeting", ()),
    ]
    assert (letter.panels, letter.details) == ((), ("Note: The room is being repaired",))


@pytest.mark.parametrize("rule", RULES)
def test_reminders_can_be_ended_and_attendance_cannot(rule: Rule) -> None:
    letter = word(facts(rule=rule, unsubscribe_url="https://rostrum.test/u/1"), "en")

    urls = [link.url for link in letter.foot_links]
    assert urls == ["https://rostrum.test/me", *([] if rule in ATTENDANCE else ["https://rostrum.test/u/1"])]


@pytest.mark.parametrize("rule", ["slot-cancelled", "meeting-cancelled"])
def test_what_is_cancelled_is_not_to_be_joined(rule: Rule) -> None:
    letter = word(facts(rule=rule, meeting_cancelled=True, join_url="https://meet.test/x"), "en")

    assert [link.label for link in letter.links] == ["See the meeting"]


def test_texts_of_others_are_only_text() -> None:
    told = facts(
        name=HOSTILE, meeting_title=HOSTILE, list_title=HOSTILE, room=HOSTILE, note=HOSTILE, session_title=HOSTILE
    )
    letter = render(replace(told, venue_city=HOSTILE), "en")

    page = Page(letter.html)
    harmless = Page(render(facts(note="x"), "en").html)
    assert page.tags == harmless.tags
    assert page.links == harmless.links
    assert f"Dear {HOSTILE}," in page.words
    assert letter.text.startswith(f"Dear {HOSTILE},\n")
    assert f"({'16:40'} {HOSTILE})" in letter.subject


def test_language_without_a_catalogue_is_told_in_english() -> None:
    assert render(facts(), "zh") == render(facts(), "en")
