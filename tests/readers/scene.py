"""What calendars are walked through: a session beside the demonstration, and what may become of it, over the API."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.service import Fuzzed

NOW = "2026-03-02T08:00:00Z"
"""When the service of `tests.fuzz` begins: an hour before the first meeting, once the session has moved."""

HERS, HIS, THIRD = "Digital Commons Foundation", "Women and Law Network", "Pacific Internet Society"
"""The organisations of the demonstration's participant, of its focal point and of a third speaker."""

PROGRAMME: dict[str, Any] = {
    "bodies": [{"code": "walked", "name": "A body that is walked through"}],
    "sessions": [
        {
            "code": "walk",
            "body": "walked",
            "title": "A session that is walked through",
            "timezone": "Europe/Vienna",
            "starts_on": "2026-03-01",
            "ends_on": "2026-03-20",
            "kind": "briefing",
            "city": "Vienna",
            "venue": "A house",
            "deadlines": [{"title": "Papers", "at": {"date": "2026-02-27", "time": "18:00", "timezone": "Asia/Tokyo"}}],
            "items": [{"number": "1", "title": "Statements"}, {"number": "2", "title": "Replies"}],
            "accreditations": [{"organisation": name} for name in (HERS, HIS, THIRD)],
            "meetings": [
                {
                    "date": "2026-03-01",
                    "start": "10:00",
                    "end": "12:00",
                    "room": "One",
                    "items": ["1"],
                    "lists": [{"title": "In a queue", "allocation": "queue", "item": "1", "opens_at": NOW}],
                },
                {"date": "2026-03-02", "start": "10:00", "end": "12:00", "room": "One", "items": ["1"]},
                {
                    "date": "2026-03-05",
                    "start": "15:00",
                    "end": "18:00",
                    "room": "Two",
                    "items": ["2"],
                    "join_url": "https://meet.example.org/walk?room=two&key=1",
                    "lists": [{"title": "By the clock", "item": "2", "slot_seconds": 300, "opens_at": NOW}],
                },
            ],
        }
    ],
}

INJECTION = "End\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nX-EVIL:1"
HOSTILE = (
    'a\\nb \\; c\\, "d" ^n^\' e: f; g, h\n\ti\\',
    INJECTION,
    "\u202eright to left\u202c \u2067never closed \u200fthe end",
    "family \U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e6\U0001f1f9 e\u0301" * 9,
    "Ж" * 500,
)
"""Titles as nobody should write them; all of them may be."""


