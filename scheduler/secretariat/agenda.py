"""An agenda item changed, with the lists of speakers that close when it starts or ends."""

from collections.abc import Mapping
from typing import Any

from scheduler.lists import announcing
from scheduler.people.permission import Actor
from scheduler.programme import items
from scheduler.programme.views import ItemView
from scheduler.storage.writer import Tx


def change_item(
    tx: Tx, actor: Actor, item: str, changes: Mapping[str, Any], *, expected_version: int | None = None
) -> ItemView:
    """Changes an agenda item as `items.change` does; the journal also tells of the lists that close or open with it.

    Raises what `items.change` raises.
    """
    before = announcing.closing_with(tx.conn, item) if "status" in changes else []
    changed = items.change(tx, actor, item, dict(changes), expected_version=expected_version)
    if before:
        announcing.tell_item(tx, actor, item, before)
    return changed
