"""From who asks to speak and how much time there is to who speaks when. Pure; seconds throughout."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduler.allocation.policies import Entry, Order, ordered
from scheduler.allocation.rules import Budget, Left, Limits, Share, share_out


@dataclass(frozen=True, slots=True)
class Terms:
    """What an allocation goes by.

    `levels` are the list's limits and then its steps down. `room` are the seconds that there are for turns and for the
    `gap` between two, `budget` those that the chair gives of them; `remote` the seconds for remote turns, `places` how
    many turns there may be; None: as many as there is room for. `seed` is the draw's.
    """

    policy: str
    levels: tuple[Limits, ...]
    room: int
    gap: int = 0
    budget: int | None = None
    remote: int | None = None
    places: int | None = None
    order: Order = ()
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A turn that was called, a panel or a break, by its slot's id: it keeps its position in the list if it can."""

    id: str
    position: int


@dataclass(frozen=True, slots=True)
class Given:
    """A turn that she is given, at this position (from 1) in the list."""

    share: Share
    position: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an allocation would give: the whole list in its order, and whom it leaves out in the order of the policy.

    `budget` is what there was, `steps` how often the limits came down for all, `remote_steps` for remote speakers. It
    writes nothing, takes no remote minutes and tells nobody.
    """

    sequence: tuple[Given | Fixed, ...]
    left: tuple[Left, ...]
    budget: int
    steps: int
    remote_steps: int

    @property
    def given(self) -> tuple[Given, ...]:
        """The turns alone."""
        return tuple(each for each in self.sequence if isinstance(each, Given))


def propose(terms: Terms, entries: Sequence[Entry], fixed: Iterable[Fixed] = ()) -> Proposal:
    """The turns that `entries` are given among what is `fixed`.

    Those that a chair placed by hand are taken first, so that they keep their position if there is any time for them;
    the rest as the policy orders them. Everybody is in it once, given a turn or left out.
    """
    by_policy = ordered(terms.policy, entries, terms.order, terms.seed)
    barred = tuple(Left(entry, entry.barred) for entry in by_policy if entry.barred)
    askers = [entry for entry in by_policy if not entry.barred]
    placed = sorted((entry for entry in askers if entry.placed is not None), key=_placed)
    budget = max(0, terms.room if terms.budget is None else min(terms.budget, terms.room))
    fit = share_out(
        [*placed, *(entry for entry in askers if entry.placed is None)],
        terms.levels,
        Budget(budget, terms.gap, terms.remote, terms.places),
    )
    return Proposal(in_order(fit.shares, fixed), (*fit.left, *barred), budget, fit.steps, fit.remote_steps)


def in_order(shares: Sequence[Share], fixed: Iterable[Fixed]) -> tuple[Given | Fixed, ...]:
    """All in their order: what has a position keeps it or, where too few come before it, is as near to it as it can."""
    flowing = deque(share for share in shares if share.entry.placed is None)
    kept: list[tuple[int, str, Share | Fixed]] = [(each.position, each.id, each) for each in fixed]
    kept += [(_placed(share.entry), share.entry.id, share) for share in shares if share.entry.placed is not None]
    found: list[Share | Fixed] = []
    for position, _, each in sorted(kept, key=lambda one: one[:2]):
        while flowing and len(found) < position - 1:
            found.append(flowing.popleft())
        found.append(each)
    found.extend(flowing)
    return tuple(
        Given(each, position) if isinstance(each, Share) else Fixed(each.id, position)
        for position, each in enumerate(found, 1)
    )


def _placed(entry: Entry) -> int:
    return entry.placed or 0
