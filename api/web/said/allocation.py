"""What may be said of an allocation, by programs and by forms."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.web.shapes import Line, Seconds, Shape, Version
from scheduler.allocation.policies import Policy

_LOOK: dict[str, Any] = {"policy": "protocol", "budget_seconds": 9000, "dry_run": True}
_DRAW: dict[str, Any] = {"policy": "draw", "seed": "spring rain"}


class AllocationIn(Shape):
    """How to allot the list's turns."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LOOK, _DRAW]})

    policy: Policy | None = Field(default=None, description="Null: the list's own.")
    budget_seconds: Seconds | None = Field(
        default=None,
        description="For the turns to be allotted and the gaps between them; never more than is left of the window. "
        "Null: all that is left.",
    )
    seed: Line | None = Field(
        default=None,
        description="For a draw. Null: the one that the list was drawn with or, the first time, one made by chance.",
    )
    dry_run: Annotated[bool, Field(strict=True, description="Only looks at it: changes nothing.")] = False
    expected_version: Version | None = None
