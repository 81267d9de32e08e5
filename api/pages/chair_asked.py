"""What a chair asks of her console beside acts: which panel stands open, whom she chose, what she looks for.

It stands in the address, so that it outlives an act, and every page of the console can be come back to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self
from urllib.parse import urlencode

from scheduler.allocation.policies import POLICIES
from scheduler.ids import is_id

PANELS = ("point_of_order", "right_of_reply", "announce", "add", "find", "allocate", "lists", "close")
_LONGEST = 200
_MINUTE, _DAY_MINUTES = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """The address without the meeting. `back` is the act that can be taken back by another than `undo`.

    `list`, `policy`, `minutes` and `seed` are those of the allocation that is looked at.
    """

    ask: str = ""
    slot: str = ""
    find: str = ""
    remote: str = ""
    all: str = ""
    list: str = ""
    policy: str = ""
    minutes: str = ""
    seed: str = ""
    back: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """What stands in an address, without what means nothing."""
        known = {each.name: " ".join(query.get(each.name, "").split())[:_LONGEST] for each in fields(cls)}
        return cls(
            **known
            | {
                "ask": known["ask"] if known["ask"] in PANELS else "",
                "slot": known["slot"] if is_id(known["slot"]) else "",
                "remote": "1" if known["remote"] else "",
                "all": "1" if known["all"] else "",
                "list": known["list"] if is_id(known["list"]) else "",
                "policy": known["policy"] if known["policy"] in POLICIES else "",
                "minutes": known["minutes"] if known["minutes"].isdecimal() else "",
            }
        )

    def query(self, **changes: str) -> str:
        """The address's query, with something else in it."""
        said = replace(self, **changes)
        kept = {each.name: value for each in fields(said) if (value := getattr(said, each.name))}
        return f"?{urlencode(kept)}" if kept else ""

    def after_act(self, back: str) -> Self:
        """What stays of it once something was done: the panel closes."""
        return replace(self, ask="", policy="", minutes="", seed="", list="", back=back)

    @property
    def budget_seconds(self) -> int | None:
        """The time for an allocation, None: all that is left."""
        return min(int(self.minutes), _DAY_MINUTES) * _MINUTE if self.minutes else None
