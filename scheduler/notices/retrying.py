from scheduler.errors import NotFound
from scheduler.ids import is_id
from scheduler.journal.entries import Audience, Author, append
from scheduler.notices.queries import DueView, shown
from scheduler.outbox.actions import again
from scheduler.outbox.queries import row
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.storage.writer import Tx


def retry(tx: Tx, actor: Actor | None, id_: str) -> DueView:
    """Sends a failed or dropped one again, at once. For the secretariat.

    Raises:
        NotFound: there is none.
        NotSignedIn, Forbidden: somebody else asks.
        NotAllowedNow: it is neither failed nor dropped, or it would come too late.
    """
    if not is_id(id_) or row(tx.conn, id_) is None:
        raise NotFound("There is no such entry in the outbox.")
    role = require(actor, Act.RUN_SERVICE, Scopes())
    due = again(tx, id_)
    append(tx, "due.retried", ("due", id_), Author(actor.id if actor else None, role), Audience(person=due.person))
    return shown(tx.conn, [due])[0]
