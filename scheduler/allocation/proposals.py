"""From who asks to speak and how much time there is to who speaks when. Pure; seconds from the meeting's start."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.allocation.policies import Entry, Order, ordered
from scheduler.allocation.rules import Budget, Fit, Left, Limits, Share, share_out
from scheduler.allocation.slots import Laid, Standing, lay_out, room


@dataclass(frozen=True, slots=True)
class Terms:
    """What an allocation goes by.

    `levels` are the list's limits and then its steps down. Turns lie from `first` to `end`, `gap` apart. `budget` and
    `remote` are the seconds for all turns and for remote ones, `places` how many turns there may be; None: as many as
    there is room for. `seed` is the draw's.
    """

    policy: str
    levels: tuple[Limits, ...]
    first: int
    end: int
    gap: int = 0
    budget: int | None = None
    remote: int | None = None
    places: int | None = None
    order: Order = ()
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A turn that she is given: the `turn` (from 1) that it is among those of speakers, called ones counted."""

    share: Share
    turn: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an allocation would give, in the order of speaking, and whom it leaves out, in the order of the policy.

    `laid` is where all turns, panels and breaks lie, by the id of the inscription or of what stays. It writes nothing,
    takes no remote minutes and tells nobody.
    """

    given: tuple[Given, ...]
    left: tuple[Left, ...]
    laid: tuple[Laid, ...]
    budget: int
    steps: int
    short: str | None


def propose(
    terms: Terms, entries: Sequence[Entry], standing: Sequence[Standing] = (), called: Sequence[int] = ()
) -> Proposal:
    """The turns that `entries` are given around what stays; `called` are the turns (from 1) that have been called.

    Those that a chair placed by hand are taken first, so that they keep their place if there is any; the rest as the
    policy orders them. Everybody is in it once, given a turn or left out.
    """
    by_policy = ordered(terms.policy, entries, terms.order, terms.seed)
    barred = tuple(Left(entry, entry.barred) for entry in by_policy if entry.barred)
    askers = [entry for entry in by_policy if not entry.barred]
    placed = sorted((entry for entry in askers if entry.placed is not None), key=_placed)
    queue = [*placed, *(entry for entry in askers if entry.placed is None)]
    space = room(standing, terms.first, terms.end, terms.gap)
    budget = space if terms.budget is None else min(terms.budget, space)
    fit, shares, laid = _fitted(terms, queue, standing, called, budget)
    return Proposal(
        given=tuple(Given(share, turn) for share, turn in zip(shares, _turns(len(shares), called), strict=True)),
        left=(*fit.left, *barred),
        laid=tuple(laid),
        budget=budget,
        steps=fit.steps,
        short=fit.short,
    )


def _fitted(
    terms: Terms, queue: Sequence[Entry], standing: Sequence[Standing], called: Sequence[int], budget: int
) -> tuple[Fit, list[Share], list[Laid]]:
    """What the budget bears and the window holds: a turn called ahead of others leaves a hole that may stay empty."""
    end = max([terms.end, *(each.ends_after for each in lay_out((), standing, terms.first, terms.gap))])
    while True:
        fit = share_out(queue, terms.levels, Budget(budget, terms.gap, terms.remote, terms.places))
        shares = _in_sequence(fit.shares, called)
        turns = [(share.entry.id, share.seconds) for share in shares]
        laid = lay_out(turns, standing, terms.first, terms.gap)
        over = max((each.ends_after for each in laid), default=0) - end
        if over <= 0 or not shares:
            return fit, shares, laid
        budget = min(budget, _used(shares, terms.gap)) - over


def _used(shares: Sequence[Share], gap: int) -> int:
    return sum(share.seconds for share in shares) + gap * (len(shares) - 1)


def _in_sequence(shares: Sequence[Share], called: Sequence[int]) -> list[Share]:
    """The turns in the order of speaking: one placed by hand is at its turn or, where there are too few, the last."""
    sequence = [share for share in shares if share.entry.placed is None]
    for share in sorted((share for share in shares if share.entry.placed is not None), key=lambda s: _placed(s.entry)):
        at = _placed(share.entry)
        sequence.insert(at - 1 - sum(turn < at for turn in called), share)
    return sequence


def _turns(count: int, called: Sequence[int]) -> list[int]:
    """The numbers of so many turns, those of the called ones left out."""
    taken = set(called)
    return [turn for turn in range(1, count + len(taken) + 1) if turn not in taken][:count]


def _placed(entry: Entry) -> int:
    return entry.placed or 0
