"""Plain rows of people, for tests whose subject is something else."""

from datetime import UTC, datetime

from scheduler.ids import hash_secret, new_id, new_secret
from scheduler.people.permission import Actor, Grant
from scheduler.people.tables import Organisation, Person, RoleGrant, SignIn
from scheduler.storage.writer import Tx

MADE_AT = datetime(2022, 1, 1, tzinfo=UTC)


def organisation(tx: Tx, name: str = "Republic of Exampleland", category: str = "member_state") -> str:
    """An organisation's id."""
    id_ = new_id()
    tx.conn.insert(
        Organisation, id=id_, name=name, category=category, country="AT", region="western_other", groups=[],
        created_at=MADE_AT, shown_at=MADE_AT, version=1,
    )  # fmt: skip
    return id_


def person(
    tx: Tx,
    name: str = "Ada Example",
    *,
    organisation: str | None = None,
    timezone: str = "Europe/Vienna",
    language: str = "en",
    grants: tuple[Grant, ...] = (),
) -> Actor:
    """A person with her roles, as she acts."""
    id_ = new_id()
    email = f"{name.lower().replace(' ', '.')}.{id_[-8:]}@example.org"
    tx.conn.insert(
        Person, id=id_, email=email, email_key=email, name=name, timezone=timezone, language=language,
        organisation_id=organisation, channels=["mail"], lead_minutes=[1440, 60, 15], quiet_own_turn=False,
        turn_rules=["turn-near", "turn-next", "turn-moved"], list_rules=["list-opens", "list-closes"],
        feed_moves_minutes=15, slots_by="invitation", erased=False, created_at=MADE_AT, shown_at=MADE_AT, version=1,
    )  # fmt: skip
    for position, grant in enumerate(grants):
        tx.conn.insert(
            RoleGrant, id=new_id(), person_id=id_, position=position, role=grant.role, scope_type=grant.scope_type,
            scope_id=grant.scope_id,
        )  # fmt: skip
    return Actor(id_, name, organisation, timezone, language, grants)


def token(tx: Tx, of: Actor) -> str:
    """A bearer token of that person."""
    secret = new_secret()
    tx.conn.insert(
        SignIn, id=new_id(), person_id=str(of.id), kind="token", secret_hash=hash_secret(secret), created_at=MADE_AT
    )
    return secret
