from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, Meaningless
from scheduler.journal.entries import JournalLedger
from scheduler.journal.following import last_number
from scheduler.people.permission import OPERATOR
from scheduler.secretariat.document import Document, checked, read
from scheduler.secretariat.expanding import meetings
from scheduler.secretariat.loading import Report, Undone, load
from scheduler.storage.engine import database
from scheduler.storage.writer import Writer
from tests.makers import people

PROGRAMME = b"""
[[bodies]]
code = "ahc"
name = "Committee"

[[organisations]]
name = "Rights Online"
category = "ngo"

[[sessions]]
code = "ahc-2"
body = "ahc"
title = "Second session"
timezone = "Europe/Vienna"
starts_on = 2022-05-30
ends_on = 2022-06-10
deadlines = [{ title = "Registration", at = { date = "2022-05-27", time = "18:00", timezone = "America/New_York" } }]
items = [{ number = "1", title = "Criminalisation" }, { number = "1 (a)", title = "Offences", parent = "1" }]
days = [{ first = 2022-05-30, last = 2022-06-07, at = [["10:00", "12:00"], ["15:00", "17:00"]], room = "Plenary" }]
accreditations = [{ organisation = "Rights Online" }]

[[sessions.meetings]]
date = 2022-06-08
start = 10:00:00
end = 13:00:00
items = ["1"]
lists = [{ title = "Statements", slot_seconds = 180, item = "1" }]

[[people]]
email = "ada@example.org"
name = "Ada Example"
organisation = "Rights Online"
roles = [{ role = "chair", session = "ahc-2" }]
"""
FIVE_FAULTS = b"""
[[bodies]]
code = "Not A Slug"
name = "Committee"

[[bodies]]
code = "ahc"
name = "Committee"

[[sessions]]
code = "spring"
body = "ahc"
title = "Spring"
timezone = "Europe/Vienna"
starts_on = 2022-03-27
ends_on = 2022-03-28

[[sessions.meetings]]
date = 2022-03-27
start = 02:30:00
end = 04:00:00

[[sessions.meetings]]
date = 2022-04-01
start = 10:00:00
end = 12:00:00

[[sessions]]
code = "nowhere"
body = "nobody"
title = "Nowhere"
timezone = "Europe/Vienna"
starts_on = 2022-03-27
ends_on = 2022-03-28

[[people]]
email = "ada@example.org"
name = "Ada Example"
organisation = "Nobody knows"
"""


@pytest.fixture
def writer(database_url: str) -> Iterator[Writer]:
    made = Writer(database(database_url), SettableClock(datetime(2022, 5, 1, tzinfo=UTC)), JournalLedger())
    yield made
    made.close()


def _load(writer: Writer, document: Document) -> Report:
    return writer.act_now(lambda tx: load(tx, OPERATOR, document))


def _entries(writer: Writer) -> int:
    return writer.act_now(lambda tx: last_number(tx.conn))


def test_a_programme_is_loaded_whole(writer: Writer) -> None:
    report = _load(writer, read(PROGRAMME, toml=True))

    # a body, an organisation, a session, two items, fourteen and one meetings, a list, an accreditation, a person
    assert (report.created, report.changed, report.unchanged) == (23, 0, 0)


def test_the_same_file_again_changes_nothing(writer: Writer) -> None:
    _load(writer, read(PROGRAMME, toml=True))
    before = _entries(writer)

    report = _load(writer, read(PROGRAMME, toml=True))

    assert (report.created, report.changed, report.unchanged, report.changes) == (0, 0, 23, [])
    assert _entries(writer) == before


def test_a_changed_file_changes_what_differs(writer: Writer) -> None:
    _load(writer, read(PROGRAMME, toml=True))

    report = _load(writer, read(PROGRAMME.replace(b'"Plenary"', b'"Hall"'), toml=True))

    assert (report.created, report.changed, report.unchanged) == (0, 14, 9)
    assert {change.place for change in report.changes} == {"sessions[0].days[0]"}


def test_a_dry_run_says_what_would_change_and_changes_nothing(writer: Writer) -> None:
    document = read(PROGRAMME, toml=True)

    with pytest.raises(Undone) as undone:
        writer.act_now(lambda tx: load(tx, OPERATOR, document, dry_run=True))

    assert undone.value.report.created == 23
    assert _entries(writer) == 0


def test_five_faults_are_named_with_their_places_and_nothing_is_changed(writer: Writer) -> None:
    with pytest.raises(Meaningless) as refused:
        _load(writer, read(FIVE_FAULTS, toml=True))

    assert [fault.field for fault in refused.value.faults] == [
        "bodies[0].code",
        "sessions[0].meetings[0].start",
        "sessions[0].meetings[1].date",
        "sessions[1].body",
        "people[0].organisation",
    ]
    assert _entries(writer) == 0


def test_faults_of_shape_are_named_with_their_places() -> None:
    with pytest.raises(Meaningless) as refused:
        checked({"bodies": [{"code": "a", "colour": "red"}], "sessions": [{"code": "x", "starts_on": "soon"}]})

    places = [fault.field for fault in refused.value.faults]
    assert places[:3] == ["bodies[0].name", "bodies[0].colour", "sessions[0].body"]


def test_a_file_that_is_no_toml_says_where() -> None:
    with pytest.raises(Meaningless, match="line 2"):
        read(b"a = 1\nb = ?\n", toml=True)


def test_a_day_pattern_leaves_out_weekends_and_numbers_in_order() -> None:
    document = read(PROGRAMME, toml=True)

    planned = meetings(document.sessions[0], ("sessions", 0))

    assert [(p.part.date, p.part.start) for p in planned][9:11] == [("2022-06-03", "15:00"), ("2022-06-06", "10:00")]
    assert [p.number for p in planned] == list(range(1, 16))
    assert planned[10].part.title == "11th meeting"


def test_only_the_service_secretariat_loads(writer: Writer) -> None:
    participant = writer.act_now(people.person)

    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: load(tx, participant, read(PROGRAMME, toml=True)))


def test_two_thousand_meetings_load_at_once(writer: Writer) -> None:
    days = {"first": "2022-01-03", "last": "2024-01-19", "at": [["10:00", "12:00"], ["13:00", "14:00"]]}
    days["at"] = [[f"{hour:02}:00", f"{hour:02}:50"] for hour in (9, 11, 14, 16)]
    session = {
        "code": "long",
        "body": "ahc",
        "title": "Long",
        "timezone": "Asia/Kathmandu",
        "starts_on": "2022-01-01",
        "ends_on": "2024-12-31",
        "days": [days],
    }

    report = _load(writer, checked({"bodies": [{"code": "ahc", "name": "C"}], "sessions": [session]}))

    assert report.created == 2 + 535 * 4
