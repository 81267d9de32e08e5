from collections.abc import Callable, Sequence
from typing import Any

import pytest

from api.spreadsheets.naming import NAMING
from scheduler.errors import Forbidden, Meaningless
from scheduler.journal.following import entries_after, last_number
from scheduler.people import organisations, persons, queries
from scheduler.people.organisations import NewOrganisation
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.persons import NewPerson
from scheduler.people.views import OrganisationView, PersonView
from scheduler.secretariat.importing import Counted, FieldChange, Imported, RowChange, import_beside, size
from scheduler.secretariat.participants import read
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, places
from tests.makers.spreadsheets import INDICO, people_rows

HEADER = ("email", "name", "organisation", "category", "timezone")
ADA = ("ada@example.org", "Ada Example", "Rights Online", "ngo", "Pacific/Apia")
BEN = ("ben@example.org", "Ben Example", "rights  online", "", "")


class Importer:
    """Imports lists of rows, and reads what is there."""

    def __init__(self, writer: Writer, conn: Connection) -> None:
        self.writer = writer
        self.conn = conn
        self.heard: list[int] = []

    def __call__(
        self, *rows: Sequence[str], by: Actor = OPERATOR, category: str | None = None, dry_run: bool = False
    ) -> Imported:
        return import_beside(
            lambda do: do(self.conn), self.writer, lambda _: by, read(enumerate(rows, 1), NAMING),
            category=category, dry_run=dry_run, progress=self.heard.append,
        )  # fmt: skip

    def faults(self, *rows: Sequence[str], category: str | None = None) -> list[tuple[str, str]]:
        with pytest.raises(Meaningless) as refused:
            self(*rows, category=category)
        return [(fault.field, fault.message) for fault in refused.value.faults]

    def people(self) -> list[PersonView]:
        return queries.people(self.conn, OPERATOR)

    def organisations(self) -> list[OrganisationView]:
        return queries.organisations(self.conn)


@pytest.fixture
def importing(writer: Writer, conn: Connection) -> Importer:
    return Importer(writer, conn)


def test_people_and_organisations_are_made(importing: Importer) -> None:
    done = importing(HEADER, ADA, BEN)

    assert done == Imported(
        people=Counted(2, 0, 0),
        organisations=Counted(1, 0, 0),
        columns={name: name for name in HEADER},
        ignored=(),
        left_out=(),
        changes=(
            RowChange(2, "organisation", "Rights Online", "created", ()),
            RowChange(2, "person", "Ada Example", "created", ()),
            RowChange(3, "person", "Ben Example", "created", ()),
        ),
    )
    assert [(each.name, each.email, each.timezone, each.organisation and each.organisation.name) for each in
            importing.people()] == [
        ("Ada Example", "ada@example.org", "Pacific/Apia", "Rights Online"),
        ("Ben Example", "ben@example.org", "UTC", "Rights Online"),
    ]  # fmt: skip
    assert [(each.name, each.category) for each in importing.organisations()] == [("Rights Online", "ngo")]


def test_the_same_list_again_changes_nothing(importing: Importer) -> None:
    importing(HEADER, ADA, BEN)
    before = last_number(importing.conn)

    done = importing(HEADER, ADA, BEN)

    assert (done.people, done.organisations, done.changes) == (Counted(0, 0, 2), Counted(0, 0, 1), ())
    assert last_number(importing.conn) == before


