"""Who gets how long under the budgets, and who is left out. Pure; seconds throughout.

People are taken in their order. Nobody is passed over: where one does not fit in the time, nobody behind her is given a
turn, and where one does not fit in the remote minutes, no remote speaker behind her. Before anybody is left out for
want of time or of remote minutes, the limits step down as the list allows, as far as that lets more people speak.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.allocation.policies import Entry

NO_TIME = "no-time"
NO_REMOTE_TIME = "no-remote-time"
LIST_FULL = "list-full"
_SHORT = frozenset({NO_TIME, NO_REMOTE_TIME})


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one may speak: `default`, or what her category has of its own."""

    default: int
    by_category: Mapping[str, int] = field(default_factory=dict)

    def of(self, category: str) -> int:
        """The most for this category."""
        return self.by_category.get(category, self.default)


@dataclass(frozen=True, slots=True)
class Budget:
    """`seconds` for the turns and the `gap` between two; how many `remote` seconds and `places`, None: any number."""

    seconds: int
    gap: int = 0
    remote: int | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """She is given `seconds`; `limit` is the most for her at this step, `full` before any step down."""

    entry: Entry
    seconds: int
    limit: int
    full: int


@dataclass(frozen=True, slots=True)
class Left:
    """She is left out by `rule`. `needed` more seconds were wanted than the `left`; None: used up before her place."""

    entry: Entry
    rule: str
    needed: int = 0
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Who speaks for how long and who does not, after so many `steps` down, and what was `short` without them."""

    shares: tuple[Share, ...]
    left: tuple[Left, ...]
    steps: int = 0
    short: str | None = None

    @property
    def wanting(self) -> int:
        """How many are left out for want of time or of remote minutes."""
        return sum(left.rule in _SHORT for left in self.left)


def limit(levels: Sequence[Limits], step: int, category: str) -> int:
    """The most for a category after `step` steps down: never more than before."""
    return min(level.of(category) for level in levels[: step + 1])


def share_out(order: Sequence[Entry], levels: Sequence[Limits], budget: Budget) -> Fit:
    """Who speaks for how long; `levels` are the list's limits and then its steps down, `order` who comes first.

    Of the steps the first is taken that leaves the fewest out for want of time or remote minutes: what would let nobody
    in, nobody has to give.
    """
    best = _fill(order, levels, 0, budget)
    short = next((rule for rule in (NO_TIME, NO_REMOTE_TIME) if any(left.rule == rule for left in best.left)), None)
    for step in range(1, len(levels)):
        if not best.wanting:
            break
        fit = _fill(order, levels, step, budget)
        best = fit if fit.wanting < best.wanting else best
    return Fit(best.shares, best.left, best.steps, short)


@dataclass(slots=True)
class _Filling:
    budget: Budget
    used: int = 0
    remote: int = 0
    shares: list[Share] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    over: set[str] = field(default_factory=set)

    def take(self, share: Share) -> None:
        rule, has = self._refusal(share)
        if rule is None:
            self.used += share.seconds + (self.budget.gap if self.shares else 0)
            self.remote += share.seconds if share.entry.mode == "remote" else 0
            self.shares.append(share)
        else:
            self.left.append(Left(share.entry, rule, share.seconds, None if rule in self.over else has))
            self.over.add(rule)

    def _refusal(self, share: Share) -> tuple[str | None, int]:
        """By which rule there is no turn for her, and what was left of it."""
        budget, remote = self.budget, share.entry.mode == "remote"
        if budget.places is not None and len(self.shares) >= budget.places:
            return LIST_FULL, 0
        if remote and budget.remote is not None:
            has = max(0, budget.remote - self.remote)
            if NO_REMOTE_TIME in self.over or share.seconds > has:
                return NO_REMOTE_TIME, has
        has = max(0, budget.seconds - self.used - (budget.gap if self.shares else 0))
        if NO_TIME in self.over or share.seconds > has:
            return NO_TIME, has
        return None, 0


def _fill(order: Sequence[Entry], levels: Sequence[Limits], step: int, budget: Budget) -> Fit:
    most = {category: limit(levels, step, category) for category in {entry.category for entry in order}}
    filling = _Filling(budget)
    for entry in order:
        allowed = most[entry.category]
        given = allowed if entry.asked is None else min(entry.asked, allowed)
        filling.take(Share(entry, given, allowed, levels[0].of(entry.category)))
    return Fit(tuple(filling.shares), tuple(filling.left), step)
