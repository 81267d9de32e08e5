"""The contract's role table, broken down to every operation of /api/v1: what is tried, by whom, and what must come.

A row of the contract is a key of `TABLE`; a `Try` is one operation on something of hers or of others. Expected is what
follows from who may: 401 for the public, 403 for whoever knows of it and may not, 404 for whoever may not know of it.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.api.roles import world as w
from tests.api.roles.world import (
    ACCREDITED,
    CHAIR,
    CHAIR_OF_BODY,
    DRAFT,
    FOCAL,
    FOCAL_ELSEWHERE,
    HERE,
    OF_BODY,
    OF_SERVICE,
    OF_SESSION,
    PUBLIC,
    ROLES,
    Maker,
)

EVERYBODY = frozenset(ROLES)
SIGNED = EVERYBODY - {PUBLIC}
SERVICE = frozenset({OF_SERVICE})
SECRETARIAT_OF_BODY = frozenset({OF_BODY, OF_SERVICE})
SECRETARIAT = SECRETARIAT_OF_BODY | {OF_SESSION}
RUNNING = SECRETARIAT | {CHAIR, CHAIR_OF_BODY}
OWN_ORGANISATION = RUNNING | {FOCAL}
SPEAKERS = frozenset({ACCREDITED, FOCAL, FOCAL_ELSEWHERE})
NOBODY: frozenset[str] = frozenset()
BOTH, ONE = (HERE, DRAFT), (HERE,)


@dataclass(frozen=True, slots=True)
class Try:
    """An operation as it is tried.

    `what` says on whose; `may` are the roles that it works for, with `ok`; `refused` is for the signed-in others, `but`
    for those of them who meet another answer. `shows` is a member of the answer (or its items) for `shown_to` alone.
    """

    operation: str
    may: frozenset[str]
    make: Maker = w.a_list
    what: str = ""
    body: Any = None
    ok: int = 200
    refused: int = 403
    places: tuple[str, ...] = BOTH
    but: dict[str, int] = field(default_factory=dict)
    shows: str | None = None
    shown_to: frozenset[str] = NOBODY

    def expected(self, role: str, place: str) -> str:
        """The status that must come; `+` says that `shows` is in it."""
        if role in self.may and (place != DRAFT or role in RUNNING):
            return f"{self.ok}+" if self.shows and role in self.shown_to else str(self.ok)
        if role == PUBLIC and self.may != EVERYBODY and PUBLIC not in self.but:
            return "401"
        if place == DRAFT and role not in RUNNING:
            return "404"
        return str(self.but.get(role, self.refused))


def _reads(operation: str, make: Maker = w.a_list, **said: Any) -> Try:
    return Try(operation, EVERYBODY, make, **said)


def _runs(operation: str, may: frozenset[str] = RUNNING, **said: Any) -> Try:
    return Try(operation, may, **said)


_SCHEMALESS: dict[str, Any] = {"places": ONE, "make": w.a_session}

PUBLISHED = [
    _reads("GET /bodies", **_SCHEMALESS),
    _reads("GET /bodies/{body}", **_SCHEMALESS),
    _reads("GET /sessions", **_SCHEMALESS),
    _reads("GET /sessions/{code}"),
    _reads("GET /sessions/{code}/items"),
    _reads("GET /sessions/{code}/meetings"),
    _reads("GET /meetings/{meeting_id}"),
    _reads("GET /meetings/{meeting_id}/lists"),
    _reads("GET /meetings/{meeting_id}/floor"),
    _reads("GET /meetings/{meeting_id}/record", w.a_closed_meeting, what="closed"),
    _reads("GET /meetings/{meeting_id}/record.csv", w.a_closed_meeting, what="closed"),
    _reads("GET /sessions/{code}/report", w.a_closed_meeting),
    _reads("GET /sessions/{code}/report.csv", w.a_closed_meeting),
    _reads("GET /lists/{list_id}"),
    _reads("GET /lists/{list_id}/slots"),
    _reads("GET /lists/{list_id}/slots.csv"),
    _reads("GET /lists/{list_id}/slots.csv"),
    _reads("GET /lists/{list_id}/slots/stream"),
    _reads("GET /meetings/{meeting_id}/floor/stream"),
    _reads("GET /slots/{slot_id}"),
    _reads("GET /organisations", places=ONE),
    _reads("GET /organisations/{organisation_id}", w.an_organisation("others'"), places=ONE),
    _reads("GET /changes", **_SCHEMALESS),
    _reads("GET /programmes/schema", **_SCHEMALESS),
]


def _inscription(whose: str, who: frozenset[str], status: str) -> dict[str, Any]:
    """That of somebody, in full to `who`; while it is pending nobody else knows of it."""
    return {"what": f"{whose} ({status})", "make": w.an_inscription(whose, status), "shows": "topic", "shown_to": who}


IN_FULL = [
    *(
        _reads(operation, **_inscription(whose, who, "allotted"), places=places)
        for operation in ("GET /inscriptions/{inscription_id}", "GET /lists/{list_id}/inscriptions")
        for whose, who, places in (
            ("hers", SIGNED, ONE),
            ("own", OWN_ORGANISATION, ONE),
            ("others'", RUNNING, BOTH),
        )
    ),
    *(
        Try(
            "GET /inscriptions/{inscription_id}",
            who,
            **_inscription(whose, who, "pending"),
            refused=404,
            places=ONE,
            but={PUBLIC: 404},
        )
        for whose, who in (("hers", SIGNED), ("own", OWN_ORGANISATION), ("others'", RUNNING))
    ),
    *(
        _reads("GET /lists/{list_id}/inscriptions", **_inscription(whose, who, "pending"), places=ONE)
        for whose, who in (("hers", SIGNED), ("own", OWN_ORGANISATION), ("others'", RUNNING))
    ),
    *(
        Try("GET /organisations/{organisation_id}/inscriptions", may, w.an_organisation(whose), whose, places=ONE)
        for whose, may in (("own", SERVICE | {FOCAL}), ("others'", SERVICE))
    ),
    Try("GET /me/inscriptions", SIGNED, w.an_inscription("hers"), places=ONE, shows="topic", shown_to=SIGNED),
]

LINKS = [
    _reads(operation, make, what=what, shows="join_url", shown_to=who, places=places)
    for operation in ("GET /meetings/{meeting_id}", "GET /sessions/{code}/meetings")
    for what, make, who, places in (
        ("links_for accredited", w.a_list, RUNNING | SPEAKERS, BOTH),
        ("links_for speakers, given a slot", w.for_speakers, SIGNED, ONE),
        ("links_for speakers, given none", w.not_for_her, RUNNING, BOTH),
    )
]

_BOOKING = {"mode": "in_person"}
_FOR = _BOOKING | {"person": "{person_id}"}

SPEAK = [
    *(
        Try(operation, may, w.a_speaker(whose, where), whose, body, ok=201)
        for operation, where in (
            ("POST /slots/{slot_id}/booking", w.a_list),
            ("POST /lists/{list_id}/inscriptions", w.a_queue),
        )
        for whose, may, body in (
            ("hers", SPEAKERS, _BOOKING),
            ("own", OWN_ORGANISATION, _FOR),
            ("others'", RUNNING, _FOR),
            ("unaccredited", NOBODY, _FOR),
        )
    ),
    *(
        Try(operation, may, w.an_inscription(whose), whose, body, ok=ok, places=places)
        for operation, body, ok in (
            ("PATCH /inscriptions/{inscription_id}", {"delivered_by": "Another"}, 200),
            ("DELETE /inscriptions/{inscription_id}", None, 204),
            ("DELETE /slots/{slot_id}/booking", None, 204),
        )
        for whose, may, places in (
            ("hers", SIGNED, ONE),
            ("own", OWN_ORGANISATION, ONE),
            ("others'", RUNNING, BOTH),
        )
    ),
]

_PROPOSAL, _ANSWER = {"with": "{other_inscription_id}"}, {"accept": True}
SPEAK += [
    Try(operation, may, make, f"{what} {whose}", body, ok=ok, places=places)
    for whose, may, places in (("hers", SIGNED, ONE), ("own", OWN_ORGANISATION, ONE), ("others'", RUNNING, BOTH))
    for operation, make, what, body, ok in (
        ("POST /inscriptions/{inscription_id}/swap", w.two_turns(whose), "proposed for", _PROPOSAL, 200),
        ("POST /inscriptions/{inscription_id}/swap", w.two_turns_asked(whose), "answered for", _ANSWER, 200),
        ("DELETE /inscriptions/{inscription_id}/swap", w.two_turns(whose, proposed=True), "proposed for", None, 204),
    )
]

_WAITS = {"hers": SIGNED, "own": OWN_ORGANISATION, "others'": RUNNING}
SPEAK += [
    *(
        Try("POST /lists/{list_id}/waiting", may, w.a_speaker(whose, w.a_full_list), whose, body, ok=201)
        for whose, may, body in (
            ("hers", SPEAKERS, _BOOKING),
            ("own", OWN_ORGANISATION, _FOR),
            ("others'", RUNNING, _FOR),
            ("unaccredited", NOBODY, _FOR),
        )
    ),
    *(
        Try("DELETE /waiting/{entry_id}", may, w.someone_waiting(whose), whose, ok=204, refused=404, places=ONE)
        for whose, may in _WAITS.items()
    ),
    *(
        Try(
            "GET /lists/{list_id}/waiting", SIGNED, w.someone_waiting(whose), whose, places=ONE, shows="mode",
            shown_to=may,
        )
        for whose, may in _WAITS.items()
    ),
    Try("GET /me/waiting", SIGNED, w.someone_waiting("hers"), places=ONE, shows="mode", shown_to=SIGNED),
]  # fmt: skip

SPEAK += [
    Try(
        "POST /inscriptions/{inscription_id}/ready",
        may,
        w.an_inscription(whose, mode="remote"),
        whose,
        {"ready": True},
        places=places,
    )
    for whose, may, places in (("hers", SIGNED, ONE), ("own", OWN_ORGANISATION, ONE), ("others'", RUNNING, BOTH))
]

_APPLY = {"organisation": "{organisation_id}"}
ASK = [
    Try("GET /sessions/{code}/accreditations", SIGNED, w.a_session),
    Try("POST /sessions/{code}/accreditations", SECRETARIAT | {FOCAL}, w.applying, "own", _APPLY, ok=201),
]

RUN = [
    _runs("POST /lists/{list_id}/open", make=w.a_list_to_come),
    _runs("POST /lists/{list_id}/close"),
    _runs("POST /lists/{list_id}/reopen", make=w.a_closed_list),
    _runs("POST /lists/{list_id}/slots", body={"kind": "break", "seconds": 60}, ok=201),
    _runs("POST /lists/{list_id}/allocation", make=w.a_queue, body={"policy": "draw"}),
    _runs("POST /lists/{list_id}/allocation", make=w.a_queue, what="looked at", body={"dry_run": True}),
    _runs("POST /lists/{list_id}/draw", make=w.a_queue, body={"commitment": "0" * 64}),
    _runs("PATCH /slots/{slot_id}", body={"reserved_for": {"mode": "remote"}}),
    _runs("DELETE /slots/{slot_id}", ok=204),
    _runs("POST /slots/{slot_id}/move", body={"after": "{other_slot_id}"}),
]

FLOOR = [
    _runs("POST /meetings/{meeting_id}/floor", body={"command": "announce", "text": "We begin soon."}),
    *(
        _runs(f"GET /meetings/{{meeting_id}}/{file}", what="not closed", but={PUBLIC: 401})
        for file in ("record", "record.csv")
    ),
]

_NEW_SESSION = {
    "code": "{new_code}", "body": "{body}", "title": "Another", "timezone": "Europe/Vienna",
    "starts_on": "2023-05-30", "ends_on": "2023-06-10",
}  # fmt: skip
_NEW_LIST = {
    "title": "Item 6",
    "allocation": "timed",
    "slot_seconds": 600,
    "window": {"start": "10:00", "end": "10:10"},
}
_NEW_MEETING = {"title": "Another", "date": "2022-06-07", "start": "10:00", "end": "13:00"}
_KNOWN_TO = dict.fromkeys(EVERYBODY - RUNNING - {ACCREDITED, FOCAL, PUBLIC}, 404)

PROGRAMME = [
    _runs("POST /sessions", SECRETARIAT_OF_BODY, body=_NEW_SESSION, ok=201, **_SCHEMALESS),
    _runs("PATCH /sessions/{code}", SECRETARIAT, body={"city": "Vienna"}),
    _runs("POST /sessions/{code}/move", SECRETARIAT, body={"starts_on": "2022-06-06", "dry_run": True}),
    _runs("POST /sessions/{code}/items", SECRETARIAT, body={"number": "{number}", "title": "Any other"}, ok=201),
    _runs("PATCH /items/{item_id}", SECRETARIAT, body={"title": "Renamed"}),
    _runs("POST /sessions/{code}/meetings", SECRETARIAT, body=_NEW_MEETING, ok=201),
    _runs("PATCH /meetings/{meeting_id}", SECRETARIAT, body={"title": "Renamed"}),
    _runs("POST /meetings/{meeting_id}/lists", SECRETARIAT, body=_NEW_LIST, ok=201),
    _runs("PATCH /lists/{list_id}", SECRETARIAT, body={"title": "Renamed"}),
    _runs(
        "PATCH /accreditations/{accreditation_id}",
        SECRETARIAT,
        make=w.an_accreditation,
        what="own",
        body={"note": "Seen"},
        but=_KNOWN_TO,
    ),
    _runs(
        "POST /sessions/{code}/accreditations/decisions",
        SECRETARIAT,
        make=w.an_accreditation,
        body={"accreditations": ["{accreditation_id}"], "status": "objected"},
    ),
    _runs(
        "POST /sessions/{code}/accreditations",
        SECRETARIAT,
        make=w.applying,
        what="decided at once",
        body=_APPLY | {"status": "approved"},
        ok=201,
    ),
]

_NEW_PERSON = {"email": "{email}", "name": "{name}"}
_HOOK = {"url": "https://hooks.example.org/rostrum"}
_PEOPLE: dict[str, Any] = {"make": w.somebody, "places": ONE}
WHOLE_SERVICE = [
    _runs("POST /bodies", SERVICE, body={"code": "{new_code}", "name": "Another"}, ok=201, **_SCHEMALESS),
    _runs("PATCH /bodies/{body}", SECRETARIAT_OF_BODY, body={"name": "Renamed"}, **_SCHEMALESS),
    _runs("GET /people", SERVICE, **_PEOPLE),
    _runs("POST /people", SERVICE, body=_NEW_PERSON, ok=201, **_PEOPLE),
    _runs("POST /people/import", SERVICE, body="email,name\n{email},{name}\n", **_PEOPLE),
    _runs("GET /people/{person_id}", SERVICE, **_PEOPLE),
    _runs("PATCH /people/{person_id}", SERVICE, body={"roles": []}, **_PEOPLE),
    _runs("DELETE /people/{person_id}", SERVICE, ok=204, **_PEOPLE),
    _runs("POST /organisations", SERVICE, body={"name": "{name}", "category": "ngo"}, ok=201, **_PEOPLE),
    _runs(
        "PATCH /organisations/{organisation_id}",
        SERVICE,
        make=w.an_organisation("own"),
        what="own",
        body={"country": "FR"},
        places=ONE,
    ),
    _runs("POST /programmes", SERVICE, body={"organisations": []}, places=ONE),
    _runs("GET /webhooks", SERVICE, places=ONE),
    _runs("POST /webhooks", SERVICE, body=_HOOK, ok=201, places=ONE),
    _runs("DELETE /webhooks/{webhook_id}", SERVICE, make=w.a_webhook, ok=204, places=ONE),
    _runs("GET /outbox", SERVICE, make=w.a_letter, places=ONE),
    _runs("POST /outbox/{due_id}/retry", SERVICE, make=w.a_letter, places=ONE),
]

_OF_ORGANISATION = _APPLY | {"scope": "organisation"}
_SESSION_FEED, _CHAIRS_FEED = ({"scope": scope, "session": "{code}"} for scope in ("session", "chair"))
HERSELF = [
    *(Try(f"GET /me{part}", SIGNED, places=ONE) for part in ("", "/export", "/sign-ins", "/feeds", "/reminders")),
    Try("PATCH /me", SIGNED, body={"quiet_hours": {"start": "22:00", "end": "07:00"}}, places=ONE),
    Try("POST /me/feeds", SIGNED, what="mine", body={"scope": "mine"}, ok=201, **_SCHEMALESS),
    Try("POST /me/feeds", SIGNED, w.a_session, "a session", _SESSION_FEED, ok=201),
    Try("POST /me/feeds", RUNNING, w.a_session, "chair's view", _CHAIRS_FEED, ok=201),
    *(
        Try("POST /me/feeds", may, w.an_organisation(whose), whose, _OF_ORGANISATION, 201, places=ONE)
        for whose, may in (("own", SERVICE | {FOCAL}), ("others'", SERVICE))
    ),
    *(
        Try(operation, may, make(whose), whose, ok=204, refused=404, places=ONE)
        for operation, make in (
            ("DELETE /me/feeds/{feed_id}", w.a_feed),
            ("DELETE /me/sign-ins/{sign_in_id}", w.a_sign_in),
        )
        for whose, may in (("hers", SIGNED), ("others'", NOBODY))
    ),
]

TABLE: dict[str, list[Try]] = {
    "read what is published": PUBLISHED,
    "read an inscription in full": IN_FULL,
    "read join links": LINKS,
    "inscribe, book, withdraw": SPEAK,
    "ask for accreditation": ASK,
    "open and close lists, reserve": RUN,
    "run the floor, read its record before the close": FLOOR,
    "create and change the programme; decide accreditation": PROGRAMME,
    "create and change bodies, people, organisations; import; read people, webhooks": WHOLE_SERVICE,
    "act for herself": HERSELF,
}
