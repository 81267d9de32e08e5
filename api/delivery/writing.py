"""From claimed rows to what channels take: letters with their calendar entry, posts, and what has become pointless."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import msgspec
from markupsafe import escape

from api.delivery import signing_in
from api.delivery.channels import Letter, Post
from api.delivery.letters.rendering import RenderedLetter, render
from api.delivery.mime import Sender
from api.delivery.unsubscribing import address
from calendars.entries import Variant
from calendars.feeds import attachment
from scheduler.lists.events import SlotEvent
from scheduler.notices.facts import LetterFacts
from scheduler.notices.gathering import UNREACHABLE, Addresses, Pointless, Writing, gather
from scheduler.outbox.views import ClaimedDue, Settled
from scheduler.people import queries as people
from scheduler.people import sign_in_links
from scheduler.people.views import MeView
from scheduler.programme.events import MeetingEvent
from scheduler.storage.connection import Connection
from scheduler.storage.reading import Reads
from scheduler.subscriptions.queries import targets

NO_WEBHOOK = "The webhook was removed."
_A_FEW = 4
# Noncharacters, which are no text. A title that held one would show each reader her own name or link, and no more.
_NAME, _LINK = "\ufdd0", "\ufdd1"


@dataclass(frozen=True, slots=True)
class Office:
    """What letters of this installation have in common. `base` is its address without a slash at its end."""

    base: str
    secret_key: str
    uid_host: str
    sender: Sender


@dataclass(frozen=True, slots=True)
class Ready:
    """A batch, ready to be sent: each thing with its row, and the rows of which nothing is to be sent."""

    letters: tuple[tuple[ClaimedDue, Letter], ...]
    posts: tuple[tuple[ClaimedDue, Post], ...]
    pointless: tuple[Settled, ...]


def joined(parts: Sequence[Ready]) -> Ready:
    """Several as one."""
    return Ready(
        tuple(pair for part in parts for pair in part.letters),
        tuple(pair for part in parts for pair in part.posts),
        tuple(result for part in parts for result in part.pointless),
    )


async def write(reads: Reads, batch: Sequence[ClaimedDue], now: datetime, office: Office) -> Ready:
    """Writes what is to be sent for claimed rows, from what holds at `now`.

    Every few letters it lets others have the event loop, so that the batch before goes out meanwhile. A thread of its
    own would only compete with that loop for the interpreter.
    """
    found, urls, links = reads.now(lambda conn: _read(conn, batch, now, office))
    letters, posts, pointless = [], [], []
    for due, to in links:
        if to.email is None:
            pointless.append(Settled(due, "dropped", UNREACHABLE))
        else:
            letters.append((due, signing_in.letter(due, to, now, office.base, office.secret_key)))
    for number, each in enumerate(found):
        if isinstance(each, Pointless):
            pointless.append(Settled(each.due, "dropped", each.why))
        else:
            letters.append((each.due, _letter(each, office)))
        if number % _A_FEW == 0:
            await asyncio.sleep(0)
    for due in batch:
        if due.channel == "webhook" and due.webhook_id in urls:
            posts.append((due, _post(due, urls, now)))
        elif due.channel == "webhook":
            pointless.append(Settled(due, "dropped", NO_WEBHOOK))
    return Ready(tuple(letters), tuple(posts), tuple(pointless))


def _read(
    conn: Connection, batch: Sequence[ClaimedDue], now: datetime, office: Office
) -> tuple[list[Writing | Pointless], dict[str, str], list[tuple[ClaimedDue, MeView]]]:
    mail = [due for due in batch if due.channel == "mail" and due.rule != sign_in_links.RULE]
    webhooks = {due.webhook_id for due in batch if due.channel == "webhook" and due.webhook_id}
    links = [(due, people.me(conn, str(due.person_id))) for due in batch if due.rule == sign_in_links.RULE]
    return gather(conn, mail, now, _addresses(office)) if mail else [], targets(conn, webhooks), links


def _addresses(office: Office) -> Addresses:
    return Addresses(office.base, lambda person, kind: address(office.base, office.secret_key, person, kind))


def _letter(writing: Writing, office: Office) -> Letter:
    rendered = rendered_for(writing.facts, writing.to.language)
    variant = _variant(office, writing.to.language, hers=isinstance(writing.event, SlotEvent))
    return Letter(
        to_address=writing.to.email or "",
        to_name=writing.to.name,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=writing.due.message_id,
        at=writing.facts.now,
        ics=_attached(writing.event, variant, office.sender.address) if writing.event else None,
        unsubscribe_url=writing.facts.unsubscribe_url,
    )


def rendered_for(facts: LetterFacts, language: str) -> RenderedLetter:
    """The letter, laid out once for all who are told the same on the same clocks; what is hers alone is filled in."""
    link = facts.unsubscribe_url and _LINK
    common = _rendered(replace(facts, name=_NAME, unsubscribe_url=link), language)
    return RenderedLetter(
        common.subject,
        common.text.replace(_NAME, facts.name).replace(_LINK, facts.unsubscribe_url or ""),
        common.html.replace(_NAME, str(escape(facts.name))).replace(_LINK, str(escape(facts.unsubscribe_url or ""))),
    )


_rendered = lru_cache(maxsize=256)(render)


@lru_cache(maxsize=256)
def _attached(event: MeetingEvent, variant: Variant, organizer: str) -> bytes:
    """Kept, since what starts for one person starts for hundreds, and each is reminded of it several times."""
    return attachment(event, variant, organizer)


@lru_cache(maxsize=64)
def _variant(office: Office, language: str, *, hers: bool) -> Variant:
    return Variant(host=office.uid_host, base_url=office.base, language=language, hers=hers)


def _post(due: ClaimedDue, urls: dict[str, str], now: datetime) -> Post:
    webhook = str(due.webhook_id)
    return Post(webhook, urls[webhook], due.message_id, msgspec.json.encode(due.data), now)
