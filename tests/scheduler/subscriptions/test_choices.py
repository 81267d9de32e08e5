from functools import partial

import pytest

from scheduler.people.permission import Actor, Grant
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from scheduler.subscriptions import feeds
from scheduler.subscriptions.choices import acts_for, choices
from scheduler.subscriptions.feeds import NewFeed
from tests.makers import people, places

TODAY = "2022-06-10"


@pytest.fixture
def all_kinds(writer: Writer) -> Actor:
    """A focal point of two organisations who chairs one of two published sessions; there is a draft too."""

    def make(tx: Tx) -> Actor:
        chaired = places.session(tx)
        places.session(tx, "other")
        places.session(tx, "secret", status="draft")
        organisations = [people.organisation(tx, name) for name in ("Zeta", "alpha")]
        grants = (
            Grant("chair", "session", chaired.session),
            *(Grant("focal_point", "organisation", each) for each in organisations),
        )
        return people.person(tx, grants=grants)

    return writer.act_now(make)


def test_one_is_offered_what_one_may_make_and_nothing_else(conn: Connection, writer: Writer, all_kinds: Actor) -> None:
    found = choices(conn, all_kinds, TODAY)

    assert {(each.scope, each.of.name if each.of else None) for each in found} == {
        ("mine", None),
        ("organisation", "alpha"),
        ("organisation", "Zeta"),
        ("session", "Session ahc-2"),
        ("session", "Session other"),
        ("chair", "Session ahc-2"),
    }
    for each in found:
        of = {each.scope: each.of.id} if each.of else {}
        wanted = NewFeed(each.scope, session=of.get("session") or of.get("chair"), organisation=of.get("organisation"))
        assert writer.act_now(partial(feeds.make, actor=all_kinds, wanted=wanted))[0].scope == each.scope


def test_a_session_that_is_over_is_not_offered(conn: Connection, all_kinds: Actor) -> None:
    assert [each.scope for each in choices(conn, all_kinds, "2022-06-11")] == ["mine", "organisation", "organisation"]


def test_organisations_stand_by_name(conn: Connection, all_kinds: Actor) -> None:
    assert [each.name for each in acts_for(conn, all_kinds)] == ["alpha", "Zeta"]
