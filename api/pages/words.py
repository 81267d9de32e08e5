"""What the pages of a floor call a turn, in the reader's language: whose it is, what kind, how long it still lasts."""

from dataclasses import dataclass
from math import ceil

from api.pages.times import Times
from api.web.translations import translations
from scheduler.floor.turns import Turn
from scheduler.floor.view import Heard, Speaking, Waiting
from scheduler.lists.views import SlotView

Shown = Turn | Waiting | Speaking | Heard | SlotView


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one page."""

    times: Times

    def name(self, turn: Shown | None) -> str:
        """Whose turn it is: her organisation's name, else her own, else what kind of turn it is."""
        if turn is None:
            return ""
        named = turn.organisation or turn.speaker
        return named.name if named else turn.title or self.kind(turn.kind)

    def clock(self, seconds: float) -> str:
        """Seconds that are left as the clock of the floor shows them: `2:14`, and `+0:26` once they are over."""
        left = ceil(seconds)
        return f"{'+' if left < 0 else ''}{abs(left) // 60}:{abs(left) % 60:02}"

    def kind(self, kind: str) -> str:
        """What kind of turn it is."""
        kinds = {
            "panel": self._("Panel"),
            "break": self._("Break"),
            "point_of_order": self._("Point of order"),
            "right_of_reply": self._("Right of reply"),
        }
        return kinds.get(kind, self._("Statement"))

    def _(self, sentence: str) -> str:
        return translations(self.times.language).gettext(sentence)
