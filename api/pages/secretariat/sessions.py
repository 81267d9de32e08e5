"""`/secretariat/sessions/…`: a session with its meetings; made, changed and published."""

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.delivery.letters.dates import on_clock
from api.pages.cities import every_city
from api.pages.door import pages, see
from api.pages.rail import rail
from api.pages.rendering import READ
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.tried import Tried, attempt
from api.pages.sittings import deadlines, lists_of, sitting
from api.pages.times import Times
from api.pages.viewer import viewer_of
from api.web.said.sessions import SessionChange, SessionIn
from scheduler.accreditation.queries import status_counts
from scheduler.errors import Forbidden
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.programme import queries, sessions
from scheduler.programme.calendar import offered_meetings
from scheduler.programme.deadlines import DeadlineView
from scheduler.programme.views import SessionView
from scheduler.secretariat.desk import desk, session_of_hers
from scheduler.storage.connection import Connection

router = pages()
_MOST_WITH_LISTS, _MOST_ITEMS = 60, 500
_MORE_DEADLINES, _MOST_REPLIES = 2, 10
_ = str
"""Marks a sentence for the catalogues: it is said in the reader's language where a page shows it."""
_NO_BODY = _("You run no body. Its secretariat makes its sessions.")


@router.api_route(f"{ROOT}/new-session", methods=READ)
async def new(request: Request) -> Response:
    """The form of a new session."""
    return await _form(request, None)


@router.post(f"{ROOT}/sessions")
async def make(request: Request) -> Response:
    """Makes a session, as a draft."""

    async def do() -> SessionView:
        wanted = _said(request, SessionIn).new()
        return await act(request, lambda tx, actor: sessions.add(tx, actor, wanted))

    made = await attempt(request, do)
    return await _form(request, None, made) if isinstance(made, Tried) else see(_path(made.code, "made"))


@router.api_route(f"{ROOT}/sessions/{{code}}", methods=READ)
async def session(request: Request, code: str) -> Response:
    """A session with its meetings."""
    return await _session(request, code)


@router.api_route(f"{ROOT}/sessions/{{code}}/edit", methods=READ)
async def edit(request: Request, code: str) -> Response:
    """The form that changes a session."""
    return await _form(request, code)


@router.post(f"{ROOT}/sessions/{{code}}/edit")
async def change(request: Request, code: str) -> Response:
    """Changes a session."""

    async def do() -> SessionView:
        changes = _said(request, SessionChange)
        said, expected = changes.said(), changes.expected_version
        return await act(request, lambda tx, actor: sessions.change(tx, actor, code, said, expected_version=expected))

    changed = await attempt(request, do)
    return await _form(request, code, changed) if isinstance(changed, Tried) else see(_path(changed.code, "saved"))


@router.post(f"{ROOT}/sessions/{{code}}/publish")
async def publish(request: Request, code: str) -> Response:
    """Publishes a draft."""

    async def do() -> SessionView:
        changes = {"status": "published"}
        return await act(request, lambda tx, actor: sessions.change(tx, actor, code, changes))

    done = await attempt(request, do)
    return await _session(request, code, done) if isinstance(done, Tried) else see(_path(done.code, "published"))


def _path(code: str, done: str) -> str:
    return f"{ROOT}/sessions/{code}?done={done}"


def _said(request: Request, shape: Any) -> Any:
    """What the form says, as `shape` has it."""
    form = Filled.of(request)
    said: dict[str, Any] = {name: form.raw(name) for name in ("code", "body", "title")}
    said |= {name: form.date(name) for name in ("starts_on", "ends_on")} | {"timezone": form.zone("timezone")}
    said |= {name: form.text(name) for name in ("city", "venue", "description")}
    said |= {name: form.raw(name) for name in ("kind", "format")}
    replies = [form.seconds(f"reply_seconds.{number}") for number in range(_MOST_REPLIES)]
    said |= {"reply_seconds": [each for each in replies if each] or None, "deadlines": _deadlines(form)}
    if shape is SessionChange:
        said["expected_version"] = form.number("expected_version")
    return form.shaped(shape, said)


def _deadlines(form: Filled) -> list[dict[str, Any]]:
    """Those that have a title or a time; each keeps its place, by which faults are named."""
    found: list[dict[str, Any]] = []
    for number in range(sum(name.endswith(".title") for name in form.fields)):
        name = f"deadlines.{number}"
        when = form.moment(f"{name}.as")
        if when or form.raw(f"{name}.title"):
            found.append({"title": form.raw(f"{name}.title"), "as": when})
    return found


async def _form(request: Request, code: str | None, tried: Tried | None = None) -> Response:
    language = viewer_of(request).language

    def known(conn: Connection, actor: Actor, __: Times) -> dict[str, Any]:
        found = session_of_hers(conn, actor, code) if code else None
        # Whoever runs this session alone leaves it in its body.
        bodies = desk(conn, actor).bodies or ((queries.body(conn, found.body),) if found else ())
        if found is None and not bodies:
            raise Forbidden(_NO_BODY)
        written = [_written(each, found.timezone) for each in found.deadlines] if found else []
        return {
            "session": found,
            "bodies": [
                (each.code, each.name) for each in bodies or ([queries.body(conn, found.body)] if found else ())
            ],
            "cities": every_city(language),
            "deadlines": [*written, *[("", None)] * _MORE_DEADLINES],
        }

    return await show(request, "session_form", known, tried)


def _written(deadline: DeadlineView, zone: str) -> tuple[str, dict[str, Any]]:
    """A deadline's title, and the wall clock that was written; an instant on the session's own clock."""
    if isinstance(deadline["as"], dict):
        return deadline["title"], deadline["as"]
    there = on_clock(deadline["at"], zone)
    return deadline["title"], {"date": f"{there:%Y-%m-%d}", "time": f"{there:%H:%M}", "timezone": zone}


async def _session(request: Request, code: str, tried: Tried | None = None) -> Response:
    mirrored = viewer_of(request).direction == "rtl"

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        found, reader = session_of_hers(conn, actor, code), Reader(actor)
        held = [each.whole for each in offered_meetings(conn, reader, session=found.code)]
        shown = [each for each in held if not each.cancelled][:_MOST_WITH_LISTS]
        of_it = {each.id: lists_of(conn, reader, times, each) for each in shown}
        sittings = [sitting(times, each, of_it.get(each.id, ())) for each in held]
        return {
            "session": found,
            "dates": times.dates(found.starts_on, found.ends_on),
            "clocks": times.pair(found.timezone, found.city),
            "rail": rail(times, held, found.timezone, found.city, mirrored=mirrored),
            "ahead": [each for each in sittings if each.meeting.ends_at > times.now],
            "behind": [each for each in sittings if each.meeting.ends_at <= times.now],
            "items": queries.items(conn, reader, found.code, limit=_MOST_ITEMS),
            "accredited": Counter(status_counts(conn, found.id)),
            "deadlines": deadlines(times, found),
        }

    return await show(request, "session", known, tried)
