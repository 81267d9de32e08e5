from datetime import UTC, datetime, timedelta

import pytest

from api.delivery.letters.rendering import render
from api.delivery.letters.wording import word
from scheduler.notices.facts import LetterFacts
from tests.makers.facts import expectation, facts

WHEN = "about 03:40 tomorrow in Apia (16:40 Vienna)"


def test_a_turn_that_is_near_reads_as_it_was_drawn() -> None:
    letter = render(facts(rule="turn-near", list_title=None, list_url=None, position=None), "en")

    assert letter.subject == f"Three speakers before you: {WHEN}"
    assert (
        letter.text
        == """\
Dear Sefina Tuilagi,

Three speakers are before you. We expect to call you:

Your clock, Apia
  about 03:40
  tomorrow, Thu 9 June
  between 03:25 and 04:05

The venue, Vienna
  about 16:40
  today, Wed 8 June
  between 16:25 and 17:05

Meeting: 1st meeting
You speak remotely.
Room: Conference Room 3

See the meeting
  https://rostrum.test/meetings/m1

--\x20
Practice consultation, 8–10 Jun 2022, Vienna.
Change my reminders
  https://rostrum.test/me
"""
    )


@pytest.mark.parametrize(
    ("told", "subject", "opening"),
    [
        (facts(rule="turn-near", expectation=expectation(before=1)), "One speaker before you: ", "One speaker is"),
        (facts(rule="turn-near", expectation=expectation(before=2)), "Two speakers before you: ", "Two speakers are"),
        (facts(rule="turn-near", expectation=expectation(before=0)), "Your turn is near: ", "Your turn is near."),
        (facts(rule="turn-next"), "You are next: ", "You are next."),
        (facts(rule="turn-moved"), "Your turn has moved: ", "Your turn has moved."),
        (facts(rule="ready-asked"), "Does your link work? You speak ", "The chair does not know yet"),
        (facts(rule="slot-soon", expectation=expectation()), "Your slot comes up: ", "Your slot comes up."),
    ],
)
def test_each_rule_of_a_turn_begins_in_its_way(told: LetterFacts, subject: str, opening: str) -> None:
    letter = word(told, "en")

    assert letter.subject == subject + WHEN
    assert letter.opening.startswith(opening)
    assert [panel.time for panel in letter.panels] == ["about 03:40", "about 16:40"]


def test_before_anyone_has_spoken_no_median_is_named() -> None:
    letter = word(facts(rule="turn-near", expectation=expectation(guess=True)), "en")

    assert letter.subject == "Three speakers before you: between 03:25 and 04:05 tomorrow in Apia (17:05 Vienna)"
    assert [(panel.time, panel.until) for panel in letter.panels] == [
        ("from 03:25", "to 04:05"),
        ("from 16:25", "to 17:05"),
    ]
    assert letter.details[0] == "Nobody has spoken yet. We know more after the third speaker."


def test_a_turn_that_moved_says_when_it_was_expected() -> None:
    was = datetime(2022, 6, 8, 14, 10, tzinfo=UTC)

    letter = word(facts(rule="turn-moved", expectation=expectation(was=was)), "en")

    assert letter.details[0] == "Before: 03:10 tomorrow in Apia (16:10 Vienna)"


def test_only_a_hard_bound_is_called_not_before() -> None:
    on = datetime(2022, 6, 9, 8, 0, tzinfo=UTC)
    late = expectation(earliest=on, latest=on + timedelta(minutes=40), in_next_meeting=True)

    letter = word(facts(rule="turn-carried", starts_at=on, ends_at=on, expectation=late), "en")

    when = "not before 21:00 tomorrow in Apia (10:00 Vienna)"
    assert letter.subject == f"Your turn comes in the next meeting: {when}"
    assert [(panel.time, panel.day, panel.until) for panel in letter.panels] == [
        ("21:00", "tomorrow, Thu 9 June", None),
        ("10:00", "tomorrow, Thu 9 June", None),
    ]


def test_a_window_over_midnight_names_the_other_day() -> None:
    at = datetime(2022, 6, 8, 21, 55, tzinfo=UTC)
    window = expectation(earliest=at - timedelta(minutes=10), latest=at + timedelta(minutes=20))

    venue = word(facts(rule="turn-next", starts_at=at, ends_at=at, expectation=window), "en").panels[1]

    assert (venue.time, venue.until) == ("about 23:55", "between 23:45 and 00:15 on Thu 9 June")


def test_who_runs_a_meeting_reads_what_becomes_of_its_end() -> None:
    letter = word(facts(rule="remote-minutes"), "en")

    assert letter.subject == "Remote minutes: 25 of 30 used, 1st meeting"
    assert letter.opening == ("Remote minutes: 25 of 30 used, about 34 at the end. Past 30, the meeting ends:")
    assert [panel.time for panel in letter.panels] == ["03:40", "16:40"]
