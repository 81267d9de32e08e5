from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from scheduler.storage.columns import Instant


class Horizon(SQLModel, table=True):
    """How far something is planned: people hear of what is near, not of all there is.

    `meeting-soon`: up to which meeting start its reminders are planned; the id of a list: the closing told of.
    """

    __tablename__ = "horizon"

    id: str = Field(primary_key=True)
    reached: datetime = Field(sa_type=Instant)


class Stale(SQLModel, table=True):
    """What the journal says has changed and notices have not looked at: the follower writes it, planning removes it.

    So what touches thousands of people is planned in many short transactions, and none is lost. `what` and the ids are
    those of a `stale.Scope`, `position` is the number of the entry that said so first.
    """

    __tablename__ = "stale"

    id: str = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger, index=True)
    what: str
    session_id: str | None = None
    meeting_id: str | None = None
    organisation_id: str | None = None
    person_id: str | None = None
    inscription_id: str | None = None
    list_id: str | None = None
    note: str | None = None


class Known(SQLModel, table=True):
    """How a meeting, or somebody's turn in it (then with `person_id`), stood when notices last looked at it.

    What differs from it is a change that people are told of.
    """

    __tablename__ = "known"

    id: str = Field(primary_key=True)
    session_id: str = Field(index=True)
    meeting_id: str = Field(index=True)
    person_id: str | None = None
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    room: str | None = None
    cancelled: bool


class Watched(SQLModel, table=True):
    """A meeting (its id) that sits, and the version and moment of its floor up to which notices have looked at it.

    `warned`: its chair and secretariat have been told that its remote minutes run out.
    """

    __tablename__ = "watched"

    id: str = Field(primary_key=True)
    version: int
    looked_at: datetime = Field(sa_type=Instant)
    warned: bool


class Foretold(SQLModel, table=True):
    """What a speaker was last told of her turn (`id` is her slot's) while a meeting sits.

    `expected_at` is when, `carried` that it goes on in the next meeting, `times` how often such news was told. `near`
    and `next` are how often she had been put off when she was told that her turn is near, and next; -1: never.
    """

    __tablename__ = "foretold"

    id: str = Field(primary_key=True)
    meeting_id: str = Field(index=True)
    person_id: str
    expected_at: datetime = Field(sa_type=Instant)
    carried: bool
    times: int
    near: int
    next: int
