"""A scene to speak in, someone in it, and short ways to make feeds and webhooks."""

from collections.abc import Callable

import pytest

from scheduler.people.permission import Actor, Grant
from scheduler.storage.writer import Writer
from scheduler.subscriptions import feeds
from scheduler.subscriptions.feeds import NewFeed
from scheduler.subscriptions.views import FeedView
from tests.makers import people, speaking
from tests.makers.speaking import Scene

MakeFeed = Callable[[Actor, NewFeed], tuple[FeedView, str]]


@pytest.fixture
def scene(writer: Writer) -> Scene:
    """An open timed list of 20 slots."""
    return writer.act_now(speaking.scene)


@pytest.fixture
def ada(writer: Writer, scene: Scene) -> Actor:
    """Somebody who may book in it."""
    return writer.act_now(lambda tx: speaking.speaker(tx, scene))


@pytest.fixture
def chair(writer: Writer, scene: Scene) -> Actor:
    """The session's chair, of no organisation."""
    return writer.act_now(lambda tx: people.person(tx, "Cha Ir", grants=(Grant("chair", "session", scene.session),)))


@pytest.fixture
def secretariat(writer: Writer) -> Actor:
    """The whole service's secretariat."""
    return writer.act_now(lambda tx: people.person(tx, "Sec Retariat", grants=(Grant("secretariat"),)))


@pytest.fixture
def make_feed(writer: Writer) -> MakeFeed:
    """Makes a feed: `make_feed(actor, NewFeed(...))`."""
    return lambda actor, wanted: writer.act_now(lambda tx: feeds.make(tx, actor, wanted))
