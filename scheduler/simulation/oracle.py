"""Who knows the simulator's parameters, though not its dice: when each will be called, by Monte Carlo from a moment."""

from collections.abc import Sequence
from random import Random

from scheduler.simulation.meeting import Moment, Played
from scheduler.simulation.speakers import Speakers
from scheduler.simulation.traits import Place

Quantiles = tuple[float, float, float]
_SHARES = (0.10, 0.50, 0.90)


class Oracle:
    """Plays the rest of one meeting again and again. It knows the people's habits, and nothing that is yet to come."""

    def __init__(self, played: Played, dice: Random) -> None:
        """Its own `dice`: never those that decided the meeting."""
        number = len(played.record.turns)
        self._people = Speakers(played.traits, dice, number)
        self._places = played.places
        self._close, self._goes_on = played.close, played.goes_on

    def windows(self, moment: Moment, draws: int) -> dict[str, Quantiles]:
        """By slot, the 10th, 50th and 90th percentile of the call in seconds since the planned start."""
        runs = [self._calls(moment) for _ in range(draws)]
        return {slot: _quantiles([run[at] for run in runs], moment.now) for at, slot in enumerate(moment.queue)}

    def _calls(self, moment: Moment) -> list[float]:
        people, places = self._people, self._places
        clock, turns, missing = self._until_call(moment), moment.turns, moment.missing
        if moment.phase == "wait":
            clock, missing = self._waits(moment)
        calls, left = [], None if self._close is None else self._close - moment.now
        for slot in moment.queue:
            if left is not None and clock + places[slot].seconds > left:
                clock, left = (self._goes_on or 0.0) - moment.now + people.opening() / 2, None
            calls.append(clock)
            missing = people.is_absent(missing=missing)
            clock += people.given_up() if missing else self._turn(places[slot], turns)
            turns += 1
            clock += people.gap(turns)
        return calls

    def _turn(self, place: Place, turns: int) -> float:
        people = self._people
        return people.wait(place, turns) + people.speech(place, turns) + people.lost()

    def _until_call(self, moment: Moment) -> float:
        people, turns = self._people, moment.turns
        match moment.phase:
            case "opening":
                return people.rest(people.first_words, moment.elapsed)
            case "gap":
                return people.rest(lambda: people.gap(turns), moment.elapsed)
            case "order":
                return people.rest(people.order, moment.elapsed) + self._speech(moment, moment.beneath)
            case "halt":
                return people.rest(people.halt, moment.elapsed) + self._speech(moment, moment.beneath)
            case "speech":
                return self._speech(moment, moment.elapsed)
        return 0.0

    def _waits(self, moment: Moment) -> tuple[float, bool]:
        """Who was just called is there or is not: no event falls into a wait, so it has always just begun."""
        people, turns = self._people, moment.turns - 1
        missing = people.is_absent(missing=moment.missing)
        place = self._places[moment.slot or ""]
        return (people.given_up() if missing else self._turn(place, turns)) + people.gap(moment.turns), missing

    def _speech(self, moment: Moment, elapsed: float) -> float:
        people, turns = self._people, moment.turns - 1
        place = self._places[moment.slot or ""]
        left = people.rest(lambda: people.speech(place, turns), elapsed)
        return left + people.lost(left / (left + elapsed)) + people.gap(moment.turns)


def _quantiles(calls: Sequence[float], now: float) -> Quantiles:
    ordered = sorted(calls)
    early, middle, late = (now + ordered[int(share * len(ordered))] for share in _SHARES)
    return early, middle, late
