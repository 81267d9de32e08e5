"""What one settles on `/me`: private calendar addresses, how one is told, one's clock and language, one's sign-ins."""

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.auth.cookie import COOKIE, forget
from api.pages.cities import find
from api.pages.door import pages, said, see, ticked
from api.pages.me import page
from api.pages.subscribing import subscribe
from api.pages.viewer import LANGUAGE, ZONE, viewer_of
from api.web.service import service_of
from api.web.translations import languages
from scheduler.clock.zones import ZONE_NAMES, parse_time
from scheduler.errors import Meaningless
from scheduler.people import persons, tokens
from scheduler.people.rules import LIST_RULES, TURN_RULES
from scheduler.people.views import QuietHours
from scheduler.subscriptions import feeds
from scheduler.subscriptions.feeds import NewFeed
from scheduler.subscriptions.rules import Scope

router = pages()
_MOST_MINUTES = 1_440
_SLOTS_BY = ("invitation", "feed")
_SCOPES: dict[str, Scope] = {each: each for each in get_args(Scope)}


@router.post("/me/feeds")
async def make_feed(request: Request) -> Response:
    """Makes a private calendar address and shows it, this once; `scope` names a session or organisation by a colon."""
    name, _, of = said(request).get("scope", "").partition(":")
    scope = _SCOPES.get(name)
    if scope is None:
        raise Meaningless("Choose what the feed shall show.", field="scope")
    organisation, session = (of or None, None) if scope == "organisation" else (None, of or None)
    wanted = NewFeed(scope, session=session, organisation=organisation, include=("deadlines",))
    _, secret = await act(request, lambda tx, actor: feeds.make(tx, actor, wanted))
    path = f"/calendars/private/{secret}.ics"
    return await page(request, fresh=subscribe(service_of(request).settings.base_url, path, "Rostrum"))


@router.post("/me/feeds/{feed_id}/revoke")
async def revoke_feed(request: Request, feed_id: str) -> Response:
    """Revokes one of her addresses."""
    await act(request, lambda tx, actor: feeds.revoke(tx, actor, feed_id))
    return see("/me#feeds")


@router.post("/me/sign-ins/{sign_in_id}/end")
async def end_sign_in(request: Request, sign_in_id: str) -> Response:
    """Ends one of her sign-ins."""
    await act(request, lambda tx, actor: tokens.end(tx, actor, sign_in_id))
    answer = see("/me#sign-ins")
    own = viewer_of(request).signed
    if own is not None and own.sign_in == sign_in_id:
        forget(answer, COOKIE)
    return answer


@router.post("/me/reminders")
async def change_reminders(request: Request) -> Response:
    """Which reminders she gets, and when she is left alone."""
    chosen = ticked(request)
    quiet = [said(request).get(name, "") for name in ("quiet_start", "quiet_end")]
    for each in filter(None, quiet):
        parse_time(each, field="quiet_hours")
    leads = [*chosen.get("lead", []), *chosen.get("lead_more", [])]
    changes: dict[str, Any] = {
        "lead_minutes": [int(each) for each in leads if each.isdecimal()],
        "list_rules": [each for each in LIST_RULES if each in chosen.get("list_rules", [])],
        "turn_rules": [each for each in TURN_RULES if each in chosen.get("turn_rules", [])],
        "quiet_hours": QuietHours(quiet[0], quiet[1]) if all(quiet) else None,
        "quiet_own_turn": "still_tell" not in chosen,
    }
    await act(request, lambda tx, actor: persons.change_own(tx, actor, changes))
    return see("/me#reminders")


@router.post("/me/told-by")
async def change_told_by(request: Request) -> Response:
    """By which way she is told: mail or not, her slots as invitations or in her feed, which follows how closely."""
    fields = said(request)
    changes: dict[str, Any] = {"channels": ["mail"] if fields.get("mail") else []}
    if fields.get("slots_by") in _SLOTS_BY:
        changes["slots_by"] = fields["slots_by"]
    moves = fields.get("feed_moves_minutes", "")
    if moves:
        if not moves.isdecimal() or not 1 <= int(moves[:6]) <= _MOST_MINUTES:
            raise Meaningless("Give minutes from 1 to 1440.", field="feed_moves_minutes")
        changes["feed_moves_minutes"] = int(moves)
    await act(request, lambda tx, actor: persons.change_own(tx, actor, changes))
    return see("/me#told-by")


@router.post("/me/clock")
async def change_clock(request: Request) -> Response:
    """Her clock and language, for all browsers and letters: what this browser chose for itself is forgotten."""
    fields, viewer = said(request), viewer_of(request)
    city, zone, language = fields.get("city", ""), fields.get("zone", ""), fields.get("language", "")
    found = find(city, viewer.language) if city.strip() else []
    zones = {each.zone for each in found}
    chosen = zone if zone in ZONE_NAMES else (found[0].zone if len(zones) == 1 else None)
    if city.strip() and chosen is None:
        return await page(request, cities=found, asked=city)
    changes = {"timezone": chosen, "language": language if language in languages() else None}
    await act(request, lambda tx, actor: persons.change_own(tx, actor, {k: v for k, v in changes.items() if v}))
    answer = see("/me#clock")
    for choice in (ZONE, LANGUAGE):
        forget(answer, choice)
    return answer
