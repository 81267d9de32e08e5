"""Programme files for tests, and loading them."""

from typing import Any

from scheduler.journal.following import last_number
from scheduler.people.permission import OPERATOR
from scheduler.secretariat.account import Report
from scheduler.secretariat.reading import ProgrammeFile, checked, read
from scheduler.secretariat.rehearsing import load_at_once, load_beside
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer

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
PARTS = 23
"""A body, an organisation, a session, two items, fourteen and one meetings, a list, an accreditation, a person."""


def programme(*, before: str = "", after: str = "") -> ProgrammeFile:
    """PROGRAMME, with a text in it replaced."""
    assert before.encode() in PROGRAMME
    return read(PROGRAMME.replace(before.encode(), after.encode()), toml=True)


def one_session(**fields: Any) -> ProgrammeFile:
    """A body and a session of it in June 2022 in Vienna, with whatever else is said of the session."""
    session = {
        "code": "ahc-2",
        "body": "ahc",
        "title": "Second session",
        "timezone": "Europe/Vienna",
        "starts_on": "2022-05-30",
        "ends_on": "2022-06-10",
        **fields,
    }
    return checked({"bodies": [{"code": "ahc", "name": "Committee"}], "sessions": [session]})


def load_directly(writer: Writer, file: ProgrammeFile) -> Report:
    """Within one act."""
    return writer.act_now(lambda tx: load_at_once(tx, OPERATOR, file))


def load_file(writer: Writer, conn: Connection, file: ProgrammeFile, *, dry_run: bool = False) -> Report:
    """Rehearsed outside the writer, then written."""
    return load_beside(lambda do: do(conn), writer, lambda _: OPERATOR, file, dry_run=dry_run)


def last(conn: Connection) -> int:
    """The journal's last number."""
    return last_number(conn)
