from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant, Json


class Organisation(SQLModel, table=True):
    """`shown_at` is the moment (whole seconds, always rising) of the last change that calendars show: its name."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("name", name="uq_organisation__name"),)

    id: str = Field(primary_key=True)
    name: str
    category: str
    country: str | None = None
    region: str | None = None
    groups: list[str] = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=Instant)
    shown_at: datetime = Field(sa_type=Instant)
    version: int


class Person(SQLModel, table=True):
    """`email` is None once erased; `email_key` is its case-folded form, by which a person is found.

    `shown_at` is as an organisation's: calendars of others show her name.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("email_key", name="uq_person__email_key"),)

    id: str = Field(primary_key=True)
    email: str | None = None
    email_key: str | None = None
    name: str
    timezone: str
    language: str
    organisation_id: str | None = Field(default=None, foreign_key="organisation.id", index=True)
    channels: list[str] = Field(sa_type=Json)
    lead_minutes: list[int] = Field(sa_type=Json)
    quiet_start: str | None = None
    quiet_end: str | None = None
    quiet_own_turn: bool
    turn_rules: list[str] = Field(sa_type=Json)
    list_rules: list[str] = Field(sa_type=Json)
    feed_moves_minutes: int
    slots_by: str
    erased: bool
    created_at: datetime = Field(sa_type=Instant)
    shown_at: datetime = Field(sa_type=Instant)
    version: int


class RoleGrant(SQLModel, table=True):
    """`scope_type` and `scope_id` are None for the whole service."""

    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant__scope_id", "scope_id"),)

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    position: int
    role: str
    scope_type: str | None = None
    scope_id: str | None = None


class Code(SQLModel, table=True):
    """What bodies and sessions are called: `id` is the code itself, unique over both together.

    The programme writes these rows. They stand here because a role is granted on what they name.
    """

    __tablename__ = "code"

    id: str = Field(primary_key=True)
    of_type: str
    of_id: str = Field(index=True)


class SignIn(SQLModel, table=True):
    """A bearer token or a browser: only the SHA-256 of its secret is kept. Ending it deletes the row."""

    __tablename__ = "sign_in"
    __table_args__ = (UniqueConstraint("secret_hash", name="uq_sign_in__secret_hash"),)

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    kind: str
    secret_hash: str
    created_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
