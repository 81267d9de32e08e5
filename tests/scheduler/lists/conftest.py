"""A scene to speak in, and short ways to act in it."""

from collections.abc import Callable
from typing import Any

import pytest

from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import Actor
from scheduler.storage.writer import Writer
from tests.makers import speaking
from tests.makers.speaking import Scene

Book = Callable[..., InscriptionView]


@pytest.fixture
def scene(writer: Writer) -> Scene:
    """An open timed list of 20 slots."""
    return writer.act_now(speaking.scene)


@pytest.fixture
def ada(writer: Writer, scene: Scene) -> Actor:
    """Somebody who may book in it."""
    return writer.act_now(lambda tx: speaking.speaker(tx, scene))


@pytest.fixture
def book(writer: Writer) -> Book:
    """Books: `book(actor, slot, mode, ...)`."""

    def act(actor: Actor, slot: str, mode: str = "in_person", **more: Any) -> InscriptionView:
        return writer.act_now(lambda tx: booking.book(tx, actor, slot, Booking(mode, **more)))

    return act


def speakers(writer: Writer, scene: Scene, count: int) -> list[Actor]:
    """So many people who may book in the scene, each of an organisation of her own."""
    return writer.act_now(lambda tx: [speaking.speaker(tx, scene, f"Speaker {number}") for number in range(count)])
