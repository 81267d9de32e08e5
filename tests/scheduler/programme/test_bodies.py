import pytest

from scheduler.errors import AlreadyExists, Meaningless, NotFound, VersionConflict
from scheduler.programme import bodies, queries
from scheduler.programme.bodies import NewBody
from scheduler.programme.views import BodyView
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.scheduler.programme.scene import Scene, told

NEW = NewBody("ga", "General Assembly", "All of us.")


def test_a_body_is_found_by_code_and_id(writer: Writer, conn: Connection, scene: Scene) -> None:
    made, (entry,) = told(conn, lambda: writer.act_now(lambda tx: bodies.add(tx, scene.secretariat, NEW)))

    assert made == BodyView(made.id, "ga", "General Assembly", "All of us.", 1)
    assert queries.body(conn, "ga") == made
    assert queries.body(conn, made.id) == made
    assert (entry.kind, entry.subject_id, entry.audience.public, entry.audience.body) == (
        "body.created",
        made.id,
        True,
        made.id,
    )


@pytest.mark.parametrize("code", ["ahc", "ahc-2"])
def test_a_code_belongs_to_one_body_or_session(writer: Writer, scene: Scene, code: str) -> None:
    with pytest.raises(AlreadyExists):
        writer.act_now(lambda tx: bodies.add(tx, scene.secretariat, NewBody(code, "Another")))


@pytest.mark.parametrize("code", ["", "Ga", "g a", "-ga", "g" * 64, "5b0c1a52-0d7c-4d4a-9d1f-6a3f5d1f0a11"])
def test_a_code_is_a_slug(writer: Writer, scene: Scene, code: str) -> None:
    with pytest.raises(Meaningless) as refused:
        writer.act_now(lambda tx: bodies.add(tx, scene.secretariat, NewBody(code, "Another")))

    assert [fault.field for fault in refused.value.faults] == ["code"]


def test_a_changed_code_frees_the_one_before(writer: Writer, conn: Connection, scene: Scene) -> None:
    changes = {"code": "ga-2", "description": None}
    writer.act_now(lambda tx: bodies.add(tx, scene.secretariat, NEW))

    changed, (entry,) = told(
        conn, lambda: writer.act_now(lambda tx: bodies.change(tx, scene.secretariat, "ga", changes))
    )

    assert (changed.code, changed.name, changed.description, changed.version) == ("ga-2", NEW.name, None, 2)
    assert (entry.kind, entry.data) == ("body.changed", {"fields": ["code", "description"]})
    with pytest.raises(NotFound):
        queries.body(conn, "ga")
    assert writer.act_now(lambda tx: bodies.add(tx, scene.secretariat, NEW)).code == "ga"


def test_an_unchanged_body_is_left_alone(writer: Writer, conn: Connection, scene: Scene) -> None:
    made = writer.act_now(lambda tx: bodies.add(tx, scene.secretariat, NEW))

    same, entries = told(
        conn, lambda: writer.act_now(lambda tx: bodies.change(tx, scene.secretariat, "ga", {"name": NEW.name}))
    )

    assert (same, entries) == (made, [])


def test_a_stale_change_gets_the_body_as_it_is(writer: Writer, scene: Scene) -> None:
    made = writer.act_now(lambda tx: bodies.add(tx, scene.secretariat, NEW))

    with pytest.raises(VersionConflict) as refused:
        writer.act_now(lambda tx: bodies.change(tx, scene.secretariat, "ga", {"name": "Other"}, expected_version=2))

    assert refused.value.data == {"current": made}


def test_bodies_come_by_code(writer: Writer, conn: Connection, scene: Scene) -> None:
    writer.act_now(lambda tx: bodies.add(tx, scene.secretariat, NEW))

    assert [body.code for body in queries.bodies(conn, limit=2)] == ["ahc", "ga"]
    assert [body.code for body in queries.bodies(conn, after="ga")] == ["hrc"]
