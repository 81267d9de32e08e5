"""What people will read of a planned change: of a meeting the very words of the letter, in each language and zone."""

from dataclasses import dataclass, replace
from datetime import date

from api.delivery.letters.dates import locale_of
from api.delivery.letters.wording import Panel, word
from api.pages.times import Times
from api.web.translations import direction
from scheduler.notices.facts import Before, LetterFacts
from scheduler.programme.views import MeetingView, SessionView
from scheduler.secretariat.affected import Affected, LetterView, ZoneView


@dataclass(frozen=True, slots=True)
class Letter:
    """What people of a city and language read: `text` alone, or a letter's subject, clocks and details below that."""

    city: str
    language: str
    tag: str
    direction: str
    subject: str
    text: str
    panels: tuple[Panel, ...] = ()
    details: tuple[str, ...] = ()


def letters(found: Affected, times: Times, facts: LetterFacts | None) -> list[Letter]:
    """The letters, those first to whom it becomes night, then by how many read them. `facts`: of a meeting's."""
    zones = {each.timezone: each for each in found.by_timezone}
    ranked = sorted(found.letters, key=lambda each: (not is_night(zones[each.timezone]), -zones[each.timezone].people))
    return [_letter(each, times, facts) for each in ranked]


def facts_of(
    session: SessionView, before: MeetingView, after: MeetingView, times: Times, note: str | None
) -> LetterFacts:
    """What is told to those who may speak in a meeting, once it is changed so."""
    cancelled = after.status == "cancelled"
    held = before if cancelled else after
    was = Before(before.starts_at, before.ends_at, before.room)
    return LetterFacts(
        rule="meeting-cancelled" if cancelled else "meeting-moved",
        now=times.now,
        name="",
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        reader_zone=held.timezone,
        venue_zone=held.timezone,
        venue_city=session.city,
        session_title=session.title,
        session_starts_on=date.fromisoformat(session.starts_on),
        session_ends_on=date.fromisoformat(session.ends_on),
        session_city=session.city,
        meeting_title=held.title,
        meeting_url="",
        reminders_url="",
        room=held.room,
        before=None if cancelled or before.status == "cancelled" else was,
        note=note,
    )


def is_night(zone: ZoneView) -> bool:
    """Whether it becomes night there."""
    return zone.after is not None and zone.after.civil == "night" and (not zone.before or zone.before.civil != "night")


def _letter(view: LetterView, times: Times, facts: LetterFacts | None) -> Letter:
    city, name = times.city(view.timezone), str(locale_of(times.language).languages.get(view.language, view.language))
    if facts is None:
        return Letter(city, name, view.language, direction(view.language), "", view.text)
    said = word(replace(facts, reader_zone=view.timezone), view.language)
    way = direction(view.language)
    return Letter(city, name, view.language, way, said.subject, said.opening, said.panels, said.details)
