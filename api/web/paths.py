"""Ids in addresses: what could be none is not found, and the database is never asked for it."""

from scheduler.errors import NotFound
from scheduler.ids import is_id


def an_id(text: str, missing: str) -> str:
    """The id that stands in an address. Raises NotFound, saying `missing`, for a text that is no id."""
    if not is_id(text):
        raise NotFound(missing)
    return text
