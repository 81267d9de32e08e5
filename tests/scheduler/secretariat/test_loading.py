from typing import Any

import pytest

from scheduler.errors import Forbidden, Meaningless
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.reader import Reader
from scheduler.programme import queries, sessions
from scheduler.programme.views import MeetingView
from scheduler.secretariat.account import Change, Report
from scheduler.secretariat.loading import size
from scheduler.secretariat.reading import ProgrammeFile, checked
from scheduler.secretariat.rehearsing import load_at_once, rehearse
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people
from tests.scheduler.secretariat.files import PARTS, last, load_directly, one_session, programme

OF_OPERATOR = Reader(OPERATOR)


def _meetings(conn: Connection) -> list[MeetingView]:
    return queries.meetings(conn, OF_OPERATOR, "ahc-2", limit=200)


def _faults(writer: Writer, file: ProgrammeFile) -> list[tuple[str, str]]:
    with pytest.raises(Meaningless) as refused:
        load_directly(writer, file)
    return [(fault.field, fault.message) for fault in refused.value.faults]


def _places(writer: Writer, file: ProgrammeFile) -> list[str]:
    return [place for place, _ in _faults(writer, file)]


def test_a_programme_is_loaded_whole(writer: Writer, conn: Connection) -> None:
    report = load_directly(writer, programme())

    assert (report.created, report.changed, report.unchanged) == (PARTS, 0, 0)
    assert size(programme().document) == PARTS
    found = _meetings(conn)
    assert [(each.number, each.title, each.date, each.start) for each in found][-1] == (
        *(15, "15th meeting", "2022-06-08", "10:00"),
    )


def test_the_same_file_again_changes_nothing(writer: Writer, conn: Connection) -> None:
    load_directly(writer, programme())
    before = last(conn)

    assert load_directly(writer, programme()) == Report(unchanged=PARTS)
    assert last(conn) == before


def test_a_changed_file_changes_what_differs_and_names_it(writer: Writer) -> None:
    load_directly(writer, programme())

    report = load_directly(writer, programme(before="Criminalisation", after="Crimes"))

    assert report == Report(0, 1, PARTS - 1, [Change("agenda item changed", "sessions[0].items[0]", ("title",))])


def test_what_a_change_says_are_the_fields_of_the_file(writer: Writer) -> None:
    meeting = {"number": 1, "date": "2022-06-01", "start": "10:00", "end": "12:00", "room": "A"}
    load_directly(writer, one_session(meetings=[meeting]))

    moved = meeting | {"date": "2022-06-02", "room": "B", "status": "cancelled"}
    report = load_directly(writer, one_session(meetings=[moved], status="cancelled"))

    assert report.changes == [
        Change("session changed", "sessions[0]", ("status",)),
        Change("meeting changed", "sessions[0].meetings[0]", ("date", "room", "status")),
    ]


def test_what_the_file_does_not_mention_stays(writer: Writer, conn: Connection) -> None:
    load_directly(writer, one_session(meetings=[
        {"number": 1, "title": "Opening", "date": "2022-06-01", "start": "10:00", "end": "12:00", "room": "A"},
        {"number": 2, "date": "2022-06-02", "start": "10:00", "end": "12:00"},
    ]))  # fmt: skip

    load_directly(writer, one_session(meetings=[{"number": 1, "date": "2022-06-01", "start": "11:00", "end": "12:00"}]))

    assert [(each.title, each.start, each.room) for each in _meetings(conn)] == [
        ("Opening", "11:00", "A"),
        ("2nd meeting", "10:00", None),
    ]


def test_a_session_is_published_unless_the_file_says_otherwise(writer: Writer, conn: Connection) -> None:
    load_directly(writer, one_session())
    load_directly(writer, one_session(code="ahc-3", status="draft"))

    found = {each.code: each.status for each in queries.sessions(conn, OF_OPERATOR)}
    assert found == {"ahc-2": "published", "ahc-3": "draft"}


def test_five_faults_of_shape_and_of_meaning_are_all_named(writer: Writer, conn: Connection) -> None:
    file = checked({
        "bodies": [{"code": "ahc", "name": "Committee"}],
        "sessions": [{
            "code": "spring", "body": "nobody", "title": "Spring", "timezone": "Europe/Vienna",
            "starts_on": "2022-03-25", "ends_on": "2022-03-28",
            "meetings": [
                {"date": "2022-03-27", "start": "02:30", "end": "04:00"},
                {"date": "2022-04-01", "start": "10:00", "end": "12:00"},
                {"date": "2022-03-28", "start": "ten", "end": "12:00"},
                {"date": "2022-03-28", "start": "10:00", "end": "12:00", "room": "A", "items": ["7"]},
                {"date": "2022-03-28", "start": "11:00", "end": "13:00", "room": "A"},
            ],
            "accreditations": [{"organisation": "Nobody knows"}],
        }],
    })  # fmt: skip

    assert _places(writer, file) == [
        "sessions[0].accreditations[0].organisation",
        "sessions[0].body",
        "sessions[0].meetings[0].start",
        "sessions[0].meetings[1].date",
        "sessions[0].meetings[2].start",
        "sessions[0].meetings[3].items[0]",
        "sessions[0].meetings[4]",
    ]
    assert last(conn) == 0


