"""Agenda items: the secretariat adds and changes them, and says when one is started or ended."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, func, select

from scheduler.errors import AlreadyExists, Meaningless
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.programme import rules
from scheduler.programme.queries import item_view
from scheduler.programme.records import (
    ItemRecord,
    SessionRecord,
    altered,
    items_of,
    known_item,
    known_session,
    last_shown,
    values,
)
from scheduler.programme.tables import Item
from scheduler.programme.views import ItemView
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared, UniqueTaken
from scheduler.storage.versions import check_version, shown_after
from scheduler.storage.writer import Tx

_i = table(Item).c
_LAST_POSITION = Prepared(select(func.coalesce(func.max(_i.position), 0)).where(_i.session_id == bindparam("session")))
_COLUMNS = {"parent": "parent_id"}
_TAKEN = "The session has an agenda item of this number already. Choose another."


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is said of an agenda item when it is added. `number` is a text such as `5` or `5 (a)`, `parent` an id."""

    number: str
    title: str
    parent: str | None = None
    status: str = "pending"


def add(tx: Tx, actor: Actor, session_reference: str, new: NewItem) -> ItemView:
    """Adds an agenda item behind the others. The session's secretariat may.

    Raises:
        NotFound, Forbidden: there is no such session that she may know of; she may not.
        Meaningless: the parent is no item of this session.
        AlreadyExists: the session has this number already.
    """
    session = known_session(tx.conn, Reader(actor), session_reference)
    role = require(actor, Act.RUN_PROGRAMME, session.scopes())
    if new.parent is not None:
        _require_parent(tx.conn, session, None, new.parent)
    last = tx.conn.all(_LAST_POSITION, session=session.id)[0][0]
    started_at, ended_at = rules.item_times(new.status, None, None, tx.now)
    record = ItemRecord(
        id=new_id(),
        session_id=session.id,
        position=last + 1,
        number=new.number,
        title=new.title,
        parent_id=new.parent,
        status=new.status,
        started_at=started_at,
        ended_at=ended_at,
        shown_at=tx.now.replace(microsecond=0),
        version=1,
    )
    try:
        tx.conn.insert(Item, **values(record))
    except UniqueTaken as taken:
        raise AlreadyExists(_TAKEN) from taken
    append(tx, "item.created", ("item", record.id), Author(actor.id, role), session.audience())
    return item_view(session, record)


def change(
    tx: Tx, actor: Actor, item: str, changes: dict[str, Any], *, expected_version: int | None = None
) -> ItemView:
    """Changes what is in `changes` (fields of NewItem; None clears). The session's secretariat may.

    A `status` that changes leaves its moment: lists that close with the item close then.

    Raises:
        NotFound, Forbidden: there is none that she may know of; she may not.
        Meaningless: the parent is no item of this session, or stands below this one.
        VersionConflict, AlreadyExists: somebody was first; the session has this number already.
    """
    session, before = known_item(tx.conn, Reader(actor), item)
    role = require(actor, Act.RUN_PROGRAMME, session.scopes())
    after = replace(before, **{_COLUMNS.get(name, name): value for name, value in changes.items()})
    if after.parent_id is not None and after.parent_id != before.parent_id:
        _require_parent(tx.conn, session, item, after.parent_id)
    check_version(expected_version, before.version, lambda: item_view(session, before))
    names = altered(before, after).keys()
    if not names:
        return item_view(session, before)
    after = _counted(tx, session, before, after)
    try:
        tx.conn.update(Item, item, **altered(before, after))
    except UniqueTaken as taken:
        raise AlreadyExists(_TAKEN) from taken
    fields = sorted("parent" if name == "parent_id" else name for name in names)
    status: dict[str, Any] = {"status": after.status} if "status" in names else {}
    append(tx, "item.changed", ("item", item), Author(actor.id, role), session.audience(), fields=fields, **status)
    return item_view(session, after)


def _counted(tx: Tx, session: SessionRecord, before: ItemRecord, after: ItemRecord) -> ItemRecord:
    if after.status != before.status:
        started_at, ended_at = rules.item_times(after.status, before.started_at, before.ended_at, tx.now)
        after = replace(after, started_at=started_at, ended_at=ended_at)
    if altered(before, after).keys() & rules.ITEM_SHOWN:
        after = replace(after, shown_at=shown_after(tx.now, last_shown(tx.conn, session)))
    return replace(after, version=before.version + 1)


def _require_parent(conn: Connection, session: SessionRecord, item: str | None, parent: str) -> None:
    parents = {each.id: each.parent_id for each in items_of(conn, session.id)}
    if parent not in parents:
        raise Meaningless("The parent is an agenda item of the same session. Give the id of one.", field="parent")
    if item is not None:
        rules.require_no_circle(item, parent, parents)
