"""How letters begin, rule by rule: the subject and the sentence above the clocks."""

from collections.abc import Callable

from api.delivery.letters import turns
from api.delivery.letters.dates import Words
from scheduler.notices.facts import LetterFacts

Gettext = Callable[[str], str]


def opening(facts: LetterFacts, words: Words) -> tuple[str, str]:
    """The subject and the opening sentence of a letter."""
    _ = words.texts.gettext
    if (said := turns.opening(facts, words)) is not None:
        return said
    if facts.changes:
        subject, sentence = _("Several changes: {session}"), _("Several things have changed at once:")
    elif facts.rule in {"slot-moved", "meeting-moved"}:
        subject, sentence = _moved(facts, _)
    elif facts.rule in {"slot-cancelled", "meeting-cancelled"}:
        subject, sentence = _cancelled(facts, _)
    elif facts.rule in {"list-opens", "list-closes"}:
        subject, sentence = _list(facts, _)
    elif facts.rule == "slot-offered":
        subject, sentence = _offered(facts, _)
    elif facts.rule in {"swap-proposed", "swap-ended"}:
        subject, sentence = _swap(facts, _)
    else:
        subject, sentence = {
            "slot-given": (_("Your slot: {when}"), _("You have a slot. We expect to call you:")),
            "slot-soon": (_("Your slot comes up: {when}"), _("Your slot comes up. We expect to call you:")),
            "meeting-soon": (_("The meeting comes up: {when}"), _("The meeting comes up. It begins:")),
        }[facts.rule]
    title, of_list = facts.session_title, facts.list_title or ""
    when = turns.when(facts, words)
    names = {"session": title, "list": of_list, "meeting": facts.meeting_title, "speaker": facts.swap_with or ""}
    return subject.format(when=when, **names), sentence


def _moved(facts: LetterFacts, _: Gettext) -> tuple[str, str]:
    own, before = facts.rule == "slot-moved", facts.before
    if before is None:
        return (
            (
                _("Your slot takes place after all: {when}"),
                _("Your slot had been cancelled. It takes place after all. We expect to call you:"),
            )
            if own
            else (
                _("The meeting takes place after all: {when}"),
                _("The meeting had been cancelled. It takes place after all. It begins:"),
            )
        )
    if (before.starts_at, before.ends_at) != (facts.starts_at, facts.ends_at):
        return (
            (_("Your slot has moved: {when}"), _("Your slot has moved. We expect to call you:"))
            if own
            else (_("The meeting has moved: {when}"), _("The meeting has moved. It begins:"))
        )
    return (
        (_("Another room for your slot: {when}"), _("Your slot is in another room. We expect to call you as before:"))
        if own
        else (_("Another room for the meeting: {when}"), _("The meeting is in another room. It begins as before:"))
    )


def _cancelled(facts: LetterFacts, _: Gettext) -> tuple[str, str]:
    if facts.rule == "meeting-cancelled":
        return _("The meeting is cancelled: {when}"), _("The meeting is cancelled. It does not take place:")
    if facts.meeting_cancelled:
        return _("Your slot is cancelled: {when}"), _("The meeting is cancelled, and your slot with it. It was to be:")
    return _("You no longer have your slot: {when}"), _("You no longer have your slot. It was to be:")


def _offered(facts: LetterFacts, _: Gettext) -> tuple[str, str]:
    if facts.queue:
        return (
            _("A place has become free: {list}, {meeting}"),
            _("You waited for a place in the list of speakers, and one is free. It is yours if you ask to speak by:"),
        )
    return (
        _("A slot has become free for you: {when}"),
        _("You waited for a slot, and one is free. It is yours if you take it in time:"),
    )


def _swap(facts: LetterFacts, _: Gettext) -> tuple[str, str]:
    if facts.rule == "swap-proposed":
        return (
            _("{speaker} proposes to swap slots: {when}"),
            _("Somebody proposes to swap slots with you. You would then speak:"),
        )
    sentence = {
        "refused": _("Your proposal to swap slots was not accepted. We expect to call you as before:"),
        "revoked": _("The proposal to swap slots with you was taken back. We expect to call you as before:"),
        "lapsed": _("The proposal to swap slots has lapsed, as one of the two has changed. We expect to call you:"),
    }
    return _("No swap of slots with {speaker}: {when}"), sentence[facts.swap_end or "lapsed"]


def _list(facts: LetterFacts, _: Gettext) -> tuple[str, str]:
    if facts.rule == "list-closes":
        before_then = (
            _("The list of speakers closes. Ask to speak before then:")
            if facts.queue
            else _("The list of speakers closes. Take a slot before then:")
        )
        return _("The list “{list}” closes: {when}"), before_then
    subject, before = (
        (
            _("You can ask to speak: {list}, {meeting}"),
            _("The list of speakers is open. Ask to speak before it closes:"),
        )
        if facts.queue
        else (
            _("You can take a slot: {list}, {meeting}"),
            _("The list of speakers is open. Take a slot before it closes:"),
        )
    )
    return subject, before if facts.starts_at > facts.now else _("The list of speakers is open. It opened:")
