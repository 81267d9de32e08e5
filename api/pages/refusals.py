"""Refusals in the reader's language: the very sentence where the catalogue has it, else what its code means.

Where a code alone tells too little, the sentence as it is written stands beside it, known as English.
"""

import re
from collections.abc import Callable
from functools import cache

from markupsafe import Markup

from api.web.translations import LOCALE, read, translations
from scheduler.errors import Fault, Refusal

CATALOGUE = "refusals"
_TELLS_LITTLE = frozenset({"invalid", "not-found", "not-allowed", "not-allowed-now", "already-exists", "over-budget"})
_VALUE = re.compile(r"\\\{(\w+)\\\}")


def told(refusal: Refusal | Fault | str, language: str) -> Markup:
    """A refusal, a fault of a field, or a sentence of the scheduler, as a page shows it."""
    sentence = _sentence(refusal)
    if language == "en":
        return Markup("{}").format(sentence)
    if (exact := _exact(sentence, language)) is not None:
        return Markup("{}").format(exact)
    english = Markup('<span lang="en" dir="ltr">{}</span>').format(sentence)
    if not isinstance(refusal, Refusal):
        return english
    _ = translations(language).gettext
    meaning = _meanings(_).get(refusal.code, _("This did not work"))
    return Markup("{} {}").format(meaning, english) if refusal.code in _TELLS_LITTLE else Markup("{}").format(meaning)


def _sentence(refusal: Refusal | Fault | str) -> str:
    if isinstance(refusal, Fault):
        return refusal.message
    return refusal.sentence if isinstance(refusal, Refusal) else refusal


def _exact(sentence: str, language: str) -> str | None:
    said = translations(language).gettext(sentence) if sentence else ""
    if said != sentence:
        return said
    for pattern, text in _with_values(language):
        if (found := pattern.fullmatch(sentence)) is not None:
            return text.format(**found.groupdict())
    return None


@cache
def _with_values(language: str) -> list[tuple[re.Pattern[str], str]]:
    """The sentences that values are put into, each as it looks with them, and how the language says it."""
    path = LOCALE / language / "LC_MESSAGES" / f"{CATALOGUE}.po"
    messages = [(str(message.id), str(message.string)) for message in read(path)] if path.exists() else []
    return [
        (re.compile(_VALUE.sub(r"(?P<\1>.*?)", re.escape(id_)), re.DOTALL), said)
        for id_, said in messages
        if "{" in id_
    ]


def _meanings(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "not-signed-in": _("Sign in first."),
        "not-found": _("There is nothing at this address that you can see."),
        "not-allowed": _("Your roles do not let you do this here. Ask the secretariat."),
        "not-accredited": _(
            "Only organisations that are accredited to this session may speak here. Ask the secretariat."
        ),
        "category-not-eligible": _("This slot is reserved for others. Choose another one."),
        "invalid": _("What was written cannot be taken as it is."),
        "unknown-timezone": _("There is no such time zone. Choose it by the name of a city."),
        "outside-session": _("This lies outside the session’s dates. Choose a day of it, or change its dates first."),
        "mode-not-offered": _("This way of speaking is not offered here. Choose another."),
        "local-time-ambiguous": _("This time exists twice that day, because clocks are put back. Say which is meant."),
        "local-time-skipped": _(
            "This time does not exist that day, because clocks are put forward over it. "
            "Choose one before or after the gap."
        ),
        "already-exists": _("This exists already. Use that one, or change it."),
        "already-inscribed": _("There is a place in this list already. Withdraw it first, or change it."),
        "slot-taken": _("This slot is taken. Choose another one."),
        "list-not-open": _("This list has not opened yet."),
        "list-closed": _("This list is closed. The chair can reopen it."),
        "list-full": _("This list is full. Join those who wait for a place."),
        "over-budget": _("There is not enough time left for this. Make it shorter, or put it earlier."),
        "remote-budget-exceeded": _(
            "The meeting has too few remote minutes left for this. Speak in the room or by video, or ask the chair."
        ),
        "overlapping-meeting": _("Another meeting has this room meanwhile. Choose another time or room."),
        "not-allowed-now": _("This cannot be done at this moment."),
        "version-conflict": _("Somebody else changed this first. Look at it again, then try once more."),
        "too-large": _("This is too large. Send it in parts."),
        "too-many-requests": _("These are too many requests. Wait a little, then try again."),
        "busy": _("The service is busy at this moment. Try again in a few seconds."),
    }