def test_a_dry_run_tells_each_field_and_changes_nothing(importing: Importer) -> None:
    importing(HEADER, ADA, BEN)
    before, known = last_number(importing.conn), importing.people()

    done = importing(
        (*HEADER, "roles"),
        ("ADA@example.org", "Ada E. Example", "Rights Online", "academia", "", ""),
        ("ben@example.org", "Ben Example", "Chess Club", "private sector", "Europe/Vienna", "focal point"),
        dry_run=True,
    )

    assert (done.people, done.organisations) == (Counted(0, 2, 0), Counted(1, 1, 0))
    assert done.changes == (
        RowChange(2, "organisation", "Rights Online", "changed", (FieldChange("category", "ngo", "academia"),)),
        RowChange(3, "organisation", "Chess Club", "created", ()),
        RowChange(
            2, "person", "Ada E. Example", "changed",
            (
                FieldChange("email", "ada@example.org", "ADA@example.org"),
                FieldChange("name", "Ada Example", "Ada E. Example"),
            ),
        ),
        RowChange(
            3, "person", "Ben Example", "changed",
            (
                FieldChange("organisation", "Rights Online", "Chess Club"),
                FieldChange("roles", [], ["focal_point:Chess Club"]),
                FieldChange("timezone", "UTC", "Europe/Vienna"),
            ),
        ),
    )  # fmt: skip
    assert (last_number(importing.conn), importing.people()) == (before, known)


def test_every_faulty_row_is_named_and_nothing_is_changed(importing: Importer) -> None:
    before = last_number(importing.conn)

    faults = importing.faults(
        (*HEADER, "roles"),
        (*ADA, ""),
        ("no address", "No Address", "", "", "", ""),
        ("ben@example.org", "", "", "", "", ""),
        ("ADA@example.org", "Twice", "", "", "", ""),
        ("c@example.org", "C", "Rights Online", "ngo", "Mars/Base", ""),
        ("d@example.org", "D", "Rights Online", "academia", "", ""),
        ("e@example.org", "E", "New One", "", "", ""),
        ("f@example.org", "F", "", "", "", "delegate; chair:nowhere; focal_point"),
        ("", "G", "", "", "", ""),
        ("h@example.org", "H" * 501, "", "", "", ""),
        ("i@example.org", "I", "Odd", "oddity", "", ""),
    )

    assert [place for place, _ in faults] == [
        "row 3, email", "row 4, name", "row 5, email", "row 6, timezone", "row 7, category", "row 8, category",
        "row 9, roles", "row 10, email", "row 11, name", "row 12, category",
    ]  # fmt: skip
    assert dict(faults)["row 5, email"] == "row 2 has this already. Name each once."
    assert dict(faults)["row 7, category"] == "Other rows say ngo of this organisation. Say the same in all."
    assert dict(faults)["row 4, name"] == "This is needed and is not there."
    assert last_number(importing.conn) == before


def test_roles_are_granted_on_what_their_codes_name(importing: Importer) -> None:
    importing.writer.act_now(lambda tx: places.session(tx, "ahc-2"))

    importing((*HEADER, "role"), (*ADA, "Focal Point, chair:ahc-2; participant:body-of-ahc-2"))

    (ada,) = importing.people()
    assert [(role.role, role.scope and (role.scope.type, role.scope.id)) for role in ada.roles] == [
        ("focal_point", ("organisation", ada.organisation and ada.organisation.id)),
        ("chair", ("session", "ahc-2")),
        ("participant", ("body", "body-of-ahc-2")),
    ]
    assert importing((*HEADER, "role"), (*ADA, "focal_point;chair:ahc-2;participant:body-of-ahc-2")).changes == ()


def test_an_unknown_role_or_code_is_named(importing: Importer) -> None:
    header = ("email", "name", "role")

    assert importing.faults(header, ("a@example.org", "A", "chair:nowhere"), ("b@example.org", "B", "focal point")) == [
        ("row 2, role", "There is no session of this code, neither here nor in the file."),
        ("row 3, role", "A focal point acts for one organisation. Give a scope of type organisation."),
    ]


def test_the_last_secretariat_stays(importing: Importer) -> None:
    importing(("email", "name", "role"), ("a@example.org", "A", "secretariat"))

    assert importing.faults(("email", "name", "role"), ("a@example.org", "A", "chair")) == [
        ("row 2", "She is the last secretariat of the whole service. Grant the role to somebody else first.")
    ]


