"""Why everybody got what she got, in words, and what it comes to by category and mode. Pure.

Each reason is one or more whole sentences, each with its values, that a `Say` puts into words: the API's are English.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from scheduler.allocation.policies import Entry, precedence, ranking
from scheduler.allocation.proposals import Given, Proposal, Terms
from scheduler.allocation.rules import LIST_FULL, NO_REMOTE_TIME, NO_TIME, Left, Share
from scheduler.allocation.views import Tally, Totals

CALLED = "called"
BY_HAND = "by-hand"
NOT_BY_HAND = "by-hand-not-kept"
AS_ASKED, BY_LIMIT, OVER_LIMIT = "as-asked", "limit", "over-limit"
STEPPED_DOWN = "stepped-down"
NOT_ACCREDITED, MODE_NOT_OFFERED = "not-accredited", "mode-not-offered"

CATEGORIES = {
    "member_state": "member states",
    "observer_state": "observer states",
    "regional_group": "groups",
    "igo": "intergovernmental organisations",
    "un_entity": "UN entities",
    "ngo_ecosoc": "NGOs in consultative status",
    "ngo": "NGOs",
    "academia": "academia",
    "private_sector": "the private sector",
    "expert": "experts",
}
MODES = {"in_person": "in the room", "remote": "by remote link", "video": "by recorded video"}

_PLACES = {
    CALLED: "This turn has been called, so it stays as it is.",
    BY_HAND: "This stays number {position} of the list, where the chair put it by hand.",
    NOT_BY_HAND: "The chair had made this number {wanted}, but too few come before it now: it is number {position}.",
    "for_group": "A statement on behalf of a group comes with the groups, before their members.",
    "for_many": "A statement on behalf of others comes before those of single speakers of its rank.",
    "rank": "In the order of precedence {category} are number {rank} of {ranks}.",
    "unranked": "What the order of precedence does not name comes last.",
    "first_come": "Who inscribed first speaks first.",
    "protocol": "Within the rank, who inscribed first speaks first.",
    "alternating": "Categories take turns, and in each who inscribed first speaks first.",
    "draw": "The order was drawn by lot from the seed.",
}
_SECONDS = {
    AS_ASKED: "The {given} seconds asked for are given.",
    BY_LIMIT: "No particular time was asked for: the list allows {category} {given} seconds.",
    OVER_LIMIT: "{asked} seconds were asked for; the list allows {category} {given}.",
    (STEPPED_DOWN, NO_TIME): (
        "The time does not suffice for all, so the list lets {category} have {given} seconds instead of {full}."
    ),
    (STEPPED_DOWN, NO_REMOTE_TIME): (
        "The remote minutes do not suffice for all, so the list lets {category} who speak by remote link have {given} "
        "seconds instead of {full}."
    ),
}
_LEFT = {
    (NO_TIME, True): "{needed} seconds were needed for this turn, and {left} were left when it came to it.",
    (NO_TIME, False): "The time had been used up for those before, and nobody is passed over.",
    (NO_REMOTE_TIME, True): (
        "{needed} remote seconds were needed for this turn, and {left} were left when it came to it. "
        "In the room or by video it could be given a turn."
    ),
    (NO_REMOTE_TIME, False): (
        "The remote minutes had been used up for those before, and nobody is passed over. "
        "In the room or by video it could be given a turn."
    ),
    (LIST_FULL, True): "The list has as many speakers as it takes.",
    (LIST_FULL, False): "The list has as many speakers as it takes.",
    (NOT_ACCREDITED, False): "The organisation's accreditation to this session is not approved.",
    (
        MODE_NOT_OFFERED,
        False,
    ): "The list does not offer speaking {mode} any more; in another mode it could be given a turn.",
}


SENTENCES = tuple(
    dict.fromkeys(chain(_PLACES.values(), _SECONDS.values(), _LEFT.values(), CATEGORIES.values(), MODES.values()))
)
"""All that a `Say` is asked to say: what a catalogue of another language must have."""

Say = Callable[[str, Mapping[str, Any]], str]
"""Puts one of `SENTENCES` into words, with its values by name."""


def in_english(sentence: str, values: Mapping[str, Any]) -> str:
    """As it is written."""
    return sentence.format(**values)


def why_given(terms: Terms, given: Given, say: Say = in_english) -> tuple[str, str]:
    """By which rule she was given this turn and these seconds, and the reason in words."""
    rule, seconds = _why_seconds(given.share, say)
    wanted = given.share.entry.placed
    if wanted is not None:
        kept = BY_HAND if given.position == wanted else NOT_BY_HAND
        return kept, f"{say(_PLACES[kept], {'position': given.position, 'wanted': wanted})} {seconds}"
    return rule, " ".join([*_why_place(terms, given.share.entry, say), seconds])


def why_called(say: Say = in_english) -> tuple[str, str]:
    """The same of a turn that had been called."""
    return CALLED, say(_PLACES[CALLED], {})


def why_left(left: Left, say: Say = in_english) -> tuple[str, str]:
    """By which rule she was left out, and the reason in words."""
    sentence = _LEFT[left.rule, left.left is not None]
    mode = _named(MODES, left.entry.mode, say)
    return left.rule, say(sentence, {"needed": left.needed, "left": left.left, "mode": mode})


def totals(proposal: Proposal) -> Totals:
    """What a proposal comes to."""
    shares = [given.share for given in proposal.given]
    by_mode = _tallies((share.entry.mode, share.seconds) for share in shares)
    return Totals(
        seconds=sum(share.seconds for share in shares),
        budget_seconds=proposal.budget,
        remote_seconds=by_mode["remote"].seconds if "remote" in by_mode else 0,
        by_category=_tallies((share.entry.category, share.seconds) for share in shares),
        by_mode=by_mode,
    )


def _why_place(terms: Terms, entry: Entry, say: Say) -> list[str]:
    order = precedence(terms.policy, terms.order)
    said: list[str] = []
    if order:
        place, category = ranking(order)(entry), _named(CATEGORIES, entry.voice, say)
        sentence = _PLACES["rank" if place < len(order) else "unranked"]
        said.append(say(sentence, {"category": category, "rank": place + 1, "ranks": len(order)}))
        if entry.voice != entry.category:
            said.append(say(_PLACES["for_group"], {}))
        elif terms.policy == "protocol" and entry.for_group:
            said.append(say(_PLACES["for_many"], {}))
    return [*said, say(_PLACES[terms.policy], {})]


def _why_seconds(share: Share, say: Say) -> tuple[str, str]:
    asked, given = share.entry.asked, share.seconds
    if share.short is not None:
        rule, sentence = STEPPED_DOWN, _SECONDS[STEPPED_DOWN, share.short]
    else:
        rule = BY_LIMIT if asked is None else OVER_LIMIT if asked > given else AS_ASKED
        sentence = _SECONDS[rule]
    category = _named(CATEGORIES, share.entry.category, say)
    return rule, say(sentence, {"asked": asked, "given": given, "full": share.full, "category": category})


def _named(names: Mapping[str, str], key: str, say: Say) -> str:
    return say(names[key], {}) if key in names else key


def _tallies(turns: Iterable[tuple[str, int]]) -> dict[str, Tally]:
    found: dict[str, list[int]] = defaultdict(list)
    for key, seconds in turns:
        found[key].append(seconds)
    return {key: Tally(len(found[key]), sum(found[key])) for key in sorted(found)}
