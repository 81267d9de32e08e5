from datetime import UTC, datetime, time, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock.civil import view
from scheduler.clock.zones import local
from scheduler.people.rules import Language
from scheduler.secretariat.affected import Affected, LetterView, Person, Reach, Turn, ZoneView, affected
from scheduler.secretariat.letters import Kind, Stretch, Wording, text

NOW = datetime(2022, 6, 1, 12, tzinfo=UTC)
ZONES = ("America/Bogota", "Pacific/Apia", "Europe/Vienna", "Asia/Kathmandu")


def at(hour: int, length: int = 3) -> Stretch:
    start = datetime(2022, 6, 8, tzinfo=UTC) + timedelta(hours=hour)
    return start, start + timedelta(hours=length), "Europe/Vienna"


def person(
    number: int = 0,
    zone: str = "America/Bogota",
    language: str = "en",
    *,
    booked: bool = False,
    quiet: tuple[str, str] | None = None,
) -> Person:
    return Person(str(number), zone, language, quiet, booked)


def move(people: list[Person], before: Stretch | None, after: Stretch | None) -> Affected:
    said = Wording("moved", "1st meeting", "Second session", before, after)
    turn = before, after
    return affected(people, Reach(2, 1), turn, [turn], said, told_at=NOW)


def test_a_move_into_the_night_is_told_zone_by_zone() -> None:
    people = [person(1, booked=True), person(2, language="es"), person(3, "Europe/Vienna", "fr")]

    found = move(people, at(14), at(8))

    assert (found.people, found.booked, found.accredited, found.feeds, found.webhooks) == (3, 1, 2, 2, 1)
    assert (found.becomes_night, found.no_longer_night) == (2, 0)
    assert found.by_timezone == (
        ZoneView("America/Bogota", 2, view(*at(14), "America/Bogota"), view(*at(8), "America/Bogota")),
        ZoneView("Europe/Vienna", 1, view(*at(14), "Europe/Vienna"), view(*at(8), "Europe/Vienna")),
    )
    assert [(letter.timezone, letter.language) for letter in found.letters] == [
        ("America/Bogota", "en"),
        ("America/Bogota", "es"),
        ("Europe/Vienna", "fr"),
    ]
    assert found.letters[0] == LetterView(
        "America/Bogota",
        "en",
        "1st meeting (Second session) is moved from 2022-06-08 16:00–19:00 to 2022-06-08 10:00–13:00 (Europe/Vienna). "
        "On your clock (America/Bogota): from 2022-06-08 09:00–12:00 to 2022-06-08 03:00–06:00.",
    )


def test_what_is_cancelled_is_nights_work_no_longer() -> None:
    found = move([person()], at(8), None)

    assert (found.becomes_night, found.no_longer_night) == (0, 1)
    assert found.by_timezone == (ZoneView("America/Bogota", 1, view(*at(8), "America/Bogota"), None),)


def test_a_person_counts_once_where_several_meetings_become_night() -> None:
    parts: list[Turn] = [(at(14), at(8)), (at(38), at(32)), (at(8), at(14))]
    said = Wording("session-moved", "Second session", "Second session", at(14), at(8))

    found = affected([person(1), person(2)], Reach(0, 0), (at(14), at(8)), parts, said, told_at=NOW)

    assert (found.becomes_night, found.no_longer_night) == (2, 2)


def test_nobody_is_nobody() -> None:
    assert affected([], Reach(3, 1), (at(8), at(9)), [(at(8), at(9))], None, told_at=NOW) == Affected(
        0, 0, 0, 3, 1, 0, (), 0, 0, ()
    )


PEOPLE = st.lists(
    st.builds(
        person,
        st.integers(0, 9),
        st.sampled_from(ZONES),
        st.sampled_from(["en", "fr"]),
        booked=st.booleans(),
        quiet=st.none() | st.tuples(*[st.times().map(lambda clock: f"{clock:%H:%M}")] * 2),
    ),
    max_size=8,
)


@given(PEOPLE, st.integers(0, 47), st.integers(0, 47))
def test_figures_are_those_of_the_people_one_by_one(people: list[Person], before: int, after: int) -> None:
    found = move(people, at(before), at(after))

    nights = [[view(*at(hour), each.timezone).civil == "night" for hour in (before, after)] for each in people]
    assert found.becomes_night == sum(then and not was for was, then in nights)
    assert found.no_longer_night == sum(was and not then for was, then in nights)
    assert found.people == found.booked + found.accredited == len(people)
    assert sum(zone.people for zone in found.by_timezone) == len(people)
    assert found.quiet_then == sum(_hushed(each) for each in people)


def _hushed(each: Person) -> bool:
    if each.quiet is None:
        return False
    start, end = (time.fromisoformat(clock) for clock in each.quiet)
    clock = local(NOW, each.timezone).time()
    if start <= end:
        return start <= clock < end
    return not end <= clock < start


@pytest.mark.parametrize(
    ("quiet", "hushed"),
    [(("22:00", "07:00"), 0), (("06:30", "07:30"), 1), (("07:00", "07:00"), 0), (("07:00", "06:00"), 1)],
)
def test_quiet_hours_are_those_of_her_own_clock(quiet: tuple[str, str], hushed: int) -> None:
    assert move([person(quiet=quiet)], at(8), at(9)).quiet_then == hushed


KINDS: tuple[Kind, ...] = (
    "moved", "cancelled", "restored", "room", "session-moved", "session-cancelled", "session-restored",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", get_args(Language))
def test_each_letter_names_both_clocks_and_the_note(kind: Kind, language: str) -> None:
    stays = {"cancelled", "session-cancelled"}
    before = None if kind in {"restored", "session-restored"} else at(14)
    after = None if kind in stays else at(8)

    said = text(Wording(kind, "1st meeting", "Second session", before, after, "M3", "Sorry."), ZONES[1], language)

    lines = said.split("\n")
    assert lines[1:] == ["Sorry."]
    for clock in ("Second session", "Europe/Vienna", "Pacific/Apia", "2022-06-08"):
        assert clock in lines[0]
    assert ("2022-06-09 03:00" in lines[0]) is (before is not None and kind != "room")


def test_a_language_that_we_do_not_have_yet_reads_english() -> None:
    said = Wording("moved", "1st meeting", "Second session", at(14), at(8))

    assert text(said, "Europe/Vienna", "de") == text(said, "Europe/Vienna", "en")


def test_a_stretch_over_midnight_names_both_days() -> None:
    said = Wording("room", "1st meeting", "Second session", None, at(20), "M3")

    assert "2022-06-08 22:00–2022-06-09 01:00" in text(said, "Europe/Vienna", "en")