def test_new_organisations_without_a_category_get_the_one_that_is_said_for_all(importing: Importer) -> None:
    importing.writer.act_now(lambda tx: organisations.add(tx, OPERATOR, NewOrganisation("Old", "igo", "AT")))
    rows = (
        INDICO,
        ("1", "A B", "A", "B", "a@example.org", "Old", "Chile", "", "", "Completed"),
        ("2", "C D", "C", "D", "c@example.org", "New", "Chile", "", "", "Completed"),
        ("3", "E F", "E", "F", "e@example.org", "New", "", "", "", "Pending"),
        ("4", "G H", "G", "H", "g@example.org", "Spread", "Chile", "", "", "Completed"),
        ("5", "I J", "I", "J", "i@example.org", "Spread", "Peru", "", "", "Completed"),
    )

    assert importing.faults(*rows) == [
        (f"row {row}, Affiliation",
         "There is no such organisation yet. Say its category in a column, or one for all that are new.")
        for row in (3, 5)
    ]  # fmt: skip
    done = importing(*rows, category="ngo")

    assert (done.people, done.organisations) == (Counted(5, 0, 0), Counted(2, 0, 1))
    assert [(each.name, each.category, each.country) for each in importing.organisations()] == [
        ("New", "ngo", "CL"), ("Old", "igo", "AT"), ("Spread", "ngo", None)
    ]  # fmt: skip
    assert importing(*rows, category="academia").changes == ()


def test_formulas_in_texts_stay_texts(importing: Importer) -> None:
    importing(("email", "name"), ("a@example.org", '=HYPERLINK("http://evil.example")'))

    assert [each.name for each in importing.people()] == ['=HYPERLINK("http://evil.example")']


def test_control_characters_become_blanks(importing: Importer) -> None:
    importing(("em\0ail".replace("\0", ""), "name"), ("a@example.org", "A\0B\r\nC"))

    assert [each.name for each in importing.people()] == ["A B C"]


def test_only_the_whole_service_s_secretariat_imports(importing: Importer) -> None:
    def of_session(tx: Tx) -> Actor:
        session = places.session(tx)
        return people.person(tx, "Sec Retary", grants=(Grant("secretariat", "session", session.session),))

    secretary = importing.writer.act_now(of_session)

    with pytest.raises(Forbidden):
        importing(HEADER, ADA, by=secretary)
    assert [each.name for each in importing.people()] == ["Sec Retary"]


def test_what_is_journaled_is_told_as_when_done_by_hand(importing: Importer) -> None:
    importing(HEADER, ADA)

    assert [entry.kind for entry in entries_after(importing.conn, 0, 10)] == ["organisation.added", "person.added"]


class Meanwhile(Importer):
    """Somebody writes between the rehearsal and the writing, once."""

    def __init__(self, writer: Writer, conn: Connection, email: str) -> None:
        super().__init__(writer, conn)
        self.email = email
        self.rehearsed = 0

    def run(self, *rows: Sequence[str]) -> Imported:
        def rehearse(do: Callable[[Connection], Any]) -> Any:
            done = do(self.conn)
            self.rehearsed += 1
            if self.rehearsed == 1:
                new = NewPerson(self.email, "Some Body")
                self.writer.act_now(lambda tx: persons.add(tx, OPERATOR, new))
            return done

        sheet = read(enumerate(rows, 1), NAMING)
        return import_beside(rehearse, self.writer, lambda _: OPERATOR, sheet)


@pytest.mark.parametrize(("email", "rehearsals", "counted"), [
    ("ada@example.org", 2, Counted(1, 1, 0)),
    ("other@example.org", 1, Counted(2, 0, 0)),
])  # fmt: skip
def test_a_list_is_compared_anew_only_where_somebody_in_it_was_written_meanwhile(
    writer: Writer, conn: Connection, email: str, rehearsals: int, counted: Counted
) -> None:
    importing = Meanwhile(writer, conn, email)

    done = importing.run(HEADER, ADA, BEN)

    assert (importing.rehearsed, done.people) == (rehearsals, counted)
    assert [each.name for each in importing.people() if each.email == "ada@example.org"] == ["Ada Example"]


def test_progress_is_heard(importing: Importer) -> None:
    rows = [HEADER, *people_rows(30)]

    importing(*rows)

    assert importing.heard == list(range(1, size(read(enumerate(rows, 1), NAMING)) + 1))
