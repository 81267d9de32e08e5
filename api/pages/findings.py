"""What a session's report comes to: its findings as sentences, its figures and names as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list
from babel.numbers import format_percent

from api.delivery.letters.dates import locale_of
from api.web.translations import translations
from scheduler.floor.tally import ReportView, SpokenTime

_HOUR, _MINUTE = 3600, 60
_MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Words:
    """How one report says it."""

    language: str

    def category(self, key: str | None) -> str:
        """Whoever is of a category."""
        _ = self._
        return {
            "member_state": _("Member States"),
            "observer_state": _("Observer States"),
            "regional_group": _("Regional groups"),
            "igo": _("Intergovernmental organisations"),
            "un_entity": _("UN entities"),
            "ngo_ecosoc": _("NGOs with ECOSOC status"),
            "ngo": _("Other NGOs"),
            "academia": _("Academia"),
            "private_sector": _("Private sector"),
            "expert": _("Experts"),
        }.get(key or "", "") or _("No category")

    def region(self, key: str | None) -> str:
        """A region."""
        _ = self._
        return {
            "african": _("Africa"),
            "asia_pacific": _("Asia and the Pacific"),
            "eastern_european": _("Eastern Europe"),
            "latin_american": _("Latin America and the Caribbean"),
            "western_other": _("Western Europe and others"),
        }.get(key or "", "") or _("No region")

    def mode(self, key: str | None) -> str:
        """From where somebody spoke."""
        _ = self._
        return {"in_person": _("Room"), "remote": _("Remote"), "video": _("Video")}.get(key or "", "") or _("Not told")

    def clock(self, seconds: int) -> str:
        """A length to the second: `3:02:10`."""
        minutes, rest = divmod(seconds, _MINUTE)
        return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"

    def about(self, seconds: int) -> str:
        """A length in minutes, below one in seconds."""
        _ = self._
        if abs(seconds) < _MINUTE:
            return _("{seconds} s").format(seconds=abs(seconds))
        return _("{minutes} min").format(minutes=round(abs(seconds) / _MINUTE))

    def difference(self, row: SpokenTime) -> str:
        """How much more or less than planned."""
        by = row.actual_seconds - row.planned_seconds
        return self.about(by) if not by else ("+" if by > 0 else "−") + self.about(by)

    def tick(self, seconds: int) -> str:
        """A value on the axis of lengths."""
        if seconds % _HOUR == 0:
            return self._("{hours} h").format(hours=seconds // _HOUR)
        return self.about(seconds)

    def share(self, part: int, whole: int) -> str:
        """Percent; of nothing, nothing."""
        return str(format_percent(part / whole if whole else 0, locale=locale_of(self.language)))

    def of_time(self, found: ReportView) -> list[str]:
        """What was planned against what was: of the category that spoke longest, and of all others together."""
        _ = self._
        most = max(found.by_category, key=lambda row: row.actual_seconds)
        others = [row for row in found.by_category if row is not most]
        first = self._against(
            most,
            _("{who} spoke as long as planned."),
            _("{who} spoke {time} more than planned."),
            _("{who} spoke {time} less than planned."),
        )
        if not others:
            return [first]
        rest = self._against(
            total(others),
            _("All others spoke as long as planned."),
            _("All others spoke {time} more than planned."),
            _("All others spoke {time} less than planned."),
        )
        return [first, rest]

    def of_night(self, found: ReportView) -> str:
        """Who carried the night: the region that took half of its turns, else the two that took most."""
        _ = self._
        whole = total(found.by_region)
        if not whole.night_turns:
            return _("No turn was at night on its speaker’s clock.")
        named = sorted(
            (row for row in found.by_region if row.key and row.night_turns), key=lambda row: -row.night_turns
        )
        first = named[: 1 if named and 2 * named[0].night_turns >= whole.night_turns else _MOST_NAMED]
        if not first:
            share = self.share(whole.night_turns, whole.turns)
            return _("{share} of all turns were at night on their speakers’ clocks.").format(share=share)
        these = total(first)
        return _("{regions}, with {share} of all turns, took {night} of those at night.").format(
            regions=format_list([self.region(row.key) for row in first], "standard", locale_of(self.language)),
            share=self.share(these.turns, whole.turns),
            night=self.share(these.night_turns, whole.night_turns),
        )

    def _against(self, row: SpokenTime, *sentences: str) -> str:
        by = row.actual_seconds - row.planned_seconds
        return sentences[0 if not by else 1 if by > 0 else 2].format(who=self.category(row.key), time=self.about(by))

    def _(self, sentence: str) -> str:
        return translations(self.language).gettext(sentence)


def total(rows: Sequence[SpokenTime]) -> SpokenTime:
    """All of them together."""
    return SpokenTime(
        key=None,
        name=None,
        planned_seconds=sum(row.planned_seconds for row in rows),
        actual_seconds=sum(row.actual_seconds for row in rows),
        turns=sum(row.turns for row in rows),
        night_turns=sum(row.night_turns for row in rows),
    )
