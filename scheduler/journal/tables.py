from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant, Json


class JournalEntry(SQLModel, table=True):
    """One change. `id` comes from the counter row, so commit order is id order."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("meeting_id", "meeting_number", name="uq_journal__meeting_id__meeting_number"),
        Index("ix_journal__session_id", "session_id", "id"),
        Index("ix_journal__subject_id", "subject_id"),
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant)
    kind: str
    subject_type: str
    subject_id: str
    by_person: str | None = None
    by_role: str
    public: bool
    body_id: str | None = None
    session_id: str | None = None
    meeting_id: str | None = None
    organisation_id: str | None = None
    person_id: str | None = None
    meeting_number: int | None = None
    data: dict[str, Any] | None = Field(default=None, sa_type=Json)


class JournalCounter(SQLModel, table=True):
    """One row. Locked first in each batch: it gives the numbers and makes the processes take turns."""

    __tablename__ = "journal_counter"

    id: int = Field(primary_key=True)
    last: int = Field(sa_type=BigInteger)


class JournalCursor(SQLModel, table=True):
    """How far a follower has read; moved in the transaction that does what the entries ask."""

    __tablename__ = "journal_cursor"

    id: str = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)


class IdempotentAnswer(SQLModel, table=True):
    """The first answer under an Idempotency-Key, kept 24 h; secrets are struck out of `body`."""

    __tablename__ = "idempotent_answer"

    id: str = Field(primary_key=True)
    fingerprint: str
    body: str
    created_at: datetime = Field(sa_type=Instant, index=True)
