"""What leaves this room: frozen values with the contract's names. They are the answers as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A person or an organisation as everybody may see it. Somebody erased is named `erased`."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ScopeView:
    """What a role is granted on: `type` body or session (`id` its code) or organisation (`id` its id)."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role; `scope` None is the whole service."""

    role: str
    scope: ScopeView | None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` (`HH:MM` on her own clock, often over midnight) she is left alone."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation: public. `country` is ISO 3166 alpha-2."""

    id: str
    name: str
    category: str
    country: str | None
    region: str | None
    groups: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as the secretariat sees her. `email` is None once she is `erased`."""

    id: str
    email: str | None
    name: str
    timezone: str
    language: str
    organisation: Named | None
    roles: tuple[RoleView, ...]
    erased: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class MeView:
    """A person as she sees herself, with how she wants to be told. `lead_minutes` come longest first."""

    id: str
    name: str
    email: str | None
    organisation: Named | None
    roles: tuple[RoleView, ...]
    timezone: str
    language: str
    channels: tuple[str, ...]
    lead_minutes: tuple[int, ...]
    quiet_hours: QuietHours | None
    quiet_own_turn: bool
    turn_rules: tuple[str, ...]
    list_rules: tuple[str, ...]
    feed_moves_minutes: int
    slots_by: str
    version: int


@dataclass(frozen=True, slots=True)
class SignInView:
    """One of her browsers or tokens; `kind` is `browser` or `token`."""

    id: str
    kind: str
    created_at: datetime
    last_seen_at: datetime | None