def test_a_session_with_several_faults_names_them_all(writer: Writer) -> None:
    file = one_session(
        body="nobody", timezone="UTC+2", starts_on="2022-06-11", deadlines=[{"title": "T", "at": "soon"}]
    )

    assert _places(writer, file) == [
        "sessions[0].body",
        "sessions[0].deadlines[0].at",
        "sessions[0].ends_on",
        "sessions[0].timezone",
    ]


def test_what_stands_twice_is_named_where_it_stands_again(writer: Writer) -> None:
    session: dict[str, Any] = {
        "code": "ahc", "body": "ahc", "title": "S", "timezone": "UTC",
        "starts_on": "2022-01-03", "ends_on": "2022-01-05",
        "items": [{"number": "1", "title": "A"}, {"number": "1", "title": "B"}],
        "meetings": [
            {"number": 1, "date": "2022-01-03", "start": "10:00", "end": "11:00"},
            {"number": 1, "date": "2022-01-04", "start": "10:00", "end": "11:00",
             "lists": [{"title": "L", "slot_seconds": 60}, {"title": "L", "slot_seconds": 60}]},
        ],
        "accreditations": [{"organisation": "O"}, {"organisation": "O"}],
    }  # fmt: skip
    organisation = {"name": "O", "category": "ngo"}
    person = {"email": "a@example.org", "name": "A"}
    file = checked({
        "bodies": [{"code": "ahc", "name": "C"}],
        "organisations": [organisation, organisation],
        "sessions": [session],
        "people": [person, person | {"email": "A@example.org"}],
    })  # fmt: skip

    faults = dict(_faults(writer, file))

    assert faults["sessions[0].code"] == "bodies[0] has this already. Name each once."
    assert [place for place, sentence in faults.items() if "already" in sentence] == [
        "organisations[1].name",
        "sessions[0].accreditations[1].organisation",
        "sessions[0].code",
        "sessions[0].items[1].number",
        "sessions[0].meetings[1].lists[1].title",
        "sessions[0].meetings[1].number",
        "people[1].email",
    ]


def test_what_refers_to_a_part_with_a_fault_has_none_of_its_own(writer: Writer) -> None:
    file = checked({
        "bodies": [{"code": "Not A Slug", "name": "C"}],
        "organisations": [{"name": "O", "category": "ngo", "country": "XX"}],
        "sessions": [{"code": "s", "body": "Not A Slug", "title": "S", "timezone": "UTC",
                      "starts_on": "2022-01-03", "ends_on": "2022-01-05",
                      "accreditations": [{"organisation": "O"}]}],
        "people": [{"email": "a@example.org", "name": "A", "roles": [{"role": "chair", "body": "Not A Slug"}]}],
    })  # fmt: skip

    assert _places(writer, file) == ["bodies[0].code", "organisations[0].country"]


def test_faults_of_a_person_are_all_named(writer: Writer) -> None:
    roles = [
        {"role": "chair", "session": "none"},
        {"role": "focal_point"},
        {"role": "chair"},
        {"role": "focal_point", "organisation": "None"},
        {"role": "participant", "body": "a", "session": "b"},
    ]
    person = {"email": "a@example.org", "name": "A", "timezone": "Nowhere", "organisation": "None", "roles": roles}

    assert _places(writer, checked({"people": [person, {"email": "no address", "name": "B"}]})) == [
        "people[0].organisation",
        "people[0].roles[0].session",
        "people[0].roles[1]",
        "people[0].roles[3].organisation",
        "people[0].roles[4]",
        "people[0].timezone",
        "people[1].email",
    ]


def test_a_fault_of_a_pattern_names_the_day(writer: Writer) -> None:
    days = {"first": "2022-06-09", "last": "2022-06-13", "at": [["10:00", "12:00"]]}

    (place, sentence), *others = _faults(writer, one_session(days=[days]))

    assert (place, sentence.partition(" The")[0], others) == ("sessions[0].days[0].date", "2022-06-13, 10:00:", [])


def test_faults_of_a_list_are_named_in_it(writer: Writer) -> None:
    lists = [
        {"title": "A", "slot_seconds": 180, "window": {"start": "09:00", "end": "10:00"}, "item": "9"},
        {"title": "B"},
        {"title": "C", "window": {"start": "10:00", "end": "11:00"}},
    ]
    meeting = {"date": "2022-06-01", "start": "10:00", "end": "12:00", "lists": lists}

    assert _places(writer, one_session(meetings=[meeting])) == [
        "sessions[0].meetings[0].lists[0].item",
        "sessions[0].meetings[0].lists[0].window",
        "sessions[0].meetings[0].lists[2].slot_seconds",
    ]


