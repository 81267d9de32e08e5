from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant, Json

DUE = text("status IN ('planned', 'sending')")


class Due(SQLModel, table=True):
    """One thing that is told once to one address by one channel.

    `due_key` (person or webhook, subject, rule, revision, channel) is unique: planning it twice makes one row.
    `claim_at` is when a worker may take it: the due moment, later the moment of the next try or of the lease's end.
    `useless_at` is when it no longer helps. What is said is rendered at sending, from `subject_*` and `data`.
    """

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("due_key", name="uq_due__due_key"),
        Index("ix_due__claim_at", "claim_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_due__due_at", "due_at", "id"),
        Index("ix_due__subject_id", "subject_id"),
        Index("ix_due__meeting_id", "meeting_id"),
        Index("ix_due__person_id", "person_id", "due_at"),
    )

    id: str = Field(primary_key=True)
    due_key: str
    rule: str
    person_id: str | None = None
    webhook_id: str | None = None
    channel: str
    subject_type: str
    subject_id: str
    meeting_id: str | None = None
    subject_line: str | None = None
    due_at: datetime = Field(sa_type=Instant)
    useless_at: datetime | None = Field(default=None, sa_type=Instant)
    claim_at: datetime = Field(sa_type=Instant)
    status: str
    attempts: int
    last_error: str | None = None
    message_id: str
    data: dict[str, Any] = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
