"""A whole letter in words, the same for its plain and its HTML form."""

from dataclasses import dataclass, replace
from typing import Any

from api.delivery.letters import turns
from api.delivery.letters.dates import Clock, Words, clock_time, named_city, on_clock
from api.delivery.letters.details import Link, Several, details, foot, foot_links, links, next_reminder, several
from api.delivery.letters.openings import opening
from api.web.translations import direction
from scheduler.notices.facts import Before, LetterFacts


@dataclass(frozen=True, slots=True)
class Panel:
    """One clock: which it is, what it shows, the day, and until when; `gone` where that does not hold any more."""

    label: str
    time: str
    day: str
    until: str | None
    mine: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter in words: `panels` are empty where `several` changes are told; the first of `links` is the main."""

    language: str
    subject: str
    greeting: str
    opening: str
    panels: tuple[Panel, ...]
    several: tuple[Several, ...]
    details: tuple[str, ...]
    next_reminder: str | None
    links: tuple[Link, ...]
    foot: str
    foot_links: tuple[Link, ...]


def word(facts: LetterFacts, language: str) -> Wording:
    """Puts a letter's facts into words."""
    if direction(language) == "rtl":
        facts = _isolated(facts)
    venue = Clock(facts.venue_zone, named_city(facts.venue_city, facts.venue_zone, language))
    words = Words.between(language, facts.now, facts.reader_zone, venue, (facts.starts_at, facts.ends_at))
    subject, sentence = opening(facts, words)
    return Wording(
        language=language,
        subject=subject,
        greeting=words.texts.gettext("Dear {name},").format(name=facts.name),
        opening=sentence,
        panels=() if facts.changes else _panels(facts, words),
        several=several(facts, words),
        details=(*turns.details(facts, words), *details(facts, words)),
        next_reminder=next_reminder(facts, words),
        links=tuple(links(facts, words)),
        foot=foot(facts, words),
        foot_links=tuple(foot_links(facts, words)),
    )


def isolated(text: str) -> str:
    """A name of another script as it stands in Arabic: on its own, so that it turns no figure beside it (UAX 9)."""
    return f"\u2068{text}\u2069"


def _isolated(facts: LetterFacts) -> LetterFacts:
    """With all that people named, each on its own."""
    names = ("name", "session_title", "meeting_title", "list_title", "room", "delivered_by", "swap_with", "note")
    named: dict[str, Any] = {name: isolated(getattr(facts, name)) for name in names if getattr(facts, name)}
    changes = tuple(
        replace(
            each,
            meeting_title=isolated(each.meeting_title),
            before=_isolated_room(each.before),
            after=_isolated_room(each.after),
        )
        for each in facts.changes
    )
    return replace(facts, **named, before=_isolated_room(facts.before), changes=changes)


def _isolated_room(held: Before | None) -> Before | None:
    return replace(held, room=isolated(held.room)) if held and held.room else held


def _panels(facts: LetterFacts, words: Words) -> tuple[Panel, ...]:
    _ = words.texts.gettext
    deadline = facts.rule in {"list-opens", "list-closes"} or facts.offered_until == facts.starts_at
    if words.venue is None:
        label = _("Your clock, {city}") if deadline else _("Your clock and the venue’s, {city}")
        return (_panel(facts, words, words.reader, label, mine=True),)
    other = _("As decided, {city}") if deadline else _("The venue, {city}")
    return (
        _panel(facts, words, words.reader, _("Your clock, {city}"), mine=True),
        _panel(facts, words, words.venue, other, mine=False),
    )


def _panel(facts: LetterFacts, words: Words, clock: Clock, label: str, *, mine: bool) -> Panel:
    time, below = turns.clock(facts, words, clock.zone)
    return Panel(
        label=label.format(city=clock.city),
        time=time,
        day=words.day(turns.shown_at(facts), clock.zone),
        until=below or _until(facts, words, clock.zone),
        mine=mine,
        gone=facts.rule in {"slot-cancelled", "meeting-cancelled"},
    )


def _until(facts: LetterFacts, words: Words, zone: str) -> str | None:
    if facts.ends_at <= facts.starts_at:
        return None
    _ = words.texts.gettext
    same_day = on_clock(facts.starts_at, zone).date() == on_clock(facts.ends_at, zone).date()
    text = _("until {time}") if same_day else _("until {time}, {day}")
    return text.format(time=clock_time(facts.ends_at, zone), day=words.date(facts.ends_at, zone))
