from datetime import datetime

from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant


class Horizon(SQLModel, table=True):
    """Up to which meeting start the reminders of a rule are planned: people hear of what is near, not of everything."""

    __tablename__ = "horizon"

    id: str = Field(primary_key=True)
    reached: datetime = Field(sa_type=Instant)
