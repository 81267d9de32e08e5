"""Loading the sessions of a programme file, with their agenda items, meetings, lists and accreditations.

A file says how things shall be in the end, while acts go one by one. So a session that moves first becomes wide enough
for its meetings of before and after, and a meeting whose room is still taken waits until the others have moved.
"""

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.accreditation import actions as accrediting
from scheduler.accreditation.tables import Accreditation
from scheduler.errors import Meaningless, OutsideSession, OverBudget, OverlappingMeeting, Refusal
from scheduler.lists import drawing_up
from scheduler.lists.particulars import NewList
from scheduler.lists.tables import SpeakersList
from scheduler.people.permission import Actor
from scheduler.programme import bodies, items, meetings, sessions
from scheduler.programme.records import find_body
from scheduler.programme.tables import Item, Meeting, Session
from scheduler.secretariat import agenda, expanding, moving
from scheduler.secretariat.account import Account, Lost, Part, top
from scheduler.secretariat.document import ItemPart, Place, SessionPart
from scheduler.secretariat.expanding import Planned, ordinal
from scheduler.secretariat.reading import STAND_IN
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared

_s, _i, _m, _l, _a = (table(model).c for model in (Session, Item, Meeting, SpeakersList, Accreditation))
_SESSION = Prepared(select(_s.id, _s.starts_on, _s.ends_on).where(_s.code == bindparam("code")))
_ITEMS = Prepared(select(_i.number, _i.id).where(_i.session_id == bindparam("session")))
_MEETINGS = Prepared(select(_m.number, _m.id).where(_m.session_id == bindparam("session")))
_LISTS = Prepared(select(_l.title, _l.id).where(_l.meeting_id == bindparam("meeting")))
_ACCREDITED = Prepared(select(_a.organisation_id, _a.id).where(_a.session_id == bindparam("session")))
_DATES = ("starts_on", "ends_on")


