from sqlalchemy import bindparam, select

from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.tables import Installation
from scheduler.storage.writer import Tx

_i = table(Installation).c
_FIND = Prepared(select(_i.text).where(_i.id == bindparam("name")))


def fixed_text(tx: Tx, name: str, first: str) -> str:
    """What was fixed under `name` at the first start; where nothing was, `first` is fixed now."""
    row = tx.conn.first(_FIND, name=name)
    if row is not None:
        return str(row[0])
    tx.conn.insert(Installation, id=name, text=first)
    return first
