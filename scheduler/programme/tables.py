"""Rows of the programme.

`sequence` and `shown_at` are what calendars show of a row: the first rises when time, place or status changes, the
second is the moment (whole seconds, always rising) of the last change that a public feed shows. `links_sequence` and
`links_shown_at` are the same for feeds that carry join links. `status_sequence` and `named_at` are the same for entries
that show no more of the row than its name and whether it is cancelled: deadlines.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant, Json


class Body(SQLModel, table=True):
    """A body. `shown_at` is the moment of the last change of what everybody sees."""

    __tablename__ = "body"
    __table_args__ = (UniqueConstraint("code", name="uq_body__code"),)

    id: str = Field(primary_key=True)
    code: str
    name: str
    description: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    shown_at: datetime = Field(sa_type=Instant)
    version: int


class Session(SQLModel, table=True):
    """A session. `deadlines` as `deadlines.py` keeps them; a meeting reads as cancelled where its session is."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("code", name="uq_session__code"),
        Index("ix_session__starts_on", "starts_on", "id"),
    )

    id: str = Field(primary_key=True)
    code: str
    body_id: str = Field(foreign_key="body.id", index=True)
    title: str
    timezone: str
    starts_on: str
    ends_on: str
    kind: str
    format: str
    city: str | None = None
    venue: str | None = None
    description: str | None = None
    deadlines: list[dict[str, Any]] = Field(sa_type=Json)
    reply_seconds: list[int] = Field(sa_type=Json)
    status: str
    created_at: datetime = Field(sa_type=Instant)
    sequence: int
    shown_at: datetime = Field(sa_type=Instant)
    status_sequence: int
    named_at: datetime = Field(sa_type=Instant)
    version: int


class Item(SQLModel, table=True):
    """`started_at` and `ended_at` are when `status` last became so; both None while it is `pending`."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("session_id", "number", name="uq_item__session_id__number"),)

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id")
    position: int
    number: str
    title: str
    parent_id: str | None = None
    status: str
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    shown_at: datetime = Field(sa_type=Instant)
    version: int


class Meeting(SQLModel, table=True):
    """`date`, `start`, `end` and `timezone` are the truth; `starts_at` and `ends_at` are derived by `zone_data`.

    `floor_version` is the number of the last journal entry that changed what its floor shows, 0 before any.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("session_id", "number", name="uq_meeting__session_id__number"),
        Index("ix_meeting__starts_at", "starts_at", "id"),
        Index("ix_meeting__session_id__starts_at", "session_id", "starts_at", "id"),
    )

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id")
    number: int
    title: str
    date: str
    start: str
    end: str
    fold: int | None = None
    timezone: str
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    zone_data: str
    room: str | None = None
    format: str
    languages: list[str] = Field(sa_type=Json)
    items: list[str] = Field(sa_type=Json)
    remote_budget_seconds: int | None = None
    remote_booked_seconds: int
    end_if_exceeded: str | None = None
    webcast_url: str | None = None
    join_url: str | None = None
    links_for: str
    replies: str
    status: str
    created_at: datetime = Field(sa_type=Instant)
    sequence: int
    shown_at: datetime = Field(sa_type=Instant)
    status_sequence: int
    named_at: datetime = Field(sa_type=Instant)
    links_sequence: int
    links_shown_at: datetime = Field(sa_type=Instant)
    version: int
    floor_version: int = Field(sa_column_kwargs={"server_default": "0"})
