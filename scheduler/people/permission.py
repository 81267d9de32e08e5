"""The one table of who may do what (docs: contract, "Roles"). Pure: grants and scopes in, a role or a refusal out."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.errors import Forbidden, NotSignedIn


class Act(StrEnum):
    """What the table has rows for. Reading what is published needs no row: everyone may."""

    READ_INSCRIPTION = "read an inscription in full"
    READ_LINKS = "read join links"
    READ_DRAFT = "read what is not published"
    SPEAK = "inscribe, book, withdraw"
    ASK_ACCREDITATION = "ask for accreditation"
    RUN_LISTS = "open and close lists, reorder, reserve"
    RUN_FLOOR = "run the floor, read its record before the close"
    RUN_PROGRAMME = "create and change sessions, meetings, lists, items; change the body; decide accreditation"
    RUN_SERVICE = "create bodies; create and change people, organisations; import; read people, webhooks, outbox"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on a scope; `scope_type` None is the whole service."""

    role: str
    scope_type: str | None = None
    scope_id: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` None is the operator at the command line."""

    id: str | None
    name: str
    organisation: str | None
    timezone: str
    language: str
    grants: tuple[Grant, ...]

    def holds(self, role: str, scopes: frozenset[tuple[str, str]]) -> bool:
        """Whether she holds the role on the whole service or on one of the scopes, each (type, id)."""
        return any(
            g.role == role and (g.scope_type is None or (g.scope_type, g.scope_id) in scopes) for g in self.grants
        )

    def focal_organisations(self) -> frozenset[str]:
        """The organisations that she acts for as focal point."""
        return frozenset(g.scope_id for g in self.grants if g.role == "focal_point" and g.scope_id)


OPERATOR = Actor(None, "the operator", None, "UTC", "en", (Grant("secretariat"),))


@dataclass(frozen=True, slots=True)
class Scopes:
    """Where an act takes place: ids of the body, the session, the organisation and the person concerned."""

    body: str | None = None
    session: str | None = None
    organisation: str | None = None
    person: str | None = None

    def places(self) -> frozenset[tuple[str, str]]:
        """The scopes on which a secretariat's or a chair's role reaches here."""
        pairs = (("body", self.body), ("session", self.session))
        return frozenset((kind, id_) for kind, id_ in pairs if id_ is not None)


_CHAIR = frozenset({Act.READ_INSCRIPTION, Act.READ_LINKS, Act.READ_DRAFT, Act.SPEAK, Act.RUN_LISTS, Act.RUN_FLOOR})
_FOCAL_POINT = frozenset({Act.READ_INSCRIPTION, Act.SPEAK, Act.ASK_ACCREDITATION})
_PARTICIPANT = frozenset({Act.READ_INSCRIPTION, Act.SPEAK})


def role_for(actor: Actor | None, act: Act, scopes: Scopes) -> str | None:
    """The role in which `actor` may do `act` there, the strongest first; None: she may not."""
    if actor is None:
        return None
    if actor.holds("secretariat", frozenset() if act is Act.RUN_SERVICE else scopes.places()):
        return "secretariat"
    if act in _CHAIR and actor.holds("chair", scopes.places()):
        return "chair"
    if act in _FOCAL_POINT and scopes.organisation in actor.focal_organisations():
        return "focal_point"
    if act in _PARTICIPANT and scopes.person is not None and scopes.person == actor.id:
        return "participant"
    return None


def require(actor: Actor | None, act: Act, scopes: Scopes) -> str:
    """The role in which the act is allowed. Raises NotSignedIn or Forbidden."""
    if actor is None:
        raise NotSignedIn("Sign in first: send a bearer token or open a session.")
    role = role_for(actor, act, scopes)
    if role is None:
        raise Forbidden(f"Your roles do not let you do this here: {act}. Ask the secretariat.")
    return role
