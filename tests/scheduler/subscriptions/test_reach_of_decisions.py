from scheduler.people.permission import Actor, Grant
from scheduler.secretariat.affected import Reach
from scheduler.secretariat.deciding import Concerned
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from scheduler.subscriptions import webhooks
from scheduler.subscriptions.feeds import NewFeed
from scheduler.subscriptions.reach import count_reach_of_decision
from scheduler.subscriptions.webhooks import NewWebhook
from tests.makers import places, speaking
from tests.makers.speaking import Scene
from tests.scheduler.subscriptions.conftest import MakeFeed


def _concerned(scene: Scene, *people: Actor) -> Concerned:
    return Concerned(
        scene.session, frozenset({str(people[0].organisation)}), frozenset(str(person.id) for person in people)
    )


def test_feeds_that_show_more_or_less_are_counted_and_no_others(
    writer: Writer, scene: Scene, ada: Actor, chair: Actor, make_feed: MakeFeed
) -> None:
    writer.act_now(lambda tx: places.session(tx, "ahc-3"))
    organisation = str(ada.organisation)
    focal_point = writer.act_now(
        lambda tx: speaking.colleague(tx, ada, grants=(Grant("focal_point", "organisation", organisation),))
    )
    make_feed(ada, NewFeed("session", session="ahc-2"))
    make_feed(ada, NewFeed("mine", include=("deadlines",)))
    make_feed(focal_point, NewFeed("organisation", include=("deadlines",)))
    make_feed(ada, NewFeed("mine"))
    make_feed(ada, NewFeed("session", session="ahc-3"))
    make_feed(chair, NewFeed("session", session="ahc-2"))
    make_feed(chair, NewFeed("chair", session="ahc-2"))
    make_feed(focal_point, NewFeed("organisation"))

    concerned = _concerned(scene, ada, focal_point)
    assert writer.act_now(lambda tx: count_reach_of_decision(tx.conn, concerned)) == Reach(3, 0)


def test_webhooks_that_hear_of_decisions_are_counted(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, secretariat: Actor
) -> None:
    writer.act_now(lambda tx: places.session(tx, "ahc-3"))
    for kinds, session in (
        ((), None),
        (("accreditation",), "ahc-2"),
        (("accreditation.asked",), None),
        ((), "ahc-3"),
    ):
        wanted = NewWebhook("https://hooks.example/in", kinds, session)
        writer.act_now(lambda tx, wanted=wanted: webhooks.make(tx, secretariat, wanted))  # type: ignore[misc]  # -- a lambda's default

    assert count_reach_of_decision(conn, _concerned(scene, ada)) == Reach(0, 2)
