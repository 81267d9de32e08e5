"""What may be said of accreditations, by programs and by forms."""

from typing import Annotated

from pydantic import ConfigDict, Field

from api.web.shapes import UNSENT, Id, OptionalLine, Shape, Version
from scheduler.accreditation.rules import Status


class AccreditationIn(Shape):
    """Asks for an organisation's accreditation; only the secretariat gives another status than `pending`."""

    organisation: Id
    status: Status = "pending"
    note: OptionalLine | None = None


class AccreditationChange(Shape):
    """A decision: what is absent stays, null clears."""

    status: Status = UNSENT
    note: OptionalLine | None = None
    expected_version: Version | None = None


class DecisionsIn(Shape):
    """One decision on several accreditations, by their ids."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "accreditations": ["4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10", "0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0c01"],
                    "status": "approved",
                }
            ]
        }
    )

    accreditations: Annotated[list[Id], Field(min_length=1, max_length=2_000)]
    status: Status
    note: OptionalLine | None = None
    dry_run: Annotated[
        bool, Field(strict=True, description="Only looks at it: changes nothing and says who is affected.")
    ] = False
