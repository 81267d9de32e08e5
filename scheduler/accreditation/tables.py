from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant


class Accreditation(SQLModel, table=True):
    """Whether an organisation may speak in a session; one row for each that asked."""

    __tablename__ = "accreditation"
    __table_args__ = (
        UniqueConstraint("session_id", "organisation_id", name="uq_accreditation__session_id__organisation_id"),
    )

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id")
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    status: str
    note: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    version: int
