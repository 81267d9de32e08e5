from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.errors import NotFound
from scheduler.ids import new_id
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme import queries, sessions
from scheduler.programme.queries import SessionFilter
from scheduler.programme.sessions import NewSession
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, places
from tests.scheduler.programme.scene import Scene, meeting

KNOWN = (
    ("ahc-1", "ahc", "First session", "session", "2022-02-28", "2022-03-11", "New York", None),
    ("ahc-c1", "ahc", "Consultation 100% _online_", "intersessional", "2022-03-24", "2022-03-25", "Vienna", "VIC"),
    ("hrc-1", "hrc", "Première séance", "session", "2022-02-28", "2022-04-01", "Geneva", "Palais"),
)


@pytest.fixture
def known(writer: Writer, scene: Scene) -> Scene:
    def fill(tx: Any) -> None:
        for code, body, title, kind, starts_on, ends_on, city, venue in KNOWN:
            more: dict[str, Any] = {"kind": kind, "city": city, "venue": venue, "status": "published"}
            new = NewSession(code, body, title, "Europe/Vienna", starts_on, ends_on, **more)
            sessions.add(tx, scene.secretariat, new)

    writer.act_now(fill)
    return scene


def codes(conn: Connection, reader: Reader = PUBLIC, **which: Any) -> list[str]:
    return sorted(each.code for each in queries.sessions(conn, reader, SessionFilter(**which)))


@pytest.mark.parametrize(
    ("which", "found"),
    [
        ({}, ["ahc-1", "ahc-2", "ahc-c1", "hrc-1"]),
        ({"body": "hrc"}, ["hrc-1"]),
        ({"body": "nowhere"}, []),
        ({"kind": "intersessional"}, ["ahc-c1"]),
        ({"first": "2022-04-01"}, ["ahc-2", "hrc-1"]),
        ({"first": "2022-04-02"}, ["ahc-2"]),
        ({"last": "2022-02-28"}, ["ahc-1", "hrc-1"]),
        ({"first": "2022-03-12", "last": "2022-05-29"}, ["ahc-c1", "hrc-1"]),
        ({"q": "FIRST"}, ["ahc-1"]),
        ({"q": "séance"}, ["hrc-1"]),
        ({"q": "hrc-"}, ["hrc-1"]),
        ({"q": "vienna"}, ["ahc-c1"]),
        ({"q": "palais"}, ["hrc-1"]),
        ({"q": "100%"}, ["ahc-c1"]),
        ({"q": "0%_"}, []),
        ({"q": "_online_"}, ["ahc-c1"]),
        ({"q": "\\"}, []),
        ({"q": "session", "body": "ahc", "kind": "session", "first": "2022-03-01"}, ["ahc-1", "ahc-2"]),
    ],
)
def test_sessions_are_filtered(conn: Connection, known: Scene, which: dict[str, Any], found: list[str]) -> None:
    assert codes(conn, **which) == found


def test_a_body_is_named_by_its_id_too(conn: Connection, known: Scene) -> None:
    assert codes(conn, body=known.body) == ["ahc-1", "ahc-2", "ahc-c1"]


def test_sessions_come_by_first_day_and_id_page_by_page(conn: Connection, known: Scene) -> None:
    whole = queries.sessions(conn, PUBLIC)
    pages, after = [], None
    while page := queries.sessions(conn, PUBLIC, after=after, limit=3):
        pages.append(page)
        after = (page[-1].starts_on, page[-1].id)

    assert [len(page) for page in pages] == [3, 1]
    assert [each for page in pages for each in page] == whole
    assert whole == sorted(whole, key=lambda each: (each.starts_on, each.id))


@pytest.mark.parametrize(
    ("who", "drafts"),
    [
        ("secretariat", ["ahc-3", "hrc-3"]),
        ("of_body", ["ahc-3"]),
        ("of_other", ["hrc-3"]),
        ("chair", ["ahc-3"]),
        ("focal_point", []),
        ("participant", []),
    ],
)
def test_drafts_are_listed_for_those_who_may_know(
    writer: Writer, conn: Connection, scene: Scene, who: str, drafts: list[str]
) -> None:
    hrc = writer.act_now(lambda tx: queries.body(tx.conn, "hrc").id)
    writer.act_now(lambda tx: places.session(tx, "hrc-3", of_body=hrc, status="draft"))

    assert codes(conn, Reader(getattr(scene, who))) == sorted(["ahc-2", *drafts])
    assert codes(conn) == ["ahc-2"]
    assert codes(conn, Reader(OPERATOR)) == ["ahc-2", "ahc-3", "hrc-3"]


