from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant, Json


class Feed(SQLModel, table=True):
    """A private calendar address; only the SHA-256 of its secret is kept. Revoked, the row is deleted.

    `memory` is `access.Memory`: where the feed differs from what its events say themselves, with how often it turned.
    """

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("secret_hash", name="uq_feed__secret_hash"),
        Index("ix_feed__person_id", "person_id", "created_at", "id"),
    )

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    scope: str
    session_id: str | None = None
    organisation_id: str | None = None
    include: list[str] = Field(sa_type=Json)
    secret_hash: str
    memory: dict[str, Any] = Field(sa_type=Json)
    memory_turns: int
    created_at: datetime = Field(sa_type=Instant)
    last_read_at: datetime | None = Field(default=None, sa_type=Instant)
    last_read_by: str | None = None


class Webhook(SQLModel, table=True):
    """Its secret is derived from the installation's key and `id`, so nothing that signs is stored."""

    __tablename__ = "webhook"
    __table_args__ = (Index("ix_webhook__created_at", "created_at", "id"),)

    id: str = Field(primary_key=True)
    url: str
    kinds: list[str] = Field(sa_type=Json)
    session_id: str | None = None
    status: str
    created_by: str
    created_at: datetime = Field(sa_type=Instant)
