"""Who reads: a value that queries cut their views by. `lists/reader.py` fills in what this room cannot know."""

from dataclasses import dataclass

from scheduler.people.permission import Act, Actor, Scopes, role_for


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads; `actor` None is the public.

    `accredited` are ids of sessions in which her organisation is approved, `speaking` ids of meetings in which she has
    been given a slot.
    """

    actor: Actor | None = None
    accredited: frozenset[str] = frozenset()
    speaking: frozenset[str] = frozenset()

    def may(self, act: Act, scopes: Scopes) -> bool:
        """Whether the role table lets her."""
        return role_for(self.actor, act, scopes) is not None

    def sees_session(self, body: str, session: str, status: str) -> bool:
        """Whether she may know of the session at all: a draft is its chair's and secretariat's."""
        return status != "draft" or self.may(Act.READ_DRAFT, Scopes(body=body, session=session))

    def sees_link(self, body: str, session: str, meeting: str, links_for: str) -> bool:
        """Whether she may read the meeting's join link."""
        if self.actor is None:
            return False
        if self.may(Act.READ_LINKS, Scopes(body=body, session=session)):
            return True
        return meeting in self.speaking or (links_for == "accredited" and session in self.accredited)


PUBLIC = Reader()