def test_what_is_not_there_is_not_found(conn: Connection, scene: Scene) -> None:
    for reference in (new_id(), "nowhere", "", "No Code", "a\0b", "x" * 300):
        with pytest.raises(NotFound):
            queries.session(conn, PUBLIC, reference)
        with pytest.raises(NotFound):
            queries.body(conn, reference)
        with pytest.raises(NotFound):
            queries.meeting(conn, PUBLIC, reference)
        with pytest.raises(NotFound):
            queries.item(conn, PUBLIC, reference)


def test_a_hidden_draft_answers_like_one_that_is_not_there(writer: Writer, conn: Connection, scene: Scene) -> None:
    hidden = meeting(writer, scene.secretariat, of="ahc-3")
    sentences = set()
    for read, reference in (
        (queries.session, "ahc-3"),
        (queries.session, "nowhere"),
        (queries.meeting, hidden.id),
        (queries.meeting, new_id()),
    ):
        with pytest.raises(NotFound) as refused:
            read(conn, Reader(scene.participant), reference)
        sentences.add((read.__name__, refused.value.sentence))

    assert len(sentences) == 2


def test_meetings_come_by_start_page_by_page(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = [
        meeting(writer, scene.secretariat, date=date, start=start)
        for date, start in (("2022-06-08", "10:00"), ("2022-06-01", "11:00"), ("2022-06-01", "10:00"))
    ]

    first = queries.meetings(conn, PUBLIC, "ahc-2", limit=2)
    second = queries.meetings(conn, PUBLIC, scene.session, after=(first[1].starts_at, first[1].id), limit=2)

    assert [*first, *second] == made[::-1]
    assert queries.session(conn, PUBLIC, "ahc-2").meetings_count == 3


def test_a_session_stretches_over_the_meetings_that_are_held(writer: Writer, conn: Connection, scene: Scene) -> None:
    for date, status in (("2022-05-31", "cancelled"), ("2022-06-01", "scheduled"), ("2022-06-08", "scheduled")):
        meeting(writer, scene.secretariat, date=date, status=status)
    both = [queries.session(conn, Reader(scene.secretariat), code) for code in ("ahc-2", "ahc-3")]

    assert queries.stretches(conn, both) == {
        scene.session: (
            datetime(2022, 6, 1, 8, tzinfo=UTC),
            datetime(2022, 6, 8, 11, tzinfo=UTC),
            "Europe/Vienna",
        )
    }


@pytest.mark.parametrize("links_for", ["accredited", "speakers"])
def test_a_join_link_is_for_those_whom_it_is_for(
    writer: Writer, conn: Connection, scene: Scene, links_for: str
) -> None:
    link = "https://join.example.org/1"
    held = meeting(writer, scene.secretariat, join_url=link, links_for=links_for)
    here, there = frozenset({scene.session}), frozenset({scene.draft})

    def seen(actor: Actor | None, accredited: frozenset[str] = there, speaking: frozenset[str] = there) -> bool:
        reader = Reader(actor, accredited, speaking)
        one = queries.meeting(conn, reader, held.id).join_url
        assert one == queries.meetings(conn, reader, "ahc-2")[0].join_url
        return one == link

    assert {
        "public": seen(None, here, frozenset({held.id})),
        "participant": seen(scene.participant),
        "accredited": seen(scene.participant, here),
        "speaking": seen(scene.participant, here, frozenset({held.id})),
        "chair": seen(scene.chair),
        "secretariat": seen(scene.of_body),
        "another secretariat": seen(scene.of_other),
    } == {
        "public": False,
        "participant": False,
        "accredited": links_for == "accredited",
        "speaking": True,
        "chair": True,
        "secretariat": True,
        "another secretariat": False,
    }


def test_records_are_whole_rows_but_for_the_floors_number() -> None:
    from scheduler.programme import records, tables  # noqa: PLC0415  -- what this one test is about
    from scheduler.storage.columns import table  # noqa: PLC0415  -- what this one test is about

    pairs = (
        (tables.Body, records.BodyRecord),
        (tables.Session, records.SessionRecord),
        (tables.Item, records.ItemRecord),
        (tables.Meeting, records.MeetingRecord),
    )
    for model, record in pairs:
        # The number of a meeting's floor moves with every event: who holds it from an earlier read holds nothing.
        whole = [column.name for column in table(model).c if column.name != "floor_version"]
        assert [column.name for column in records.columns(model, record)] == whole


def test_people_of_other_sessions_are_no_readers_of_a_draft(writer: Writer, conn: Connection, scene: Scene) -> None:
    stranger = writer.act_now(lambda tx: people.person(tx, "Str"))

    with pytest.raises(NotFound):
        queries.meetings(conn, Reader(stranger, frozenset({scene.draft})), "ahc-3")
