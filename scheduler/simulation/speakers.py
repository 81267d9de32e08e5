"""How the people of a simulated meeting behave: every draw of it, and how long what has begun still lasts."""

from collections.abc import Callable
from math import gamma
from random import Random

from scheduler.simulation.traits import Place, Traits

FIRST_WORDS, BAD_LINK, GIVEN_UP = 60.0, (20.0, 120.0), (8.0, 45.0)
ORDER_SECONDS, HALT_SECONDS, CALLS_IT_OFF = (40.0, 220.0), (240.0, 1500.0), 0.1
_WAIT_SHAPE = 1.4
_TRIES = 60


class Speakers:
    """The people, with the dice that decide. Seconds everywhere; `turns` counts the calls before this one."""

    def __init__(self, traits: Traits, dice: Random, number: int) -> None:
        """`number` of turns on the printed list: the drift goes from the first to the last of them."""
        self.traits, self.dice, self._number = traits, dice, number
        self._wait_mean = gamma(1 + 1 / _WAIT_SHAPE)

    def opening(self) -> float:
        """From the planned start to the opening."""
        return self.dice.gammavariate(2.0, self.traits.opening / 2)

    def first_words(self) -> float:
        """From the opening to the first call."""
        return self.dice.gammavariate(1.5, FIRST_WORDS * self._slowly(0) / 1.5)

    def gap(self, turns: int) -> float:
        """From the end of a turn to the next call; now and then the chair has to sort something out."""
        traits, dice = self.traits, self.dice
        usual = dice.gammavariate(traits.gap_evenness, traits.gap / traits.gap_evenness) * self._slowly(turns)
        return usual + (dice.gammavariate(2.0, traits.stall_seconds / 2) if dice.random() < traits.stall else 0.0)

    def is_absent(self, *, missing: bool) -> bool:
        """Whether who is called is not there; `missing`: neither was the one before."""
        return self.dice.random() < (self.traits.absence_again if missing else self.traits.absence)

    def given_up(self) -> float:
        """From the call to the chair's giving her up."""
        return self.dice.uniform(*GIVEN_UP)

    def wait(self, place: Place, turns: int) -> float:
        """From the call to the first word."""
        dice, afar = self.dice, place.mode != "in_person"
        mean = self.traits.wait_remote if afar else self.traits.wait
        usual = dice.weibullvariate(mean / self._wait_mean, _WAIT_SHAPE) * self._slowly(turns)
        return usual + (dice.uniform(*BAD_LINK) if afar and dice.random() < self.traits.bad_link else 0.0)

    def speech(self, place: Place, turns: int) -> float:
        """From the first word to the last, without what interrupts it."""
        traits, dice = self.traits, self.dice
        mean = place.seconds * traits.pace * traits.groups[place.category]
        mean *= 1 + traits.drift * (turns / self._number - 0.5)
        if traits.heavy:
            chance = dice.random()
            length = mean * (chance / (1 - chance)) ** (1 / (2 * traits.evenness**0.5)) if chance else 0.0
        else:
            length = dice.gammavariate(traits.evenness, mean / traits.evenness)
        if traits.cut is not None:
            length = min(length, place.seconds * traits.cut + dice.uniform(0, 12))
        return max(length, 5.0)

    def order(self) -> float:
        """A point of order."""
        return self.dice.uniform(*ORDER_SECONDS)

    def halt(self) -> float:
        """A suspension that nobody had planned."""
        return self.dice.uniform(*HALT_SECONDS)

    def lost(self, share: float = 1.0) -> float:
        """What interrupts so large a share of a speech costs, in the mean of all cases: usually nothing."""
        dice = self.dice
        order = self.order() if dice.random() < self.traits.order * share else 0.0
        return order + (self.halt() if dice.random() < self.traits.halt * share else 0.0)

    def rest(self, drawn: Callable[[], float], elapsed: float) -> float:
        """What is left of something that has lasted `elapsed`: drawn anew until it lasts longer than that."""
        if elapsed <= 0:
            return drawn()
        for _ in range(_TRIES):
            length = drawn()
            if length > elapsed:
                return length - elapsed
        return self.dice.expovariate(1 / (CALLS_IT_OFF * elapsed + 1))

    def _slowly(self, turns: int) -> float:
        return 2.0 if turns < self.traits.slow_turns else 1.0
