"""A meeting or a session moved, cancelled or brought back: first whom it affects and what they will read, then done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, who
from api.pages.door import pages, see, signed
from api.pages.rendering import READ
from api.pages.secretariat.affected import shown
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.letters import Letter, facts_of, letters
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.pages.viewer import viewer_of
from api.web.said.meetings import MeetingChange
from api.web.said.sessions import SessionChange, SessionMove
from api.web.service import service_of
from scheduler.clock.zones import parse_date
from scheduler.people.permission import Actor
from scheduler.programme import sessions
from scheduler.programme.views import MeetingView, SessionView
from scheduler.secretariat import cancelling, moving, postponing
from scheduler.secretariat.cancelling import SessionPreview
from scheduler.secretariat.desk import meeting_of_hers, session_of_hers
from scheduler.secretariat.moving import MeetingPreview
from scheduler.secretariat.postponing import PostponedPreview
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx
from scheduler.subscriptions.reach import count_reach

router = pages()
Preview = MeetingPreview | SessionPreview | PostponedPreview
_STATUS = {("meetings", "cancel"): "cancelled", ("meetings", "restore"): "scheduled"} | {
    ("sessions", "cancel"): "cancelled",
    ("sessions", "restore"): "published",
}
_DONE = {"move": "moved", "cancel": "cancelled", "restore": "restored"}
_CHANGES = ("date", "start", "end", "room", "fold", "starts_on")


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that somebody looks at: `noun` meetings or sessions, `what` move, cancel or restore, of which one.

    `look` finds out what it would do, `do` does it.
    """

    noun: str
    what: str
    reference: str
    looked_at: str
    look: Callable[[Tx, Actor], Preview]
    do: Callable[[Tx, Actor], Any]


@router.api_route(f"{ROOT}/meetings/{{meeting_id}}/move", methods=READ)
@router.api_route(f"{ROOT}/meetings/{{meeting_id}}/cancel", methods=READ)
@router.api_route(f"{ROOT}/meetings/{{meeting_id}}/restore", methods=READ)
@router.post(f"{ROOT}/meetings/{{meeting_id}}/move")
@router.post(f"{ROOT}/meetings/{{meeting_id}}/cancel")
@router.post(f"{ROOT}/meetings/{{meeting_id}}/restore")
async def meeting(request: Request, meeting_id: str) -> Response:
    """A change of a meeting looked at, and made once it has been."""
    return await _answer(request, "meetings", meeting_id, _of_meeting)


@router.api_route(f"{ROOT}/sessions/{{code}}/move", methods=READ)
@router.api_route(f"{ROOT}/sessions/{{code}}/cancel", methods=READ)
@router.api_route(f"{ROOT}/sessions/{{code}}/restore", methods=READ)
@router.post(f"{ROOT}/sessions/{{code}}/move")
@router.post(f"{ROOT}/sessions/{{code}}/cancel")
@router.post(f"{ROOT}/sessions/{{code}}/restore")
async def session(request: Request, code: str) -> Response:
    """A change of a whole session looked at, and made once it has been."""
    return await _answer(request, "sessions", code, _of_session)


async def _answer(
    request: Request, noun: str, reference: str, ask: Callable[[Request, str, str], Awaitable[Asked | Tried]]
) -> Response:
    signed(request)
    what, form = request.url.path.rpartition("/")[2], Filled.of(request)
    asked = await ask(request, reference, what)
    if isinstance(asked, Tried):
        return await _page(request, noun, what, reference, tried=asked)
    stale = form.raw("do") == "apply" and form.raw("seen") != asked.looked_at
    if form.raw("do") == "apply" and not stale and request.method not in READ:
        done = await attempt(request, lambda: act(request, asked.do))
        if not isinstance(done, Tried):
            code = getattr(done, "session", None) or done.code
            return see(f"{ROOT}/sessions/{code}?done={_DONE[what]}")
        return await _page(request, noun, what, reference, tried=done)
    service, actor = service_of(request), who(request)
    looked = await attempt(
        request,
        lambda: service.reads.long(lambda conn: asked.look(service.writer.tx(conn), actor(conn))),
    )
    if isinstance(looked, Tried):
        return await _page(request, noun, what, reference, tried=looked)
    return await _page(request, noun, what, reference, looked=looked, seen=asked.looked_at, stale=stale)


async def _of_meeting(request: Request, reference: str, what: str) -> Asked | Tried:
    def read(form: Filled) -> MeetingChange:
        said: dict[str, Any] = {"note": form.text("note"), "expected_version": form.number("expected_version")}
        if what == "move" and form.raw("date"):
            said |= {"date": form.date("date"), "start": form.time("start"), "end": form.time("end")}
            said |= {"room": form.text("room"), "fold": form.fold("fold")}
        elif what != "move":
            said["status"] = _STATUS["meetings", what]
        return form.shaped(MeetingChange, said)

    sent = await _read(request, read)
    if isinstance(sent, Tried):
        return sent
    said, kept = sent.said(), {"expected_version": sent.expected_version, "note": sent.note}
    return Asked(
        "meetings",
        what,
        reference,
        _seen(said),
        lambda tx, actor: moving.preview_meeting(tx, actor, reference, said, count_reach, **kept),
        lambda tx, actor: moving.change_meeting(tx, actor, reference, said, **kept),
    )


