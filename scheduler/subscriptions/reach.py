"""How many private feeds and webhooks a change would reach, for the previews of lower rooms."""

from collections.abc import Collection

from sqlalchemy import and_, bindparam, func, or_, select

from scheduler.secretariat import deciding
from scheduler.secretariat.affected import Reach
from scheduler.secretariat.previewing import Concerned
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.subscriptions.rules import wants
from scheduler.subscriptions.tables import Feed, Webhook

_f, _w = table(Feed).c, table(Webhook).c
_FEEDS = Prepared(
    select(func.count()).where(
        or_(
            _f.session_id == bindparam("session"),
            and_(_f.scope == "mine", among(_f.person_id, "people")),
            and_(_f.scope == "organisation", among(_f.organisation_id, "organisations")),
        )
    )
)
_DEADLINES = _f.include != []
_FEEDS_OF_DECISION = Prepared(
    select(func.count()).where(
        or_(
            and_(_f.scope == "session", _f.session_id == bindparam("session"), among(_f.person_id, "people")),
            and_(_f.scope == "mine", _DEADLINES, among(_f.person_id, "people")),
            and_(_f.scope == "organisation", _DEADLINES, among(_f.organisation_id, "organisations")),
        )
    )
)
_WEBHOOKS = Prepared(select(_w.kinds, _w.session_id).where(_w.status == "active"))


def count_reach(conn: Connection, concerned: Concerned) -> Reach:
    """The feeds that show what changes: of its session, of who holds a turn in it, of their organisations.

    And the webhooks that are told of one of its journal entries. None where nothing changes.
    """
    if not concerned.kinds:
        return Reach(0, 0)
    feeds = conn.all(
        _FEEDS,
        session=concerned.session,
        people=sorted(concerned.people),
        organisations=sorted(concerned.organisations),
    )[0][0]
    told = _told(conn, concerned.kinds, concerned.session)
    return Reach(feeds if concerned.shown else 0, told)


def count_reach_of_decision(conn: Connection, concerned: deciding.Concerned) -> Reach:
    """The feeds that show more or less to who may speak in a session from now on or no longer, and the webhooks.

    Her feed of the session gains or loses its join links; one with deadlines those of the session's lists.
    """
    feeds = conn.all(
        _FEEDS_OF_DECISION,
        session=concerned.session,
        people=sorted(concerned.people),
        organisations=sorted(concerned.organisations),
    )[0][0]
    return Reach(feeds, _told(conn, {"accreditation.decided"}, concerned.session))


def _told(conn: Connection, kinds: Collection[str], session: str) -> int:
    return sum(any(wants(asked, of, kind, session) for kind in kinds) for asked, of in conn.all(_WEBHOOKS))
