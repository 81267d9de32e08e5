"""What is meant by an address, a role on a scope, a preference. Pure."""

import re
from collections.abc import Iterable
from typing import Literal, get_args

import pytz

from scheduler.errors import Meaningless

Language = Literal["ar", "en", "es", "fr", "ru", "zh"]
Role = Literal["secretariat", "chair", "focal_point", "participant"]
Region = Literal["african", "asia_pacific", "eastern_european", "latin_american", "western_other"]
Category = Literal[
    "member_state",
    "observer_state",
    "regional_group",
    "igo",
    "un_entity",
    "ngo_ecosoc",
    "ngo",
    "academia",
    "private_sector",
    "expert",
]
TurnRule = Literal["turn-near", "turn-next", "turn-moved"]
ListRule = Literal["list-opens", "list-closes"]

TURN_RULES: tuple[TurnRule, ...] = get_args(TurnRule)
LIST_RULES: tuple[ListRule, ...] = get_args(ListRule)
LEAD_MINUTES = (1440, 60, 15)
ERASED = "erased"

_ADDRESS = re.compile(r'[^\s@<>()\[\],;:\\"\x00-\x1f\x7f]{1,64}@[^\W_](?:[\w.-]*[^\W_])?')
_LONGEST_ADDRESS = 254
_MOST_LEAD_MINUTES = 10
_LONGEST_LEAD = 7 * 24 * 60

_SCOPES: dict[str, frozenset[str | None]] = {
    "secretariat": frozenset({None, "body", "session"}),
    "chair": frozenset({None, "body", "session"}),
    "focal_point": frozenset({"organisation"}),
    "participant": frozenset({None, "body", "session", "organisation"}),
}


def address_key(email: str) -> str:
    """The form of an address by which a person is found: two that differ in case alone are one.

    Raises:
        Meaningless: it is no address that mail could go to.
    """
    if len(email) > _LONGEST_ADDRESS or ".." in email or not _ADDRESS.fullmatch(email):
        raise Meaningless("This is not an e-mail address. Give one such as name@example.org.", field="email")
    return email.casefold()


def scope_fault(role: str, scope_type: str | None) -> str | None:
    """What is wrong with granting `role` on this kind of scope (None: the whole service); None if nothing is."""
    if role not in _SCOPES:
        return "There is no such role. Use secretariat, chair, focal_point or participant."
    if scope_type in _SCOPES[role]:
        return None
    if role == "focal_point":
        return "A focal point acts for one organisation. Give a scope of type organisation."
    return "This role is granted on the whole service, a body or a session, not on an organisation."


def check_country(country: str | None) -> None:
    """Raises Meaningless where `country` is no ISO 3166 alpha-2 code in capitals."""
    if country is not None and country not in pytz.country_names:
        raise Meaningless("There is no such country. Give its ISO 3166 code of two capitals, e.g. CR.", field="country")


def tidy_lead_minutes(minutes: Iterable[int]) -> list[int]:
    """Lead times each once, the longest first.

    Raises:
        Meaningless: more than ten, or one below 0 or above a week.
    """
    tidy = sorted(set(minutes), reverse=True)
    if len(tidy) > _MOST_LEAD_MINUTES or any(not 0 <= each <= _LONGEST_LEAD for each in tidy):
        raise Meaningless("Give at most ten lead times, each from 0 to 10080 minutes (a week).", field="lead_minutes")
    return tidy