@dataclass
class Scene:
    """The session, by its parts' ids."""

    service: Fuzzed
    meetings: list[dict[str, Any]] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    queue: str = ""
    timed: str = ""
    inscriptions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def made(cls, service: Fuzzed) -> "Scene":
        """Loads the session."""
        scene = cls(service)
        scene.do("POST", "/programmes", PROGRAMME)
        scene.meetings = scene.all("/sessions/walk/meetings")
        for person in scene.all("/people"):
            if (organisation := person["organisation"]) is not None:
                scene.people[organisation["name"]] = person["id"]
                scene.organisations[organisation["name"]] = organisation["id"]
        scene.queue, scene.timed = (scene.all(f"/meetings/{scene.meetings[at]['id']}/lists")[0]["id"] for at in (0, 2))
        return scene

    def do(self, method: str, path: str, body: Any = None, role: str = "secretariat") -> Any:
        """What the API answers. Raises ValueError where it refuses."""
        with self.service.client(role) as client:
            answer = client.request(method, f"/api/v1{path}", json=body)
        if answer.is_error:
            raise ValueError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def all(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.do("GET", f"{path}?limit=200")["items"]
        return found

    def change(self, at: int, **fields: Any) -> None:
        self.do("PATCH", f"/meetings/{self.meetings[at]['id']}", fields)

    def book(self, *names: str) -> None:
        """Each books every other free slot, in this order."""
        free = [slot["id"] for slot in self.all(f"/lists/{self.timed}/slots") if slot["status"] == "free"]
        for name, slot in zip(names, free[::2], strict=False):
            said = {"mode": "remote", "person": self.people[name], "topic": "Access; and, capacity"}
            self.inscriptions[name] = self.do("POST", f"/slots/{slot}/booking", said)["id"]

    def swap(self) -> None:
        hers, his = self.inscriptions[HERS], self.inscriptions[HIS]
        self.do("POST", f"/inscriptions/{hers}/swap", {"with": his}, "participant")
        self.do("POST", f"/inscriptions/{his}/swap", {"accept": True}, "focal point")

    def allocate(self) -> None:
        """All three ask to speak in the queue and are allotted turns, in this order."""
        for name in (HERS, HIS, THIRD):
            said = {"mode": "in_person", "person": self.people[name]}
            self.do("POST", f"/lists/{self.queue}/inscriptions", said)
        self.do("POST", f"/lists/{self.queue}/allocation", {"policy": "first_come"})

    def reorder(self) -> None:
        """The chair puts the first turn last."""
        slots = self.all(f"/lists/{self.queue}/slots")
        self.do("POST", f"/slots/{slots[0]['id']}/move", {"after": slots[-1]["id"]})

    def carry(self) -> None:
        """One speaks and the meeting is closed: the turns that are left go to the next meeting on the item."""
        floor = f"/meetings/{self.meetings[0]['id']}/floor"
        for command in ("open", "call", "start", "finish", "close"):
            self.do("POST", floor, {"command": command})

    def be_hostile(self) -> None:
        """Gives everything that calendars show a title that means harm."""
        for at, title in enumerate(HOSTILE[:3]):
            self.change(at, title=title, room=HOSTILE[-1 - at])
        self.do("PATCH", "/sessions/walk", {"title": HOSTILE[3], "venue": INJECTION, "city": HOSTILE[0]})
        self.do("PATCH", f"/lists/{self.timed}", {"title": HOSTILE[0]})
        self.do("PATCH", f"/inscriptions/{self.inscriptions[HERS]}", {"topic": HOSTILE[1], "delivered_by": HOSTILE[2]})
        self.do("PATCH", f"/people/{self.people[HERS]}", {"name": HOSTILE[2]})
        self.do("PATCH", f"/organisations/{self.organisations[HERS]}", {"name": HOSTILE[3]})

    def add(self, **fields: Any) -> None:
        self.do("POST", "/sessions/walk/meetings", {"title": "Added", **fields})


CHANGES: dict[str, Callable[[Scene], None]] = {
    "at the start": lambda _: None,
    "three slots booked": lambda scene: scene.book(HERS, HIS, THIRD),
    "the session moved by a day": lambda scene: scene.do("POST", "/sessions/walk/move", {"starts_on": "2026-03-02"}),
    "a meeting moved by a day": lambda scene: scene.change(2, date="2026-03-07"),
    "a meeting cancelled": lambda scene: scene.change(2, status="cancelled"),
    "the meeting brought back": lambda scene: scene.change(2, status="scheduled"),
    "two slots swapped": Scene.swap,
    "a booking withdrawn": lambda scene: scene.do("DELETE", f"/inscriptions/{scene.inscriptions[HERS]}"),
    "she books again": lambda scene: scene.book(HERS),
    "a queue allotted": Scene.allocate,
    "a turn moved by the chair": Scene.reorder,
    "turns carried on": Scene.carry,
    "hostile titles": Scene.be_hostile,
    "a meeting over midnight": lambda scene: scene.add(date="2026-03-09", start="22:00", end="01:00"),
    "a zone without yearly rule": lambda scene: scene.add(
        date="2026-03-10", start="10:00", end="11:00", timezone="Africa/Casablanca"
    ),
    "the session cancelled": lambda scene: scene.do("PATCH", "/sessions/walk", {"status": "cancelled"}),
}
"""By name, in the order in which they happen to one session."""
