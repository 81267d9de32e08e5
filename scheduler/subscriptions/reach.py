"""How many private feeds and webhooks a change would reach, for the previews of lower rooms."""

from sqlalchemy import and_, bindparam, func, or_, select

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
    webhooks = conn.all(_WEBHOOKS)
    told = sum(
        any(wants(kinds, session, kind, concerned.session) for kind in concerned.kinds) for kinds, session in webhooks
    )
    return Reach(feeds if concerned.shown else 0, told)
