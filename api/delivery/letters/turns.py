"""A turn while its meeting sits, in words: about when, between which moments, and how sure that is.

A median never stands without its window. Before anyone has spoken no median is named at all.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from api.delivery.letters.dates import Words, clock_time, on_clock
from scheduler.notices.facts import Expectation, LetterFacts, Meter

Gettext = Callable[[str], str]
_MINUTE = timedelta(minutes=1)
_TURNS = frozenset({"turn-near", "turn-next", "turn-moved", "turn-carried", "ready-asked"})


def opening(facts: LetterFacts, words: Words) -> tuple[str, str] | None:
    """The subject and the opening sentence of a letter from the floor; None: it is none."""
    _ = words.texts.gettext
    if facts.meter is not None:
        return _meter(facts.meter, facts, _)
    expectation = facts.expectation
    if expectation is None or facts.rule not in _TURNS:
        return None
    subject, sentence = _near(expectation, _) if facts.rule == "turn-near" else _by_rule(facts.rule, _)
    return subject.format(when=when(facts, words)), sentence


def when(facts: LetterFacts, words: Words) -> str:
    """Such as "about 03:40 tomorrow in Apia (16:40 Vienna)"; as it is where nothing is expected but decided."""
    _, expectation = words.texts.gettext, facts.expectation
    if expectation is None:
        return words.when(facts.starts_at)
    if facts.rule == "turn-carried":
        return _("not before {when}").format(when=words.when(facts.starts_at))
    if expectation.guess:
        earliest, latest = _down(expectation.earliest), words.when(_up(expectation.latest))
        return _("between {time} and {when}").format(time=clock_time(earliest, words.reader.zone), when=latest)
    return _("about {when}").format(when=words.when(_near_minute(facts.starts_at)))


def shown_at(facts: LetterFacts) -> datetime:
    """The moment that stands large on the clocks."""
    expectation = facts.expectation
    if expectation is None or facts.rule == "turn-carried":
        return facts.starts_at
    return _down(expectation.earliest) if expectation.guess else _near_minute(facts.starts_at)


def clock(facts: LetterFacts, words: Words, zone: str) -> tuple[str, str | None]:
    """What one clock shows of a turn, and the line below."""
    expectation, _ = facts.expectation, words.texts.gettext
    time = clock_time(shown_at(facts), zone)
    if expectation is None or facts.rule == "turn-carried":
        return time, None
    earliest, latest = _down(expectation.earliest), _up(expectation.latest)
    if expectation.guess:
        return _("from {time}").format(time=time), _("to {time}").format(time=_moment(latest, facts, words, zone))
    window = _("between {earliest} and {latest}").format(
        earliest=_moment(earliest, facts, words, zone), latest=_moment(latest, facts, words, zone)
    )
    return _("about {time}").format(time=time), window


def details(facts: LetterFacts, words: Words) -> Iterator[str]:
    """What there is to know beside the time."""
    _, expectation = words.texts.gettext, facts.expectation
    if expectation is not None and expectation.guess:
        yield _("Nobody has spoken yet. We know more after the third speaker.")
    if expectation is not None and expectation.was is not None:
        yield _("Before: {when}").format(when=words.when(_near_minute(expectation.was)))


def _near(expectation: Expectation, _: Gettext) -> tuple[str, str]:
    return {
        1: (_("One speaker before you: {when}"), _("One speaker is before you. We expect to call you:")),
        2: (_("Two speakers before you: {when}"), _("Two speakers are before you. We expect to call you:")),
        3: (_("Three speakers before you: {when}"), _("Three speakers are before you. We expect to call you:")),
    }.get(
        expectation.before,
        (_("Your turn is near: {when}"), _("Your turn is near. We expect to call you:")),
    )


def _by_rule(rule: str, _: Gettext) -> tuple[str, str]:
    return {
        "turn-next": (_("You are next: {when}"), _("You are next. We expect to call you:")),
        "turn-moved": (_("Your turn has moved: {when}"), _("Your turn has moved. We expect to call you:")),
        "turn-carried": (
            _("Your turn comes in the next meeting: {when}"),
            _("Your turn does not come in this meeting. The list goes on in the next one. You are not called before:"),
        ),
        "ready-asked": (
            _("Does your link work? You speak {when}"),
            _("The chair does not know yet whether your link works. Try it and say so. We expect to call you:"),
        ),
    }[rule]


def _meter(meter: Meter, facts: LetterFacts, _: Gettext) -> tuple[str, str]:
    said = {"used": meter.used, "budget": meter.budget, "projected": meter.projected, "meeting": facts.meeting_title}
    sentence = (
        _("Remote minutes: {used} of {budget} used, about {projected} at the end. Past {budget}, the meeting ends:")
        if meter.ends_then
        else _("Remote minutes: {used} of {budget} used, about {projected} at the end. The meeting’s end stays:")
    )
    return _("Remote minutes: {used} of {budget} used, {meeting}").format(**said), sentence.format(**said)


def _moment(moment: datetime, facts: LetterFacts, words: Words, zone: str) -> str:
    """A time of day; with its day where that is another than the one which stands above it."""
    time = clock_time(moment, zone)
    if on_clock(moment, zone).date() == on_clock(shown_at(facts), zone).date():
        return time
    return words.texts.gettext("{time} on {day}").format(time=time, day=words.date(moment, zone))


def _down(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _up(moment: datetime) -> datetime:
    return moment if moment == _down(moment) else _down(moment) + _MINUTE


def _near_minute(moment: datetime) -> datetime:
    return _down(moment + _MINUTE / 2)