async def _of_session(request: Request, reference: str, what: str) -> Asked | Tried:
    if what == "move":
        return await _of_postponing(request, reference)

    def read(form: Filled) -> SessionChange:
        said = {"status": _STATUS["sessions", what], "expected_version": form.number("expected_version")}
        return form.shaped(SessionChange, said | {"note": form.text("note")})

    sent = await _read(request, read)
    if isinstance(sent, Tried):
        return sent
    said, kept = sent.said(), {"expected_version": sent.expected_version, "note": sent.note}
    return Asked(
        "sessions",
        what,
        reference,
        _seen(said),
        lambda tx, actor: cancelling.preview_session(tx, actor, reference, said, count_reach, **kept),
        lambda tx, actor: sessions.change(tx, actor, reference, said, **kept),
    )


async def _of_postponing(request: Request, reference: str) -> Asked | Tried:
    service, signed_in = service_of(request), signed(request)
    today = await service.reads.long(lambda conn: session_of_hers(conn, signed_in, reference))

    def read(form: Filled) -> SessionMove:
        said = {"note": form.text("note"), "expected_version": form.number("expected_version")}
        day = form.date("starts_on") if form.raw("starts_on") else today.starts_on
        return form.shaped(SessionMove, said | {"starts_on": day})

    sent = await _read(request, read)
    if isinstance(sent, Tried):
        return sent
    to, kept = sent.starts_on, {"expected_version": sent.expected_version, "note": sent.note}
    return Asked(
        "sessions",
        "move",
        reference,
        to,
        lambda tx, actor: postponing.preview_move(tx, actor, reference, to, count_reach, **kept),
        lambda tx, actor: postponing.move_session(tx, actor, reference, to, **kept),
    )


async def _read(request: Request, read: Callable[[Filled], Any]) -> Any:
    async def do() -> Any:
        return read(Filled.of(request))

    return await attempt(request, do)


def _seen(said: dict[str, Any]) -> str:
    """A change as the form that asks for it remembers what was looked at."""
    return " ".join(str(said[name]) for name in _CHANGES if said.get(name) is not None)


async def _page(
    request: Request,
    noun: str,
    what: str,
    reference: str,
    *,
    tried: Tried | None = None,
    looked: Preview | None = None,
    seen: str = "",
    stale: bool = False,
) -> Response:
    mirrored, form = viewer_of(request).direction == "rtl", Filled.of(request)
    written = form.raw("date") or form.raw("starts_on") or what != "move"
    tried = tried or Tried(form.fields if written else {})

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        held: MeetingView | None = None
        if noun == "meetings":
            session, held = meeting_of_hers(conn, actor, reference)
        else:
            session = session_of_hers(conn, actor, reference)
        return {
            "noun": noun,
            "what": what,
            "session": session,
            "meeting": held,
            "dates": times.dates(session.starts_on, session.ends_on),
            "clocks": times.pair(session.timezone, session.city),
            "looked": looked,
            "found": shown(looked.affected, times, mirrored=mirrored) if looked else None,
            "letters": _letters(times, session, held, looked, form.text("note")),
            "seen": seen,
            "stale": stale,
            "other_days": _other_days(times, looked),
            **_sides(times, session, held, looked),
        }

    return await show(request, "move", known, tried)


def _sides(times: Times, session: SessionView, held: MeetingView | None, looked: Preview | None) -> dict[str, Any]:
    """How it is set now and how it would be, each on the venue's own clock."""
    if held is not None:
        venue = Times(times.language, times.now, held.timezone)
        after = looked.meeting if isinstance(looked, MeetingPreview) else held
        seen = [venue.stretch(each.starts_at, each.ends_at, each.timezone, session.city) for each in (held, after)]
        return {"before": seen[0].mine, "after": seen[1].mine, "after_room": after.room}
    after_session = session if looked is None or isinstance(looked, MeetingPreview) else looked.session
    return {
        "before": times.dates(session.starts_on, session.ends_on),
        "after": times.dates(after_session.starts_on, after_session.ends_on),
        "after_room": None,
    }


def _other_days(times: Times, looked: Preview | None) -> list[tuple[str, str, str]]:
    """The meetings that fall on another day of the week: title, day before, day after."""
    moved = looked.other_weekday if isinstance(looked, PostponedPreview) else ()
    return [(each.title, _day(times, each.before.date), _day(times, each.after.date)) for each in moved]


def _day(times: Times, date: str) -> str:
    return times.written(parse_date(date, field="date"))


def _letters(
    times: Times, session: SessionView, held: MeetingView | None, looked: Preview | None, note: str | None
) -> list[Letter]:
    """What they will read. A session's letters tell of each meeting; the preview's sentence says it in one."""
    if looked is None:
        return []
    if held is None or not isinstance(looked, MeetingPreview):
        return letters(looked.affected, times, None)
    return letters(looked.affected, times, facts_of(session, held, looked.meeting, times, note))
