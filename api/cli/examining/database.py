"""What the database shows of the installation's health."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from api.cli.databases import missing, why
from api.cli.examining.finding import Finding, ok, wrong
from api.delivery.addresses import Allowed, fault_in
from api.settings import Settings
from scheduler.clock.now import Clock, SystemClock
from scheduler.clock.zones import ZONE_DATA, rfc3339
from scheduler.journal.following import newest_at, unread
from scheduler.lists import following as waiting
from scheduler.notices import following as notices
from scheduler.outbox.queries import overdue, troubles
from scheduler.outbox.views import Trouble
from scheduler.people.permission import OPERATOR
from scheduler.people.roles import secretariats
from scheduler.programme.zone_data import shifted
from scheduler.storage import soundness
from scheduler.storage.connection import Connection
from scheduler.storage.engine import database, file_of
from scheduler.storage.shape import newest, shape_of
from scheduler.subscriptions import following as webhooks
from scheduler.subscriptions.queries import webhooks as all_webhooks

_PATIENCE = timedelta(seconds=60)
_SKEW = timedelta(seconds=2)
_RECENT = timedelta(days=7)
_MOST_WEBHOOKS = 1_000
_FOLLOWERS = (waiting.FOLLOWER, notices.FOLLOWER, webhooks.FOLLOWER)


class UnusableError(Exception):
    """The database cannot be looked into: why, and what to do about it, in one line."""


@contextmanager
def opened(settings: Settings) -> Iterator[Connection]:
    """A reading connection to a database of the newest shape. Raises UnusableError, also for what fails inside."""
    try:
        conn = _connected(settings.database_url)
        try:
            yield conn
        finally:
            conn.close()
    except UnusableError:
        raise
    except Exception as error:
        raise UnusableError(
            f"It cannot be used: {why(error)}. Check ROSTRUM_DATABASE_URL and whether it runs."
        ) from error


def _connected(url: str) -> Connection:
    file = file_of(url)
    if file is not None and not file.exists():
        raise UnusableError(missing(file))
    base = database(url)
    shape = shape_of(base)
    if shape is None or shape < newest():
        raise UnusableError(f"Its shape is {shape or 'none yet'}, this Rostrum's is {newest()}. Run `rostrum migrate`.")
    if shape > newest():
        raise UnusableError(f"Its shape is {shape}, made by a newer Rostrum than this one ({newest()}). Install that.")
    return base.connect(reading=True)


def of_contents(conn: Connection, settings: Settings, clock: Clock) -> Iterator[Finding]:
    """All that the database shows."""
    fault = soundness.fault(conn)
    yield (
        wrong("database", fault, "Restore a backup.")
        if fault
        else ok("database", f"{soundness.kind(conn)}, shape {newest()}")
    )
    yield _of_clock(conn, clock.now())
    yield _of_secretariat(conn)
    yield _of_zones(conn, clock.now())
    yield from of_worker(conn, settings, clock)
    yield from _of_outbox(conn, clock.now())
    yield from _of_webhooks(conn, settings)


def of_worker(conn: Connection, settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether somebody sends what is due and follows the journal, with a minute's patience."""
    # A rehearsal's clock runs through a minute so much sooner.
    before = clock.now() - _PATIENCE / clock.real_seconds(1)
    inside = settings.worker == "inside"
    remedy = f"Start `rostrum {'serve' if inside else 'worker'}`; where it runs, its log says what keeps it."
    count, since = overdue(conn, before)
    late = [f"{count:,} to send, since {rfc3339(since)}"] if since else []
    for follower in _FOLLOWERS:
        count, since = unread(conn, follower)
        if since is not None and since < before:
            late.append(f"{count:,} to follow for {follower}, since {rfc3339(since)}")
    yield wrong("worker", f"What waits for it: {'; '.join(late)}.", remedy) if late else ok("worker", "nothing waits")


def _of_clock(conn: Connection, now: datetime) -> Finding:
    theirs, newest_change = soundness.hour(conn), newest_at(conn)
    if theirs is not None and abs(skew := theirs - SystemClock().now()) > _SKEW:
        seconds = f"{abs(skew).total_seconds():.0f} s {'behind' if skew > timedelta() else 'ahead of'}"
        return wrong("clock", f"This machine's is {seconds} the database's.", "Set both by NTP.")
    if newest_change is not None and newest_change > now + _SKEW:
        remedy = "Set this machine's clock; where a rehearsal went ahead of it, make the database anew."
        return wrong("clock", f"It is {rfc3339(now)}, the newest change is of {rfc3339(newest_change)}.", remedy)
    return ok("clock", rfc3339(now))


def _of_secretariat(conn: Connection) -> Finding:
    count = secretariats(conn)
    if count == 0:
        remedy = "Run `rostrum person add EMAIL --name NAME --role secretariat`."
        return wrong("secretariat", "Nobody has this role for the whole service.", remedy)
    return ok("secretariat", f"{count} {'person' if count == 1 else 'people'}")


def _of_zones(conn: Connection, now: datetime) -> Finding:
    found = shifted(conn, now)
    if not found:
        return ok("zone data", ZONE_DATA)
    first = found[0]
    what = (
        f"Coming meetings that {ZONE_DATA} puts at other instants than they are kept at: {len(found):,}, first number"
        f" {first.number} of {first.session}, kept by {first.zone_data} at {rfc3339(first.starts_at)}."
    )
    return wrong("zone data", what, "Set their `start` to another time and back, which derives them anew.")


def _of_outbox(conn: Connection, now: datetime) -> Iterator[Finding]:
    found = troubles(conn, now - _RECENT)
    for each in found:
        yield _trouble(each)
    if not found:
        yield ok("outbox", "nothing failed in seven days")


def _trouble(each: Trouble) -> Finding:
    to = f" to {each.webhook}" if each.webhook else ""
    if each.status == "failed":
        remedy = "See GET /api/v1/outbox?status=failed; POST /api/v1/outbox/ID/retry sends one again."
        return wrong("outbox", f"Given up by {each.channel}{to}: {each.count:,}, for example: {each.error}", remedy)
    what = f"Tried again and again by {each.channel}{to}: {each.count:,}, for example: {each.error}"
    return wrong("outbox", what, "Mend that, and what waits goes out by itself.")


def _of_webhooks(conn: Connection, settings: Settings) -> Iterator[Finding]:
    try:
        allowed = Allowed.parse(settings.webhook_allow)
    except ValueError:
        return  # told with the ways out
    found = all_webhooks(conn, OPERATOR, limit=_MOST_WEBHOOKS)
    refused = [(each.id, fault) for each in found if (fault := fault_in(each.url, allowed))]
    for webhook, fault in refused:
        yield wrong("webhooks", f"{webhook} is never sent to: {fault}", "Or DELETE it and make it anew.")
    if not refused:
        yield ok("webhooks", f"{len(found)}")
