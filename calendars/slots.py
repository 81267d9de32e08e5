"""One person's turn to speak in a calendar: hers, or one that concerns the reader."""

from calendars import meetings
from calendars.entries import Said, Variant
from calendars.text import phrase
from calendars.vocabulary import Words
from calendars.words import words
from scheduler.lists.events import SlotEvent


def said(event: SlotEvent, variant: Variant) -> Said:
    """What the entry of a turn says."""
    known, join, page = (
        words(variant.language),
        meetings.join_link(event),
        f"{variant.base_url}/meetings/{event.meeting_id}",
    )
    topic, substitute = phrase(event.topic), phrase(event.delivered_by)
    return Said(
        title=meetings.title(_who(event, variant, known), event, variant),
        categories=(known.statement, event.session_code),
        details=(
            known.join.format(url=join) if join else "",
            known.withdrawn if event.withdrawn else "",
            known.called_off if event.called_off else "",
            known.turn.format(position=event.position) if event.position else "",
            known.modes.get(event.mode, ""),
            known.topic.format(topic=topic) if topic else "",
            known.delivered_by.format(name=substitute) if substitute else "",
            phrase(event.title),
            *meetings.details(event, variant, page),
        ),
        place=meetings.place(event, join),
        page=page,
        ends_at=event.ends_at,
        join=join,
    )


def _who(event: SlotEvent, variant: Variant, known: Words) -> str:
    about, speaker, organisation = phrase(event.list_title), phrase(event.speaker), phrase(event.organisation)
    if variant.hers:
        return known.you_speak.format(title=about)
    if not speaker:
        return known.statement
    form = known.someone_of_speaks if organisation else known.someone_speaks
    return form.format(speaker=speaker, organisation=organisation, title=about)
