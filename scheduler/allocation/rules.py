"""Who gets how long under the budgets, and who is left out. Pure; seconds throughout.

People are taken in their order. Nobody is passed over: where one does not fit in the time, nobody behind her is given a
turn, and where one does not fit in the remote minutes, no remote speaker behind her. Before anybody is left out for
want of time, the limits step down for all as the list allows; for want of remote minutes, for remote speakers alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduler.allocation.policies import Entry

NO_TIME = "no-time"
NO_REMOTE_TIME = "no-remote-time"
LIST_FULL = "list-full"
_SHORT = frozenset({NO_TIME, NO_REMOTE_TIME})
_AMPLE = 10**9


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
    """She is given `seconds`, and would be `full` without a step down; `short` is the budget that she gives way to."""

    entry: Entry
    seconds: int
    full: int
    short: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """She is left out by `rule`. `needed` more seconds were wanted than the `left`; None: used up before her place."""

    entry: Entry
    rule: str
    needed: int = 0
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Who speaks for how long and who does not, after so many `steps` down for all, and for remote speakers."""

    shares: tuple[Share, ...]
    left: tuple[Left, ...]
    steps: int = 0
    remote_steps: int = 0

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
    in, nobody has to give. Remote speakers never have more than others of their category.
    """
    every = range(len(levels))
    alone = [entry for entry in order if entry.mode == "remote"]
    enough = replace(budget, seconds=_AMPLE, places=None)
    down = _fewest_out(lambda step: _fill(alone, levels, (step, step), enough), every).remote_steps
    fit = _fewest_out(lambda step: _fill(order, levels, (step, max(step, down)), budget), every)
    # Where the time does not reach all remote speakers either, fewer have to share the remote minutes.
    again = range(fit.steps, fit.remote_steps + 1)
    return _fewest_out(lambda step: _fill(order, levels, (fit.steps, step), budget), again)


def _fewest_out(fill: Callable[[int], Fit], steps: range) -> Fit:
    """Of the steps' outcomes the first that leaves the fewest out."""
    best = fill(steps[0])
    for step in steps[1:]:
        if not best.wanting:
            break
        fit = fill(step)
        best = fit if fit.wanting < best.wanting else best
    return best


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


def _fill(order: Sequence[Entry], levels: Sequence[Limits], steps: tuple[int, int], budget: Budget) -> Fit:
    """Who fits after so many steps down for all, and for remote speakers."""
    categories = {entry.category for entry in order}
    most, remote = ({category: limit(levels, step, category) for category in categories} for step in steps)
    filling = _Filling(budget)
    for entry in order:
        full = _lesser(entry.asked, levels[0].of(entry.category))
        given, short = _lesser(full, most[entry.category]), NO_TIME
        if entry.mode == "remote" and remote[entry.category] < given:
            given, short = remote[entry.category], NO_REMOTE_TIME
        filling.take(Share(entry, given, full, short if given < full else None))
    return Fit(tuple(filling.shares), tuple(filling.left), *steps)


def _lesser(asked: int | None, most: int) -> int:
    return most if asked is None else min(asked, most)
