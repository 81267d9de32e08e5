"""The contract's role table, cell by cell, spelled out here a second time and by hand."""

import pytest

from scheduler.errors import Forbidden, NotSignedIn
from scheduler.people.permission import OPERATOR, Act, Actor, Grant, Scopes, require, role_for

HERE = Scopes(body="body", session="session", organisation="ours", person="somebody")
OF_HERSELF = Scopes(body="body", session="session", organisation="ours", person="she")
OF_ANOTHER_ORGANISATION = Scopes(body="body", session="session", organisation="theirs", person="somebody")
OF_NOBODY = Scopes(body="body", session="session")
EVERYWHERE = Scopes()
PLACES = {
    "here": HERE,
    "of herself": OF_HERSELF,
    "of another organisation": OF_ANOTHER_ORGANISATION,
    "of nobody": OF_NOBODY,
    "everywhere": EVERYWHERE,
}

ACTORS: dict[str, tuple[Grant, ...]] = {
    "participant": (),
    "granted participant": (Grant("participant"),),
    "participant of the session": (Grant("participant", "session", "session"),),
    "focal point": (Grant("focal_point", "organisation", "ours"),),
    "chair of the session": (Grant("chair", "session", "session"),),
    "chair of the body": (Grant("chair", "body", "body"),),
    "chair of another session": (Grant("chair", "session", "another"),),
    "chair of another body": (Grant("chair", "body", "another"),),
    "chair everywhere": (Grant("chair"),),
    "secretariat of the session": (Grant("secretariat", "session", "session"),),
    "secretariat of the body": (Grant("secretariat", "body", "body"),),
    "secretariat of another session": (Grant("secretariat", "session", "another"),),
    "secretariat of another body": (Grant("secretariat", "body", "another"),),
    "secretariat everywhere": (Grant("secretariat"),),
}

# Ids that happen to be equal in another kind of scope grant nothing.
ACTORS["chair of a body called as the session"] = (Grant("chair", "body", "session"),)
ACTORS["focal point of an organisation called as the session"] = (Grant("focal_point", "organisation", "session"),)

S, C, F, P = "secretariat", "chair", "focal_point", "participant"
HERS = {"of herself": P}
ANY = dict.fromkeys(("here", "of herself", "of another organisation", "of nobody"), "")


def _everywhere_here(role: str, **others: str) -> dict[str, str]:
    return dict.fromkeys(ANY, role) | others


def _service(role: str) -> dict[str, str]:
    return dict.fromkeys(PLACES, role)


OWN_ORGANISATION = {"here": F, "of herself": F}
BY_CHAIR = _everywhere_here(C)
BY_SECRETARIAT = _everywhere_here(S)

# A row of the contract's table a line: who may in which role, by place; whoever is missing may nowhere.
TABLE: dict[Act, dict[str, dict[str, str]]] = {
    Act.READ_INSCRIPTION: {
        "participant": HERS,
        "granted participant": HERS,
        "participant of the session": HERS,
        "focal point": OWN_ORGANISATION,
        "focal point of an organisation called as the session": HERS,
        "chair of the session": BY_CHAIR,
        "chair of the body": BY_CHAIR,
        "chair of another session": HERS,
        "chair of another body": HERS,
        "chair of a body called as the session": HERS,
        "chair everywhere": _service(C),
        "secretariat of the session": BY_SECRETARIAT,
        "secretariat of the body": BY_SECRETARIAT,
        "secretariat of another session": HERS,
        "secretariat of another body": HERS,
        "secretariat everywhere": _service(S),
    },
    Act.READ_LINKS: {
        "chair of the session": BY_CHAIR,
        "chair of the body": BY_CHAIR,
        "chair everywhere": _service(C),
        "secretariat of the session": BY_SECRETARIAT,
        "secretariat of the body": BY_SECRETARIAT,
        "secretariat everywhere": _service(S),
    },
    Act.READ_DRAFT: {
        "chair of the session": BY_CHAIR,
        "chair of the body": BY_CHAIR,
        "chair everywhere": _service(C),
        "secretariat of the session": BY_SECRETARIAT,
        "secretariat of the body": BY_SECRETARIAT,
        "secretariat everywhere": _service(S),
    },
    Act.ASK_ACCREDITATION: {
        "focal point": OWN_ORGANISATION,
        "secretariat of the session": BY_SECRETARIAT,
        "secretariat of the body": BY_SECRETARIAT,
        "secretariat everywhere": _service(S),
    },
    Act.RUN_LISTS: {
        "chair of the session": BY_CHAIR,
        "chair of the body": BY_CHAIR,
        "chair everywhere": _service(C),
        "secretariat of the session": BY_SECRETARIAT,
        "secretariat of the body": BY_SECRETARIAT,
        "secretariat everywhere": _service(S),
    },
    Act.RUN_PROGRAMME: {
        "secretariat of the session": BY_SECRETARIAT,
        "secretariat of the body": BY_SECRETARIAT,
        "secretariat everywhere": _service(S),
    },
    Act.RUN_SERVICE: {"secretariat everywhere": _service(S)},
}
TABLE[Act.SPEAK] = TABLE[Act.READ_INSCRIPTION]  # whose inscription she may make she may read, and the other way round
TABLE[Act.RUN_FLOOR] = TABLE[Act.RUN_LISTS]

CELLS = [(act, who, place) for act in Act for who in ACTORS for place in PLACES]


def _actor(grants: tuple[Grant, ...]) -> Actor:
    return Actor("she", "She", "ours", "UTC", "en", grants)


@pytest.mark.parametrize(("act", "who", "place"), CELLS, ids=str)
def test_each_cell_of_the_role_table_is_the_contracts(act: Act, who: str, place: str) -> None:
    expected = TABLE[act].get(who, {}).get(place)

    assert role_for(_actor(ACTORS[who]), act, PLACES[place]) == expected


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("act", Act)
def test_the_public_may_do_nothing_that_the_table_names(act: Act, place: str) -> None:
    assert role_for(None, act, PLACES[place]) is None


@pytest.mark.parametrize("act", Act)
def test_the_operator_may_do_everything_as_secretariat(act: Act) -> None:
    assert role_for(OPERATOR, act, HERE) == "secretariat"


def test_a_role_on_nothing_gives_nothing_to_a_place_without_a_scope() -> None:
    unscoped = _actor((Grant("secretariat", "session", None), Grant("focal_point", "organisation", None)))

    assert role_for(unscoped, Act.RUN_PROGRAMME, EVERYWHERE) is None
    assert role_for(unscoped, Act.ASK_ACCREDITATION, EVERYWHERE) is None


def test_the_operator_is_not_the_person_of_an_act_without_one() -> None:
    nobody = Actor(None, "", None, "UTC", "en", ())

    assert role_for(nobody, Act.SPEAK, OF_NOBODY) is None


def test_the_strongest_role_counts() -> None:
    both = _actor((Grant("chair", "session", "session"), Grant("secretariat", "body", "body")))

    assert require(both, Act.SPEAK, OF_HERSELF) == "secretariat"


def test_the_public_is_asked_to_sign_in() -> None:
    with pytest.raises(NotSignedIn) as refusal:
        require(None, Act.SPEAK, HERE)

    assert refusal.value.code == "not-signed-in"


def test_whoever_may_not_is_told_what_for() -> None:
    with pytest.raises(Forbidden) as refusal:
        require(_actor(()), Act.RUN_LISTS, HERE)

    assert refusal.value.code == "not-allowed"
    assert Act.RUN_LISTS in refusal.value.sentence
