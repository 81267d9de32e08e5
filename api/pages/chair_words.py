"""What the chair's console says of what happened: a short sentence for each event, in the reader's language."""

from dataclasses import dataclass

from api.pages.words import Words
from scheduler.floor.fold import EXTENSION
from scheduler.floor.lately import Happened
from scheduler.floor.turns import Turn


@dataclass(frozen=True, slots=True)
class ChairsWords(Words):
    """The sentences of the console."""

    def happened(self, each: Happened) -> str:
        """Such as "Norway called."."""
        if each.undone is not None:
            return self._("Undone: {what}").format(what=self.happened(each.undone))
        event, name = each.event, self.name(each.turn)
        if event.command == "defer" and event.to == "next_meeting":
            return self._("{name} goes on in the next meeting.").format(name=name)
        if event.command == "extend":
            length = self.times.length(EXTENSION if event.seconds is None else event.seconds)
            return self._("{length} more.").format(length=length)
        if event.command == "ready" and not event.ready:
            return self._("{name} is not ready.").format(name=name)
        return self._sentences().get(event.command, self._("The list changed.")).format(name=name)

    def mended(self, command: str, turn: Turn | None) -> str:
        """What an act did that `command` takes back."""
        said = {
            "move": self._("{name} moved."),
            "take_out": self._("{name} added."),
            "close_list": self._("List opened."),
            "take_back": self._("Turns allotted."),
        }
        return said.get(command, self._("List closed.")).format(name=self.name(turn))

    def category(self, category: str | None) -> str:
        """What an organisation is where it is no state; else empty."""
        categories = {
            "observer_state": self._("observer"),
            "regional_group": self._("group"),
            "igo": self._("IGO"),
            "un_entity": self._("UN entity"),
            "ngo_ecosoc": self._("NGO"),
            "ngo": self._("NGO"),
            "academia": self._("academia"),
            "private_sector": self._("private sector"),
            "expert": self._("expert"),
        }
        return categories.get(category or "", "")

    def _sentences(self) -> dict[str, str]:
        _ = self._
        return {
            "open": _("Meeting opened."),
            "call": _("{name} called."),
            "start": _("Clock started."),
            "pause": _("Clock stopped."),
            "resume": _("Clock runs on."),
            "finish": _("Turn finished."),
            "absent": _("{name} absent."),
            "defer": _("{name} deferred to the end."),
            "point_of_order": _("Point of order, {name}."),
            "right_of_reply": _("Right of reply for {name}."),
            "announce": _("Announced to all who wait."),
            "suspend": _("Sitting suspended."),
            "resume_meeting": _("Sitting resumed."),
            "close": _("Sitting closed."),
            "move": _("{name} moved."),
            "add": _("{name} added."),
            "withdraw": _("{name} withdrawn."),
            "ready": _("{name} is ready."),
            "ask_ready": _("{name} was asked for the link."),
        }
