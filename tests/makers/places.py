"""Plain rows of bodies and sessions, for tests whose subject is something else."""

from datetime import UTC, datetime

from scheduler.ids import new_id
from scheduler.people.permission import Scopes
from scheduler.people.tables import Code
from scheduler.programme.tables import Body, Session
from scheduler.storage.writer import Tx

MADE_AT = datetime(2022, 1, 1, tzinfo=UTC)


def body(tx: Tx, code: str = "ahc") -> str:
    """A body's id."""
    id_ = new_id()
    tx.conn.insert(Body, id=id_, code=code, name=f"Body {code}", created_at=MADE_AT, shown_at=MADE_AT, version=1)
    tx.conn.insert(Code, id=code, of_type="body", of_id=id_)
    return id_


def session(tx: Tx, code: str = "ahc-2", *, of_body: str | None = None, status: str = "published") -> Scopes:
    """A session from 30 May to 10 June 2022 in Vienna: the ids of its body (default: a new one) and of itself."""
    body_id = of_body or body(tx, f"body-of-{code}")
    id_ = new_id()
    tx.conn.insert(
        Session, id=id_, code=code, body_id=body_id, title=f"Session {code}", timezone="Europe/Vienna",
        starts_on="2022-05-30", ends_on="2022-06-10", kind="session", format="hybrid", deadlines=[],
        reply_seconds=[600, 300], status=status, created_at=MADE_AT, sequence=0, shown_at=MADE_AT, status_sequence=0,
        named_at=MADE_AT, version=1,
    )  # fmt: skip
    tx.conn.insert(Code, id=code, of_type="session", of_id=id_)
    return Scopes(body=body_id, session=id_)
