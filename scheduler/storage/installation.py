from sqlalchemy import bindparam, select

from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.tables import Installation
from scheduler.storage.writer import Tx

_i = table(Installation).c
_FIND = Prepared(select(_i.text).where(_i.id == bindparam("name")))


def fixed_text(tx: Tx, name: str, first: str) -> str:
    """What was fixed under `name` at the first start; where nothing was, `first` is fixed now."""
    kept = kept_text(tx.conn, name)
    if kept is not None:
        return kept
    tx.conn.insert(Installation, id=name, text=first)
    return first


def kept_text(conn: Connection, name: str) -> str | None:
    """What was fixed under `name`; None: nothing was."""
    row = conn.first(_FIND, name=name)
    return None if row is None else str(row[0])
