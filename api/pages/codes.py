"""What the codes of modes, turns, organisations and seconds are called in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list

from api.delivery.letters.dates import locale_of
from api.web.translations import translations

_SIGNS = {"in_person": "■", "remote": "○", "video": "▷"}


@dataclass(frozen=True, slots=True)
class Codes:
    """The names of codes on one page. A code that nobody named is shown as it is, its underscores as spaces."""

    language: str

    def mode(self, mode: str | None) -> str:
        """From where somebody speaks, with its sign, which also stands where there is no colour."""
        return f"{_SIGNS[mode]} {self._plain_mode(mode)}" if mode else ""

    def kind(self, kind: str) -> str:
        """What kind of turn it is."""
        _ = self._
        kinds = {
            "statement": _("Statement"),
            "panel": _("Panel"),
            "break": _("Break"),
            "point_of_order": _("Point of order"),
            "right_of_reply": _("Right of reply"),
        }
        return kinds.get(kind) or _spaced(kind)

    def status(self, status: str) -> str:
        """What became of a turn, or what it waits for."""
        _ = self._
        statuses = {
            "free": _("Free"),
            "offered": _("Offered"),
            "spoken": _("Spoken"),
            "absent": _("Absent"),
            "withdrawn": _("Withdrawn"),
            "waiting": _("Waits"),
            "called": _("Called"),
            "speaking": _("Speaking"),
            "deferred": _("Put off"),
            "carried": _("Carried over"),
            "left": _("Not reached"),
        }
        return statuses.get(status) or _spaced(status)

    def what(self, what: str) -> str:
        """What a stretch of a meeting was used for."""
        _ = self._
        uses = {
            "between": _("Between turns"),
            "called": _("Called"),
            "speaking": _("Speaking"),
            "paused": _("Clock stopped"),
            "point_of_order": _("Point of order"),
            "suspended": _("Suspended"),
        }
        return uses.get(what) or _spaced(what)

    def reserved(self, kept_for: Sequence[str]) -> str:
        """Whom a turn is kept for: a category, a mode and an organisation, whose name is as it is."""
        named = [self._category(each) or self._plain_mode(each) or each for each in kept_for]
        return self._("Reserved: {whom}").format(whom=format_list(named, locale=locale_of(self.language)))

    def language_name(self, tag: str | None) -> str:
        """A language by its name."""
        return str(locale_of(self.language).languages.get(tag or "", tag or ""))

    def _plain_mode(self, mode: str) -> str:
        return {"in_person": self._("Room"), "remote": self._("Remote"), "video": self._("Video")}.get(mode, "")

    def _category(self, category: str) -> str:
        _ = self._
        return {
            "member_state": _("Member State"),
            "observer_state": _("Observer State"),
            "regional_group": _("Regional group"),
            "igo": _("Intergovernmental organisation"),
            "un_entity": _("United Nations entity"),
            "ngo_ecosoc": _("NGO with ECOSOC status"),
            "ngo": _("NGO"),
            "academia": _("Academia"),
            "private_sector": _("Private sector"),
            "expert": _("Expert"),
        }.get(category, "")

    def _(self, sentence: str) -> str:
        return translations(self.language).gettext(sentence)


def _spaced(code: str) -> str:
    return code.replace("_", " ")
