"""What may be said of agenda items, by programs and by forms."""

from typing import Literal

from pydantic import ConfigDict

from api.web.shapes import UNSENT, Id, Line, Shape, Version


class ItemPatch(Shape):
    """What may be said of an agenda item."""

    number: Line = UNSENT
    title: Line = UNSENT
    parent: Id | None = None
    status: Literal["pending", "started", "ended"] = "pending"


class ItemIn(ItemPatch):
    """A new agenda item."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"number": "5", "title": "Criminalisation"}]})

    number: Line
    title: Line


class ItemChange(ItemPatch):
    """Changes to an agenda item: what is absent stays, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "started", "expected_version": 1}]})

    expected_version: Version | None = None
