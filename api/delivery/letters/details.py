"""What stands below the clocks of a letter: where and what, what was before, where to go from here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from api.delivery.letters.dates import Clock, Words, city_of, named_city, written_dates
from scheduler.notices.facts import ATTENDANCE, Change, LetterFacts


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go, and what happens there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Several:
    """One of several changes: what it is about, and what is told of it."""

    title: str
    lines: tuple[str, ...]


def details(facts: LetterFacts, words: Words) -> Iterator[str]:
    """A line for each thing to know beside the time."""
    _ = words.texts.gettext
    if not facts.changes:
        yield _("Meeting: {title}").format(title=facts.meeting_title)
        if facts.meeting_starts_at is not None and facts.meeting_zone is not None:
            there = _on_clocks(facts, words, facts.meeting_zone, facts.meeting_starts_at)
            yield _("The meeting begins: {when}").format(when=there.when(facts.meeting_starts_at))
        if facts.list_title is not None:
            yield _("List of speakers: {title}").format(title=facts.list_title)
        if facts.position is not None:
            yield _("Your number: {number}").format(number=facts.position)
        if facts.mode is not None:
            yield {
                "in_person": _("You speak in the room."),
                "remote": _("You speak remotely."),
                "video": _("You speak by video."),
            }[facts.mode]
        if facts.delivered_by is not None:
            yield _("Read by: {name}").format(name=facts.delivered_by)
        if facts.room is not None:
            yield _("Room: {room}").format(room=facts.room)
        yield from _before(facts, words)
        yield from _to_answer(facts, words)
    if facts.note is not None:
        yield _("Note: {note}").format(note=facts.note)


def _before(facts: LetterFacts, words: Words) -> Iterator[str]:
    before, _ = facts.before, words.texts.gettext
    if before is None:
        return
    if (before.starts_at, before.ends_at) != (facts.starts_at, facts.ends_at):
        yield _("Before: {when}").format(when=words.when(before.starts_at))
    if before.room is not None and before.room != facts.room:
        yield _("Room before: {room}").format(room=before.room)


def _to_answer(facts: LetterFacts, words: Words) -> Iterator[str]:
    """What she must know of an offer or of a proposal to swap."""
    _ = words.texts.gettext
    if facts.offered_until is not None and facts.offered_until != facts.starts_at:
        until = _on_clocks(facts, words, facts.venue_zone, facts.offered_until)
        yield _("Take it before: {when}").format(when=until.when(facts.offered_until))
    if facts.offered_until is not None:
        yield _("Then it goes to the next who waits.")
    if facts.swap_with is not None:
        yield _("The other speaker: {name}").format(name=facts.swap_with)
    if facts.swap_own is not None:
        yield _("Your slot now: {when}").format(when=words.when(facts.swap_own.starts_at))


def several(facts: LetterFacts, words: Words) -> tuple[Several, ...]:
    """The changes of a letter that tells more than one."""
    return tuple(_change(change, facts, words) for change in facts.changes)


def _change(change: Change, facts: LetterFacts, words: Words) -> Several:
    _ = words.texts.gettext
    moments = (each.starts_at for each in (change.before, change.after) if each is not None)
    here = _on_clocks(facts, words, change.venue_zone, *moments)
    title = _("Your slot, {meeting}").format(meeting=change.meeting_title) if change.own else change.meeting_title
    return Several(title, tuple(_change_lines(change, here)))


def _on_clocks(facts: LetterFacts, words: Words, zone: str, *moments: datetime) -> Words:
    """The same words for what takes place elsewhere."""
    return Words.between(
        words.language, words.now, facts.reader_zone, Clock(zone, city_of(zone, words.language)), moments
    )


def _change_lines(change: Change, words: Words) -> Iterator[str]:
    before, after, _ = change.before, change.after, words.texts.gettext
    if after is None:
        if before is not None:
            yield _("Cancelled: {when}").format(when=words.when(before.starts_at))
        return
    if before is None:
        yield _("Takes place after all: {when}").format(when=words.when(after.starts_at))
    elif (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at):
        yield _("Time as before: {when}").format(when=words.when(after.starts_at))
    else:
        yield _("Now: {when}").format(when=words.when(after.starts_at))
        if before.starts_at != after.starts_at:
            yield _("Before: {when}").format(when=words.when(before.starts_at))
    if after.room is not None:
        yield _("Room: {room}").format(room=after.room)
        if before is not None and before.room not in {None, after.room}:
            yield _("Room before: {room}").format(room=before.room)


def next_reminder(facts: LetterFacts, words: Words) -> str | None:
    """When we write again about the same."""
    if facts.next_reminder_at is None:
        return None
    mine = replace(words, venue=None)
    return words.texts.gettext("We write again: {when}.").format(when=mine.when(facts.next_reminder_at))


def links(facts: LetterFacts, words: Words) -> Iterator[Link]:
    """Where to go from here, the most likely first."""
    _ = words.texts.gettext
    held = facts.rule not in {"slot-cancelled", "meeting-cancelled"}
    of_list = facts.rule in {"list-opens", "list-closes"}
    join = Link(_("Join remotely"), facts.join_url) if facts.join_url is not None and held and not of_list else None
    now = facts.rule in {"slot-soon", "meeting-soon", "turn-near", "turn-next", "ready-asked"}
    joins_now = now and facts.mode in {None, "remote"}
    if join is not None and joins_now:
        yield join
    if facts.list_url is not None and (of_list or facts.rule == "slot-offered"):
        yield Link(_("Ask to speak") if facts.queue else _("Take a slot"), facts.list_url)
    if facts.list_url is not None and facts.rule == "swap-proposed":
        yield Link(_("Answer the proposal"), facts.list_url)
    yield Link(_("See the meeting"), facts.meeting_url)
    if facts.list_url is not None and facts.rule.startswith("slot-") and facts.rule != "slot-offered":
        if held:
            yield Link(_("Change or withdraw"), facts.list_url)
        elif not facts.meeting_cancelled:
            yield Link(_("Take another slot"), facts.list_url)
    if join is not None and not joins_now:
        yield join


def foot(facts: LetterFacts, words: Words) -> str:
    """What the letter belongs to."""
    _ = words.texts.gettext
    text = _("{session}, {dates}.") if facts.session_city is None else _("{session}, {dates}, {city}.")
    dates = written_dates(facts.session_starts_on, facts.session_ends_on, words.language)
    city = facts.session_city and named_city(facts.session_city, facts.venue_zone, words.language)
    return text.format(session=facts.session_title, dates=dates, city=city)


def foot_links(facts: LetterFacts, words: Words) -> Iterator[Link]:
    """Where she settles what she is told, and ends reminders."""
    _ = words.texts.gettext
    yield Link(_("Change my reminders"), facts.reminders_url)
    if facts.unsubscribe_url is not None and facts.rule not in ATTENDANCE:
        yield Link(_("No more reminders like this one"), facts.unsubscribe_url)
