"""A list with everything that paper has to show."""

from scheduler.lists import booking, turns
from scheduler.lists.booking import Booking
from scheduler.lists.turns import Interlude
from scheduler.people.permission import OPERATOR
from scheduler.storage.writer import Tx
from tests.makers import speaking
from tests.makers.speaking import Scene

FORMULA = '=HYPERLINK("http://evil.example")'


def listed(tx: Tx) -> Scene:
    """Six slots of 30 minutes: one held by somebody named like a formula, one remotely; one reserved; a break."""
    scene = speaking.scene(tx, slot_seconds=1740, window=None)
    ada, ben = speaking.speaker(tx, scene, FORMULA), speaking.speaker(tx, scene, "<b>Ben</b>", category="ngo")
    booking.book(tx, ada, scene.slots[0], Booking("in_person", "es", topic="A secret topic"))
    booking.book(tx, ben, scene.slots[1], Booking("remote"))
    turns.change(tx, OPERATOR, scene.slots[2], {"reserved_for": {"category": "igo", "mode": "remote"}})
    turns.put(tx, OPERATOR, scene.list, Interlude("break", 360, "Coffee", scene.slots[1]))
    return scene
