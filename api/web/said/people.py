"""What may be said of people, by programs and by forms."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.web.shapes import UNSENT, Id, Language, Line, Reference, Shape, Version, ZoneName
from scheduler.people.permission import Grant
from scheduler.people.rules import Role

Address = Annotated[Line, Field(examples=["ada@example.org"])]


class ScopeIn(Shape):
    """What a role is granted on; `id` is a code (body, session) or an id."""

    type: Literal["body", "session", "organisation"]
    id: Reference


class RoleIn(Shape):
    """A role; `scope` null is the whole service."""

    role: Role
    scope: ScopeIn | None = None

    def grant(self) -> Grant:
        """As the acts take it."""
        return Grant(self.role, self.scope.type, self.scope.id) if self.scope else Grant(self.role)


class PersonPatch(Shape):
    """What the secretariat may say of a person."""

    email: Address = UNSENT
    name: Line = UNSENT
    timezone: ZoneName = "UTC"
    language: Language = "en"
    organisation: Id | None = None
    roles: Annotated[list[RoleIn], Field(max_length=100)] = []  # noqa: RUF012  -- pydantic copies defaults

    def said(self) -> dict[str, Any]:
        """What was sent, roles as grants."""
        said = self.sent()
        return said | ({"roles": tuple(role.grant() for role in self.roles)} if "roles" in said else {})


class PersonIn(PersonPatch):
    """A new person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "ada@example.org", "name": "Ada Example", "timezone": "Pacific/Apia"}]
        }
    )

    email: Address
    name: Line


class PersonChange(PersonPatch):
    """Changes to a person: what is absent stays, null clears; `roles` replaces them all."""

    expected_version: Version | None = None
