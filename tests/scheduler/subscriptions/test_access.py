from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler.programme.events import CalendarEvent, MeetingEvent
from scheduler.subscriptions.access import Memory, Offer, seen
from tests.makers.events import meeting

NOW = datetime(2022, 5, 1, 12, 0, 0, 500, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LATEST = NOW + timedelta(days=2)
SECONDS = NOW.replace(microsecond=0)
ENGLISH = Memory("en")


def offer(
    *, withheld: bool = False, sequence: int = 0, links: int = 2, changed_at: datetime = SECONDS - timedelta(days=9)
) -> Offer:
    """A meeting whose link was changed `links` times."""
    plain = replace(meeting(), sequence=sequence, changed_at=changed_at, join_url=None)
    whole = replace(plain, sequence=sequence + links, join_url="https://video.example.org/1")
    return Offer(whole, plain, withheld)


def see(
    memory: Memory, offers: Sequence[Offer], now: datetime = NOW, *, allowed: bool = True
) -> tuple[list[CalendarEvent], Memory]:
    return seen(memory, offers, now, "en", allowed=allowed)


def test_feed_with_nothing_withheld_remembers_that_it_was_read() -> None:
    offered = offer()

    shown, memory = see(ENGLISH, [offered])

    assert (shown, memory) == ([offered.whole], Memory("en", begun=True))
    assert see(memory, [offered, offer()], LATER)[1] == memory


def test_event_whose_link_was_always_withheld_is_the_public_one() -> None:
    offered = offer(withheld=True)

    shown, memory = see(ENGLISH, [offered])

    assert shown == [offered.plain]
    assert see(memory, [offered], LATER) == (shown, memory)


def test_link_that_is_taken_back_is_a_newer_edition_whose_later_changes_do_not_show() -> None:
    _, memory = see(ENGLISH, [offer()])

    (hidden,), memory = see(memory, [offer(withheld=True)], LATER)
    later = see(memory, [offer(withheld=True, links=7)], LATEST)

    assert isinstance(hidden, MeetingEvent)
    assert (hidden.sequence, hidden.changed_at, hidden.join_url) == (3, SECONDS + timedelta(days=1), None)
    assert later == ([hidden], memory)


def test_link_that_is_given_is_a_newer_edition() -> None:
    _, memory = see(ENGLISH, [offer(withheld=True, links=0)])

    (given,), memory = see(memory, [offer(links=0)], LATER)

    assert (given.sequence, given.changed_at) == (1, SECONDS + timedelta(days=1))
    assert see(memory, [offer(links=0)], LATEST) == ([given], memory)


def test_link_that_comes_and_goes_never_takes_the_sequence_back() -> None:
    memory, sequences, moments = ENGLISH, [], []
    for day in range(8):
        (event,), memory = see(memory, [offer(withheld=day % 2 == 1, links=2 + day)], NOW + timedelta(days=day))
        sequences.append(event.sequence)
        moments.append(event.changed_at)

    assert sequences == sorted(set(sequences))
    assert moments == sorted(set(moments))


def test_what_turns_twice_in_a_second_still_gets_a_later_moment() -> None:
    (first,), memory = see(ENGLISH, [offer(changed_at=SECONDS)])
    (second,), memory = see(memory, [offer(changed_at=SECONDS, withheld=True)])
    (third,), memory = see(memory, [offer(changed_at=SECONDS)])

    assert [each.changed_at - SECONDS for each in (first, second, third)] == [
        timedelta(0),
        timedelta(seconds=1),
        timedelta(seconds=2),
    ]


def test_lost_feed_keeps_tombstones_without_details_that_stand_still() -> None:
    offered = offer()
    _, memory = see(ENGLISH, [offered])

    shown, memory = see(memory, [offered], LATER, allowed=False)
    moved = replace(offered.whole, starts_at=offered.whole.starts_at + timedelta(hours=1), sequence=9)
    new = replace(moved, id="new")
    later = see(memory, [Offer(moved, moved, withheld=False), Offer(new, new, withheld=False)], LATEST, allowed=False)

    event = offered.whole
    gone_at = SECONDS + timedelta(days=1)
    assert shown == [
        CalendarEvent(
            event.id, event.timezone, event.starts_at, event.ends_at, cancelled=True, sequence=3, changed_at=gone_at
        )
    ]
    assert later == (shown, memory)


def test_feed_that_is_given_back_shows_its_events_in_a_newer_edition() -> None:
    offered = offer()
    _, memory = see(ENGLISH, [offered], allowed=False)

    (back,), memory = see(memory, [offered], LATER)

    assert back == replace(offered.whole, sequence=4, changed_at=SECONDS + timedelta(days=1))
    assert see(memory, [offered], LATEST) == ([back], memory)
    assert (memory.lost, memory.left) == (False, {})


def test_other_words_are_a_change_of_every_entry_and_no_sequence() -> None:
    offered = offer()

    (event,), memory = seen(ENGLISH, [offered], LATER, "fr", allowed=True)

    assert event == replace(offered.whole, changed_at=SECONDS + timedelta(days=1))
    assert seen(memory, [offered], LATEST, "fr", allowed=True) == ([event], memory)


def test_what_changes_within_the_second_of_a_turn_gets_a_later_moment_and_is_then_as_it_was() -> None:
    _, memory = see(ENGLISH, [offer(changed_at=SECONDS)])
    (hidden,), memory = see(memory, [offer(withheld=True, changed_at=SECONDS)])
    moments = [hidden.changed_at]

    for second in (1, 1, 2, 60):
        changed = offer(withheld=True, sequence=second, changed_at=SECONDS + timedelta(seconds=second))
        (event,), memory = see(memory, [changed], LATER)
        moments.append(event.changed_at)

    assert moments == [SECONDS + timedelta(seconds=second) for second in (1, 2, 2, 3, 60)]
