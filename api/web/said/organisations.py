"""What may be said of organisations, by programs and by forms."""

from typing import Annotated

from pydantic import ConfigDict, Field

from api.web.shapes import UNSENT, Category, Line, Shape, Version
from scheduler.people.rules import Region

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166 alpha-2.", examples=["CR"])]


class OrganisationPatch(Shape):
    """What may be said of an organisation."""

    name: Line = UNSENT
    category: Category = UNSENT
    country: Country | None = None
    region: Region | None = None
    groups: Annotated[tuple[Line, ...], Field(max_length=50)] = ()


class OrganisationIn(OrganisationPatch):
    """A new organisation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Costa Rica", "category": "member_state"}]})

    name: Line
    category: Category


class OrganisationChange(OrganisationPatch):
    """Changes to an organisation: what is absent stays, null clears."""

    expected_version: Version | None = None
