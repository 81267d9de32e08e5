"""What an allocation goes by, as it stands: the list, its slots, who asks to speak and who may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select

from scheduler.accreditation.rules import may_speak
from scheduler.accreditation.tables import Accreditation
from scheduler.allocation.fairness import MODE_NOT_OFFERED, NOT_ACCREDITED
from scheduler.allocation.policies import Entry
from scheduler.allocation.proposals import Fixed, Terms
from scheduler.allocation.rules import Limits
from scheduler.lists import arranging
from scheduler.lists.place import Place, Row, Rows
from scheduler.lists.queries import STANDS, budget_of, inscription
from scheduler.lists.remote_minutes import remote_unbooked
from scheduler.lists.rules import CALLED, LIVE, modes_offered, steps_of
from scheduler.lists.slot_queries import organisation, person
from scheduler.lists.slots import Turn, queued
from scheduler.programme.rules import RUNNING
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection

_by, _own = table(Accreditation).alias(), table(Accreditation).alias()
_INSCRIBED = Rows(
    select(
        *inscription.c,
        person.c.name.label("speaker_name"),
        person.c.organisation_id.label("own_organisation"),
        organisation.c.name.label("organisation_name"),
        _by.c.status.label("accredited_by"),
        _own.c.status.label("accredited_own"),
    )
    .select_from(
        inscription.join(person, person.c.id == inscription.c.person_id)
        .outerjoin(organisation, organisation.c.id == inscription.c.organisation_id)
        .outerjoin(
            _by,
            and_(_by.c.organisation_id == inscription.c.organisation_id, _by.c.session_id == inscription.c.session_id),
        )
        .outerjoin(
            _own,
            and_(_own.c.organisation_id == person.c.organisation_id, _own.c.session_id == inscription.c.session_id),
        )
    )
    .where(inscription.c.list_id == bindparam("list"), STANDS)
)
NO_CATEGORY = "none"


@dataclass(frozen=True, slots=True)
class Standing:
    """A list as an allocation finds it.

    `slots` are its rows in order, `inscribed` by id those who are not withdrawn, `held` the slots by inscription.
    `room` are the seconds that the window has for turns to be allotted, `left` those that the clock leaves of them in a
    meeting that runs, `remote` those for remote turns, None: no cap.
    """

    row: Row
    place: Place
    slots: tuple[Row, ...]
    inscribed: dict[str, Row]
    held: dict[str, Row]
    room: int
    left: int
    remote: int | None

    def entries(self) -> list[Entry]:
        """Who is to be given a turn: all who wait for one, and all who have one and were not called."""
        offered = modes_offered(self.row["modes"], self.place.format)
        by_hand = {slot["inscription_id"]: at for at, slot in enumerate(self.slots, 1) if slot["placed_at"] is not None}
        fixed = {slot["inscription_id"] for slot in self.slots if is_fixed(slot)}
        return [
            _entry(row, by_hand.get(id_), offered)
            for id_, row in self.inscribed.items()
            if row["status"] in LIVE and id_ not in fixed
        ]

    def terms(self, policy: str, budget: int | None, seed: str) -> Terms:
        """What the allocation goes by."""
        row, options = self.row, self.row["policy_options"]
        steps = (Limits(step["seconds_default"], step["seconds_by_category"]) for step in steps_of(options))
        called = sum(slot["status"] in CALLED and slot["kind"] == "statement" for slot in self.slots)
        return Terms(
            policy=policy,
            levels=(Limits(row["seconds_default"], row["seconds_by_category"]), *steps),
            room=self.room,
            gap=row["gap_seconds"],
            budget=self.left if budget is None else budget,
            remote=self.remote,
            places=None if row["capacity"] is None else max(0, row["capacity"] - called),
            order=tuple(map(tuple, options.get("order", ()))),
            seed=seed,
        )

    def positions(self) -> list[Fixed]:
        """Where what is fixed stands, counted through."""
        return [Fixed(row["id"], at) for at, row in enumerate(self.slots, 1) if is_fixed(row)]


def is_fixed(slot: Row) -> bool:
    """Whether a slot's row is of a turn that was called, a panel or a break."""
    return slot["kind"] != "statement" or slot["status"] in CALLED


def standing(conn: Connection, row: Row, place: Place, now: datetime) -> Standing:
    """A queue list's row and place with all that its allocation goes by."""
    slots = tuple(arranging.rows_of(conn, row["id"]))
    inscribed = {each["id"]: each for each in _INSCRIBED.all(conn, list=row["id"])}
    unbooked = remote_unbooked(conn, place.meeting)
    room, left = _room(row, place, slots, budget_of(conn, row["id"]), now)
    own = sum(slot["seconds"] for slot in slots if slot["mode"] == "remote" and not is_fixed(slot))
    return Standing(
        row=row,
        place=place,
        slots=slots,
        inscribed=inscribed,
        held={slot["inscription_id"]: slot for slot in slots if slot["inscription_id"] is not None},
        room=room,
        left=left,
        remote=None if unbooked is None else max(0, unbooked + own),
    )


def _room(row: Row, place: Place, slots: Iterable[Row], whole: int, now: datetime) -> tuple[int, int]:
    """The seconds for turns: what is fixed takes some of the `whole`; and those that the clock leaves of them."""
    gap, first = row["gap_seconds"], row["window_start"]
    fixed = [arranging.turn_of(slot) for slot in slots if is_fixed(slot)]
    behind = queued([*fixed, Turn("", 0, 0, spare=False)], first, gap)[-1].starts_after
    room: int = first + whole - behind
    if place.meeting_status not in RUNNING:
        return room, room
    planned: int = sum(turn.seconds + gap for turn in fixed if not turn.called)
    return room, max(0, min(room, first + whole - place.sitting.since(now) - planned))


def _entry(row: Row, placed: int | None, offered: Iterable[str]) -> Entry:
    accredited = [row["accredited_by"], *([row["accredited_own"]] if row["own_organisation"] else [])]
    barred = None
    if not all(map(may_speak, accredited)):
        barred = NOT_ACCREDITED
    elif row["mode"] not in offered:
        barred = MODE_NOT_OFFERED
    return Entry(
        id=row["id"],
        category=row["category"] or NO_CATEGORY,
        mode=row["mode"],
        since=row["created_at"],
        asked=row["seconds_requested"],
        for_group=row["on_behalf_of"] is not None,
        placed=placed,
        barred=barred,
    )