class SessionLoader:
    """Loads sessions into an account; `organisation` gives an organisation's id by its name and a field for faults."""

    def __init__(self, account: Account, actor: Actor, organisation: Callable[[str, str], str]) -> None:
        self.account = account
        self.tx = account.tx
        self.actor = actor
        self.organisation = organisation

    def session(self, session: SessionPart, at: Place) -> None:
        """Loads a session and all that is in it."""
        said = session.said("items", "days", "meetings", "accreditations")
        row = self.tx.conn.first(_SESSION, code=session.code)
        if row is None:
            self._inside(self._add(said, at), session, at)
            return
        narrow = self._change(row, said, at)
        self._inside(row[0], session, at)
        if narrow:
            try:
                sessions.change(self.tx, self.actor, row[0], narrow)
            except Refusal as refusal:
                self.account.refused(Part("session", at, new=False), refusal)

    def _add(self, said: Mapping[str, Any], at: Place) -> str | None:
        def do(left: dict[str, Any]) -> str:
            if left["body"] == STAND_IN:
                self._stand_in_body()
            elif ("bodies", left["body"]) in self.account.lost and find_body(self.tx.conn, left["body"]) is None:
                raise Lost("body")
            new = sessions.NewSession(**{"status": "published", **left})
            return sessions.add(self.tx, self.actor, new).id

        made = self.account.tried(Part("session", at, new=True), said, do)
        if made is None:
            self.account.lost.add(("sessions", said["code"]))
        return made

    def _change(self, row: tuple[str, str, str], said: Mapping[str, Any], at: Place) -> dict[str, Any]:
        """Changes a session; where its meetings have to move first, the dates that it gets after them."""
        session, starts_on, ends_on = row
        narrow: dict[str, Any] = {}

        def do(left: dict[str, Any]) -> object:
            try:
                return sessions.change(self.tx, self.actor, session, left)
            except OutsideSession:
                narrow.update({name: left[name] for name in _DATES if name in left})
                wide = {
                    "starts_on": min(starts_on, left.get("starts_on", starts_on)),
                    "ends_on": max(ends_on, left.get("ends_on", ends_on)),
                }
                return sessions.change(self.tx, self.actor, session, left | wide)

        self.account.tried(Part("session", at, new=False), said, do)
        return narrow

    def _stand_in_body(self) -> None:
        if find_body(self.tx.conn, STAND_IN) is None:
            bodies.add(self.tx, self.actor, bodies.NewBody(STAND_IN, STAND_IN))

    def _inside(self, session_id: str | None, session: SessionPart, at: Place) -> None:
        if session_id is None:
            return
        for number, pattern in enumerate(session.days):
            for fault in expanding.pattern_faults(pattern):
                self.account.fault((*at, "days", number), fault.field, fault.message)
        known = dict(self.tx.conn.all(_ITEMS, session=session_id))
        self._items(session_id, session, known, at)
        self._meetings(session_id, session, known, at)
        self._accreditations(session_id, session, at)

    def _items(self, session_id: str, session: SessionPart, known: dict[str, str], at: Place) -> None:
        waiting = deque(enumerate(session.items))
        turned_away = 0
        while waiting:
            number, item = waiting.popleft()
            # An item may stand below one that the file names only later.
            if item.parent is not None and item.parent not in known and turned_away <= len(waiting):
                waiting.append((number, item))
                turned_away += 1
                continue
            turned_away = 0
            self._item(session_id, item, known, (*at, "items", number))

    def _item(self, session_id: str, item: ItemPart, known: dict[str, str], at: Place) -> None:
        here = known.get(item.number)

        def do(left: dict[str, Any]) -> str:
            fields = dict(left)
            if fields.get("parent") is not None:
                fields["parent"] = self._item_id(known, fields["parent"], "parent")
            if here is None:
                return items.add(self.tx, self.actor, session_id, items.NewItem(**fields)).id
            return agenda.change_item(self.tx, self.actor, here, fields).id

        made = self.account.tried(Part("agenda item", at, here is None), item.said(), do)
        if made is None:
            self.account.lost.add(("items", item.number))
        else:
            known[item.number] = made

    def _item_id(self, known: Mapping[str, str], number: str, field: str) -> str:
        if number in known:
            return known[number]
        if ("items", number) in self.account.lost:
            raise Lost(top(field))
        raise Meaningless(f"The session has no agenda item {number}, neither here nor in the file.", field=field)

    def _meetings(self, session_id: str, session: SessionPart, of_items: dict[str, str], at: Place) -> None:
        known = dict(self.tx.conn.all(_MEETINGS, session=session_id))
        waiting = expanding.meetings(session, at)
        while waiting:
            left = [each for each in waiting if not self._meeting(session_id, each, known, of_items, wait=True)]
            if len(left) == len(waiting):
                self._make_way(left, known)
                left = [each for each in left if not self._meeting(session_id, each, known, of_items, wait=False)]
            # Meetings that all move later make way from the last to the first.
            waiting = left[::-1]

    def _make_way(self, stuck: list[Planned], known: Mapping[int, str]) -> None:
        """Meetings that change places leave their rooms first."""
        for each in stuck:
            if each.number in known:
                with suppress(Refusal):
                    moving.change_meeting(self.tx, self.actor, known[each.number], {"room": None})

    def _meeting(
        self, session_id: str, planned: Planned, known: dict[int, str], of_items: Mapping[str, str], *, wait: bool
    ) -> bool:
        """Loads a meeting with its lists; False where it waits for its room."""
        here = known.get(planned.number)
        kind = Part("meeting", planned.place, here is None, _about(planned))

        def do(left: dict[str, Any]) -> str:
            fields = dict(left)
            if fields.get("items"):
                numbers = enumerate(fields["items"])
                fields["items"] = [self._item_id(of_items, each, f"items[{number}]") for number, each in numbers]
            if here is None:
                new = {"title": f"{ordinal(planned.number)} meeting", **fields, "number": planned.number}
                return meetings.add(self.tx, self.actor, session_id, meetings.NewMeeting(**new)).id
            return moving.change_meeting(self.tx, self.actor, here, fields).id

        try:
            made = self.account.tried(kind, _said(planned), do, passed_on=(OverlappingMeeting,) if wait else ())
        except OverlappingMeeting:
            return False
        if made is not None:
            known[planned.number] = made
            self._lists(planned, made, of_items)
        return True

    def _lists(self, planned: Planned, meeting: str, of_items: Mapping[str, str]) -> None:
        known = dict(self.tx.conn.all(_LISTS, meeting=meeting)) if planned.part.lists else {}
        before = len(self.account.faults)
        for number, part in enumerate(planned.part.lists):
            here = known.get(part.title)
            of = Part("list", (*planned.place, "lists", number), here is None)
            # What a list with a fault would leave of the meeting, nobody knows.
            unknown = (OverBudget,) if len(self.account.faults) > before else ()
            with suppress(*unknown):
                self.account.tried(of, part.said(), self._list(meeting, here, of_items), passed_on=unknown)

    def _list(self, meeting: str, here: str | None, of_items: Mapping[str, str]) -> Callable[[dict[str, Any]], object]:
        def do(left: dict[str, Any]) -> object:
            fields = dict(left)
            if fields.get("item") is not None:
                fields["item"] = self._item_id(of_items, fields["item"], "item")
            if fields.get("closes_when"):
                item = self._item_id(of_items, fields["closes_when"]["item"], "closes_when.item")
                fields["closes_when"] = fields["closes_when"] | {"item": item}
            if here is None:
                return drawing_up.add(self.tx, self.actor, meeting, NewList(**{"allocation": "timed", **fields}))
            return drawing_up.change(self.tx, self.actor, here, fields)

        return do

    def _accreditations(self, session_id: str, session: SessionPart, at: Place) -> None:
        known = dict(self.tx.conn.all(_ACCREDITED, session=session_id)) if session.accreditations else {}
        for number, part in enumerate(session.accreditations):
            place = (*at, "accreditations", number)
            try:
                organisation = self.organisation(part.organisation, "organisation")
            except Lost:
                continue
            except Meaningless as refusal:
                self.account.refused(Part("accreditation", place, new=True), refusal)
                continue
            here = known.get(organisation)

            def do(left: dict[str, Any], here: str | None = here, organisation: str = organisation) -> object:
                if here is not None:
                    return accrediting.decide(self.tx, self.actor, here, left)
                status, note = left.get("status", "approved"), left.get("note")
                return accrediting.ask(self.tx, self.actor, session_id, organisation, status=status, note=note)

            self.account.tried(Part("accreditation", place, here is None), part.said("organisation"), do)


def _said(planned: Planned) -> dict[str, Any]:
    return planned.part.said("lists", "number")


def _about(planned: Planned) -> str:
    """What stands before the faults of a meeting that a pattern makes, whose place is the pattern's."""
    pattern = planned.place[-2] == "days"
    return f"{planned.part.date}, {planned.part.start}: " if pattern else ""
