import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import Meaningless
from scheduler.people.rules import address_key, check_country, scope_fault, tidy_lead_minutes


@pytest.mark.parametrize(
    "email",
    [
        "ada@example.org",
        "a.b+c@sub.example.org",
        "o'neil@example.org",
        "ada@localhost",
        "josé@correo.example",
        "1@2.example",
    ],
)
def test_an_address_is_taken(email: str) -> None:
    assert address_key(email) == email


def test_addresses_that_differ_in_case_alone_have_one_key() -> None:
    assert address_key("Ada@Example.ORG") == address_key("ada@example.org")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "ada@-example.org",
        "ada@example..org",
        "ada..b@example.org",
        "ada@example.org.",
        "ada lovelace@example.org",
        "ada@example.org\nBcc: all@example.org",
        "Ada <ada@example.org>",
        "ada@example.org, bob@example.org",
        "ada@exa\x00mple.org",
        "a" * 65 + "@example.org",
        "ada@" + "e" * 251,
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Meaningless) as refusal:
        address_key(email)

    assert [fault.field for fault in refusal.value.faults] == ["email"]


@given(st.text(max_size=300))
def test_no_address_carries_a_line_break_or_a_control_character(text: str) -> None:
    try:
        address_key(text)
    except Meaningless:
        return
    assert text.isprintable() or not set(text) & {chr(code) for code in range(32)}
    assert len(text.splitlines()) == 1


PAIRS = {
    ("secretariat", None),
    ("secretariat", "body"),
    ("secretariat", "session"),
    ("chair", None),
    ("chair", "body"),
    ("chair", "session"),
    ("focal_point", "organisation"),
    ("participant", None),
    ("participant", "body"),
    ("participant", "session"),
    ("participant", "organisation"),
}


@pytest.mark.parametrize("scope_type", [None, "body", "session", "organisation"])
@pytest.mark.parametrize("role", ["secretariat", "chair", "focal_point", "participant", "king"])
def test_a_role_is_granted_on_the_scopes_that_mean_something(role: str, scope_type: str | None) -> None:
    assert (scope_fault(role, scope_type) is None) == ((role, scope_type) in PAIRS)


@pytest.mark.parametrize("country", [None, "AT", "CR", "WS"])
def test_a_country_is_one_of_iso_3166(country: str | None) -> None:
    check_country(country)


@pytest.mark.parametrize("country", ["", "at", "AUT", "ZZ"])
def test_no_other_country_is_taken(country: str) -> None:
    with pytest.raises(Meaningless) as refusal:
        check_country(country)

    assert [fault.field for fault in refusal.value.faults] == ["country"]


def test_lead_times_come_once_each_the_longest_first() -> None:
    assert tidy_lead_minutes([15, 1440, 15, 60, 0, 10_080]) == [10_080, 1440, 60, 15, 0]


@pytest.mark.parametrize("minutes", [[-1], [10_081], list(range(11))])
def test_lead_times_out_of_bounds_are_refused(minutes: list[int]) -> None:
    with pytest.raises(Meaningless):
        tidy_lead_minutes(minutes)
