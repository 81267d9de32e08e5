from sqlmodel import Field, SQLModel


class Installation(SQLModel, table=True):
    """What is fixed at the first start and never read from the settings again, e.g. the host name in calendar UIDs."""

    __tablename__ = "installation"

    id: str = Field(primary_key=True)
    text: str
