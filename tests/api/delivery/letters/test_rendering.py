from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from api.delivery.letters.rendering import render
from api.delivery.letters.wording import word
from api.web.translations import direction, languages
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

See the meeting
  https://rostrum.test/meetings/m1
Change or withdraw
  https://rostrum.test/lists/l1
Join remotely
  https://meet.test/x?a=1&b=2

--\x20
Practice consultation, 8–10 Jun 2022, Vienna.
Change my reminders
  https://rostrum.test/me
"""
    )


@pytest.mark.parametrize("language", languages())
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
        (facts(rule="list-closes"), "The list “General statements” closes:", "The list of speakers closes."),
        (facts(rule="slot-offered"), "A slot has become free for you:", "You waited for a slot, and one is free."),
        (
            facts(rule="swap-proposed", swap_with="Bob"),
            "Bob proposes to swap slots:",
            "Somebody proposes to swap slots with you.",
        ),
        *(
            (facts(rule="swap-ended", swap_with="Bob", swap_end=end), "No swap of slots with Bob:", begins)
            for end, begins in (
                ("refused", "Your proposal to swap slots was not accepted."),
                ("revoked", "The proposal to swap slots with you was taken back."),
                ("lapsed", "The proposal to swap slots has lapsed,"),
            )
        ),
    ],
    ids=lambda value: value.partition(":")[0] if isinstance(value, str) else "",
)
def test_each_rule_begins_in_its_way(told: LetterFacts, subject: str, opening: str) -> None:
    letter = word(told, "en")

    assert letter.subject == f"{subject} 03:40 tomorrow in Apia (16:40 Vienna)"
    assert letter.opening.startswith(opening)


def test_offer_says_until_when_it_is_hers_on_both_clocks() -> None:
    until = datetime(2022, 6, 8, 9, 29, tzinfo=UTC)

    letter = word(facts(rule="slot-offered", offered_until=until), "en")

    assert letter.details[-2:] == (
        "Take it before: 22:29 today in Apia (11:29 Vienna)",
        "Then it goes to the next who waits.",
    )
    assert [link.label for link in letter.links] == ["Take a slot", "See the meeting"]


def test_place_in_a_queue_is_offered_by_its_deadline() -> None:
    until = datetime(2022, 6, 8, 9, 29, tzinfo=UTC)

    letter = word(facts(rule="slot-offered", queue=True, starts_at=until, ends_at=until, offered_until=until), "en")

    assert letter.subject == "A place has become free: General statements, 1st meeting"
    assert [(panel.label, panel.time) for panel in letter.panels] == [
        ("Your clock, Apia", "22:29"),
        ("As decided, Vienna", "11:29"),
    ]
    assert (letter.details[-1], letter.links[0].label) == ("Then it goes to the next who waits.", "Ask to speak")


def test_letter_names_the_substitute_who_reads_it() -> None:
    assert "Read by: Sub Stitute" in word(facts(delivered_by="Sub Stitute"), "en").details


def test_proposal_to_swap_tells_of_both_slots() -> None:
    own = Before(facts().starts_at + HOUR, facts().ends_at + HOUR)

    letter = word(facts(rule="swap-proposed", swap_with="Bob", swap_own=own), "en")

    assert letter.details[-2:] == (
        "The other speaker: Bob",
        "Your slot now: 04:40 tomorrow in Apia (17:40 Vienna)",
    )
    assert [link.label for link in letter.links] == ["Answer the proposal", "See the meeting"]


@pytest.mark.parametrize(
    ("queue", "act", "closes", "rule"),
    [
        (False, "take a slot", True, "list-opens"),
        (False, "take a slot", False, "list-opens"),
        (True, "ask to speak", True, "list-opens"),
        (True, "ask to speak", True, "list-closes"),
    ],
)
def test_list_says_what_one_can_do_there_and_until_when(queue: bool, act: str, closes: bool, rule: Rule) -> None:
    at = facts().starts_at if closes else facts().now
    letter = word(facts(rule=rule, starts_at=at, ends_at=at, queue=queue, join_url="https://meet.test/x"), "en")

    opening = {
        ("list-opens", True): f"The list of speakers is open. {act.capitalize()} before it closes:",
        ("list-opens", False): "The list of speakers is open. It opened:",
        ("list-closes", True): f"The list of speakers closes. {act.capitalize()} before then:",
    }
    assert letter.opening == opening[rule, closes]
    assert [link.label for link in letter.links] == [act.capitalize(), "See the meeting"]
    if rule == "list-opens":
        assert letter.subject == f"You can {act}: General statements, 1st meeting"


def test_list_says_on_both_clocks_when_its_meeting_begins() -> None:
    told = facts(
        rule="list-closes", venue_zone="America/New_York", venue_city=None, meeting_starts_at=facts().starts_at,
        meeting_zone="Europe/Vienna",
    )  # fmt: skip

    assert word(told, "en").details[1] == "The meeting begins: 03:40 tomorrow in Apia (16:40 Vienna)"


@pytest.mark.parametrize(
    ("rule", "mode", "labels"),
    [
        ("slot-soon", "remote", ["Join remotely", "See the meeting", "Change or withdraw"]),
        ("slot-soon", "in_person", ["See the meeting", "Change or withdraw", "Join remotely"]),
        ("slot-given", "remote", ["See the meeting", "Change or withdraw", "Join remotely"]),
        ("meeting-soon", None, ["Join remotely", "See the meeting"]),
        ("meeting-moved", None, ["See the meeting", "Join remotely"]),
    ],
)
def test_joining_comes_first_where_it_is_what_is_done_next(rule: Rule, mode: str | None, labels: list[str]) -> None:
    letter = word(facts(rule=rule, mode=mode, join_url="https://meet.test/x"), "en")

    assert [link.label for link in letter.links] == labels


@pytest.mark.parametrize(("language", "city"), [("en", "Vienna"), ("fr", "Vienne"), ("es", "Viena")])
def test_city_has_the_name_that_the_language_gives_it(language: str, city: str) -> None:
    letter = word(facts(), language)

    assert letter.panels[1].label.endswith(city)
    assert letter.foot.endswith(f"{city}.")
    assert word(facts(venue_city="Wien", session_city="Wien"), language).foot.endswith("Wien.")


def test_what_is_cancelled_is_struck_out() -> None:
    assert render(facts(rule="slot-cancelled"), "en").html.count("line-through") == 2
    assert "line-through" not in render(facts(), "en").html


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
            change("1st meeting", Before(start, end), Before(start, end, "B"), own=True),
            change("2nd meeting", Before(start, end), None),
            change("3rd meeting", None, Before(start, end), zone="Pacific/Apia"),
            change("4th meeting", None, None),
        ),
    )

    letter = word(told, "en")

    assert letter.subject == "Several changes: Practice consultation"
    assert [(each.title, each.lines) for each in letter.several] == [
        (
            "Your slot, 1st meeting",
            (
                "Now: 03:40 tomorrow in Apia (16:40 Vienna)",
                "Before: 02:40 tomorrow in Apia (15:40 Vienna)",
                "Room: B",
                "Room before: A",
            ),
        ),
        ("Your slot, 1st meeting", ("Time as before: 03:40 tomorrow in Apia (16:40 Vienna)", "Room: B")),
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
    assert render(facts(), "de") == render(facts(), "en")


def test_an_arabic_letter_runs_from_right_to_left_and_keeps_names_apart() -> None:
    letter = render(replace(MOVED, note="Bring water (1 l)"), "ar")

    assert letter.html.count('dir="rtl"') == 3
    assert "border-right:6px" in letter.html
    assert "letter-spacing" not in letter.html
    assert "\u2068Practice consultation\u2069، 8–10 يونيو 2022، فيينا." in letter.text
    assert "ملاحظة: \u2068Bring water (1 l)\u2069" in letter.text
    assert "\u2068" not in render(MOVED, "fr").text


@pytest.mark.parametrize("language", languages())
def test_a_letter_is_of_its_language_in_light_and_dark(language: str) -> None:
    html = render(facts(), language).html

    assert f'<html lang="{language}" dir="{direction(language)}">' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html


@pytest.mark.parametrize(("zone", "clock"), [("Africa/Cairo", "١٦:٤٠"), ("Africa/Algiers", "15:40")])
def test_an_arabic_letter_has_the_figures_of_the_reader_s_region(zone: str, clock: str) -> None:
    letter = render(facts(reader_zone=zone), "ar")

    assert f"\n  {clock}\n" in letter.text
    assert f">{clock}</div>" in letter.html
    assert clock in letter.subject
    assert "\u2068Conference Room 3\u2069" in letter.text