def test_an_item_may_stand_before_the_one_that_it_belongs_to(writer: Writer, conn: Connection) -> None:
    items = [
        {"number": "1 (a)", "title": "Offences", "parent": "1"},
        {"number": "1", "title": "Crimes"},
        {"number": "2 (a)", "title": "Lost", "parent": "2"},
    ]

    assert _places(writer, one_session(items=items)) == ["sessions[0].items[2].parent"]
    load_directly(writer, one_session(items=items[:2]))
    found = {each.number: each for each in queries.items(conn, OF_OPERATOR, "ahc-2")}
    assert found["1 (a)"].parent == found["1"].id


@pytest.mark.parametrize(
    ("first", "last_day", "days"),
    [
        ("2022-05-31", "2022-06-02", ["2022-05-31", "2022-06-01", "2022-06-02"]),
        ("2022-06-02", "2022-06-06", ["2022-06-02", "2022-06-03", "2022-06-06"]),
    ],
    ids=["earlier", "later"],
)
def test_meetings_that_all_move_make_way_for_each_other(
    writer: Writer, conn: Connection, first: str, last_day: str, days: list[str]
) -> None:
    def file(first: str, last_day: str) -> ProgrammeFile:
        return one_session(days=[{"first": first, "last": last_day, "at": [["10:00", "12:00"]], "room": "A"}])

    load_directly(writer, file("2022-06-01", "2022-06-03"))
    load_directly(writer, file(first, last_day))

    assert [each.date for each in _meetings(conn)] == days


def test_meetings_may_change_their_rooms_with_each_other(writer: Writer, conn: Connection) -> None:
    def file(one: str, two: str) -> ProgrammeFile:
        meeting = {"date": "2022-06-01", "start": "10:00", "end": "12:00"}
        return one_session(meetings=[meeting | {"number": 1, "room": one}, meeting | {"number": 2, "room": two}])

    load_directly(writer, file("A", "B"))
    report = load_directly(writer, file("B", "A"))

    assert {each.number: each.room for each in _meetings(conn)} == {1: "B", 2: "A"}
    assert (report.changed, report.changes[0].fields) == (2, ("room",))


def test_a_session_may_move_with_all_its_meetings(writer: Writer, conn: Connection) -> None:
    def file(starts_on: str, ends_on: str) -> ProgrammeFile:
        days = [{"first": starts_on, "last": ends_on, "at": [["10:00", "12:00"]], "room": "A"}]
        return one_session(starts_on=starts_on, ends_on=ends_on, days=days)

    load_directly(writer, file("2022-06-01", "2022-06-03"))
    report = load_directly(writer, file("2022-06-08", "2022-06-10"))

    moved = queries.session(conn, OF_OPERATOR, "ahc-2")
    assert (moved.starts_on, moved.ends_on) == ("2022-06-08", "2022-06-10")
    assert [each.date for each in _meetings(conn)] == ["2022-06-08", "2022-06-09", "2022-06-10"]
    assert (report.changed, report.unchanged) == (4, 1)


def test_a_session_does_not_leave_meetings_outside_that_the_file_does_not_name(writer: Writer) -> None:
    load_directly(writer, one_session(meetings=[{"date": "2022-06-01", "start": "10:00", "end": "12:00"}]))

    assert _places(writer, one_session(starts_on="2022-06-08")) == ["sessions[0].starts_on"]


def test_an_accreditation_stays_as_it_was_decided(writer: Writer, conn: Connection) -> None:
    load_directly(writer, programme())
    file = programme(
        before='{ organisation = "Rights Online" }', after='{ organisation = "Rights Online", status = "objected" }'
    )
    assert load_directly(writer, file).changed == 1
    before = last(conn)

    load_directly(writer, programme())

    assert last(conn) == before


def test_only_the_service_secretariat_loads(writer: Writer) -> None:
    participant = writer.act_now(people.person)

    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: load_at_once(tx, participant, programme()))


def test_who_may_not_load_learns_of_faults_of_shape_alone(writer: Writer) -> None:
    participant: Actor = writer.act_now(people.person)
    file = one_session(body="nobody", kind="party")

    with pytest.raises(Meaningless) as refused:
        writer.act_now(lambda tx: load_at_once(tx, participant, file))

    assert [fault.field for fault in refused.value.faults] == ["sessions[0].kind"]


def test_progress_is_told_part_by_part(writer: Writer, conn: Connection) -> None:
    heard: list[int] = []

    rehearse(writer.tx(conn), OPERATOR, programme(), heard.append)

    assert heard == list(range(1, PARTS + 1))


def test_a_session_that_somebody_changed_is_set_back(writer: Writer, conn: Connection) -> None:
    load_directly(writer, programme())
    writer.act_now(lambda tx: sessions.change(tx, OPERATOR, "ahc-2", {"title": "Another", "city": "Wien"}))

    assert load_directly(writer, programme()).changes == [Change("session changed", "sessions[0]", ("title",))]
    assert queries.session(conn, OF_OPERATOR, "ahc-2").city == "Wien"
