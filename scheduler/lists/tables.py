"""Rows of speaking. What can be derived from the meeting is not stored: a slot keeps its offset from the start."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant, Json

LIVE = text("status NOT IN ('withdrawn')")
STILL_WAITING = text("status IN ('waiting', 'offered')")
OFFERED = text("status = 'offered'")


class SpeakersList(SQLModel, table=True):
    """`window_start` and `window_end` are seconds from the meeting's start.

    `window_follows`: a queue whose window nobody wrote; it begins where the turns of the lists before it end.
    `shown_at` is when its title last changed; `opens_sequence`, `opens_shown_at` and those of `closes` are what
    calendars show of the two deadlines, as in `programme.tables`.
    `hand_status` is the last act by hand (`open` or `closed`) and `hand_at` its moment: it holds until the next
    `opens_at` or `closes_at` after it. `due_at` is the next of these two that the journal does not tell of yet.
    `draw_commitment` is the SHA-256 of the seed of a draw, published before it; `draw_seed` the seed once it is drawn.
    """

    __tablename__ = "speakers_list"
    __table_args__ = (Index("ix_speakers_list__meeting_id", "meeting_id", "position"),)

    id: str = Field(primary_key=True)
    meeting_id: str = Field(foreign_key="meeting.id")
    item_id: str | None = Field(default=None, index=True)
    position: int
    title: str
    allocation: str
    opens_at: datetime | None = Field(default=None, sa_type=Instant)
    opens_as: dict[str, Any] | None = Field(default=None, sa_type=Json)
    closes_at: datetime | None = Field(default=None, sa_type=Instant)
    closes_as: dict[str, Any] | None = Field(default=None, sa_type=Json)
    closes_item_id: str | None = None
    closes_state: str | None = None
    hand_status: str | None = None
    hand_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    modes: list[str] = Field(sa_type=Json)
    policy: str
    policy_options: dict[str, Any] = Field(sa_type=Json)
    seconds_default: int
    seconds_by_category: dict[str, int] = Field(sa_type=Json)
    window_start: int
    window_end: int
    window_follows: bool
    slot_seconds: int | None = None
    gap_seconds: int
    capacity: int | None = None
    one_per_organisation: bool
    draw_commitment: str | None = None
    draw_seed: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    shown_at: datetime = Field(sa_type=Instant)
    opens_sequence: int
    opens_shown_at: datetime = Field(sa_type=Instant)
    closes_sequence: int
    closes_shown_at: datetime = Field(sa_type=Instant)
    version: int


class Slot(SQLModel, table=True):
    """`starts_after` is seconds from the meeting's start. `inscription_id` is the one who holds it, if any.

    `placed_at` is when a chair put it where it is by hand: an allocation keeps it there if it can.
    """

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("inscription_id", name="uq_slot__inscription_id"),
        Index("ix_slot__list_id", "list_id", "position"),
        Index("ix_slot__meeting_id", "meeting_id"),
    )

    id: str = Field(primary_key=True)
    list_id: str = Field(foreign_key="speakers_list.id")
    meeting_id: str
    position: int
    kind: str
    title: str | None = None
    seconds: int
    starts_after: int
    reserved_category: str | None = None
    reserved_mode: str | None = None
    reserved_organisation_id: str | None = None
    inscription_id: str | None = None
    placed_at: datetime | None = Field(default=None, sa_type=Instant)
    status: str
    version: int


class Inscription(SQLModel, table=True):
    """`organisation_key` is the organisation's id while the list takes one of each, else None: the constraint decides.

    `slot_id` is the slot she holds or, once withdrawn, held; `held_after` and `held_seconds` keep its place for her
    calendar, `sequence` and `shown_at` what her calendar shows of it. `ready`: she says that her remote link works.

    `foreseen_start` and `foreseen_seconds` are what her calendar shows once the meeting sits, in place of the plan:
    when she is expected and, at last, when she spoke; `foreseen_at` is when that was last written.
    """

    __tablename__ = "inscription"
    __table_args__ = (
        Index(
            "uq_inscription__list_id__person_id",
            "list_id",
            "person_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index(
            "uq_inscription__list_id__organisation_key",
            "list_id",
            "organisation_key",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_inscription__list_id", "list_id", "created_at"),
        Index("ix_inscription__person_id", "person_id", "created_at"),
        Index("ix_inscription__organisation_id", "organisation_id", "created_at"),
        Index("ix_inscription__meeting_id", "meeting_id"),
    )

    id: str = Field(primary_key=True)
    list_id: str = Field(foreign_key="speakers_list.id")
    meeting_id: str
    session_id: str
    slot_id: str | None = None
    held_after: int | None = None
    held_seconds: int | None = None
    person_id: str = Field(foreign_key="person.id")
    organisation_id: str | None = None
    organisation_key: str | None = None
    category: str | None = None
    mode: str
    language: str | None = None
    topic: str | None = None
    on_behalf_of: str | None = None
    delivered_by: str | None = None
    seconds_requested: int | None = None
    ready: bool = Field(sa_column_kwargs={"server_default": "0"})
    asked_ready_at: datetime | None = Field(default=None, sa_type=Instant)
    foreseen_start: datetime | None = Field(default=None, sa_type=Instant)
    foreseen_seconds: int | None = None
    foreseen_at: datetime | None = Field(default=None, sa_type=Instant)
    status: str
    created_at: datetime = Field(sa_type=Instant)
    sequence: int
    shown_at: datetime = Field(sa_type=Instant)
    version: int


class Swap(SQLModel, table=True):
    """One side of an open proposal to swap turns: `id` is its inscription's, so that each has but one; both have a row.

    `proposes` tells the side that proposed it. What was answered, taken back or has lapsed is told by the journal.
    """

    __tablename__ = "swap"

    id: str = Field(primary_key=True, foreign_key="inscription.id")
    with_id: str = Field(foreign_key="inscription.id", index=True)
    proposes: bool
    proposed_at: datetime = Field(sa_type=Instant)


class Waiting(SQLModel, table=True):
    """Somebody who waits for a place in a full list; `position` is the order in which they came, and never changes.

    `slot_id` is what is or was offered to her (None in a queue, which has no free slots), until `offered_until`. From
    that moment on the offer has lapsed, whatever `status` still says: whoever acts next writes it down.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        UniqueConstraint("list_id", "position", name="uq_waiting__list_id__position"),
        Index(
            "uq_waiting__list_id__person_id",
            "list_id",
            "person_id",
            unique=True,
            sqlite_where=STILL_WAITING,
            postgresql_where=STILL_WAITING,
        ),
        Index(
            "uq_waiting__list_id__organisation_key",
            "list_id",
            "organisation_key",
            unique=True,
            sqlite_where=STILL_WAITING,
            postgresql_where=STILL_WAITING,
        ),
        Index("uq_waiting__slot_id", "slot_id", unique=True, sqlite_where=OFFERED, postgresql_where=OFFERED),
        Index("ix_waiting__offered_until", "offered_until", sqlite_where=OFFERED, postgresql_where=OFFERED),
        Index("ix_waiting__person_id", "person_id", "created_at"),
        Index("ix_waiting__meeting_id", "meeting_id", sqlite_where=STILL_WAITING, postgresql_where=STILL_WAITING),
    )

    id: str = Field(primary_key=True)
    list_id: str = Field(foreign_key="speakers_list.id")
    meeting_id: str
    session_id: str
    position: int
    person_id: str = Field(foreign_key="person.id")
    organisation_id: str | None = None
    organisation_key: str | None = None
    category: str | None = None
    mode: str
    language: str | None = None
    topic: str | None = None
    status: str
    slot_id: str | None = None
    offered_until: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
