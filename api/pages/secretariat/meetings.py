"""A meeting, or a day's pattern over several weeks, made in a session; a meeting changed, with its lists."""

from typing import Any

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.delivery.letters.dates import locale_of
from api.pages.door import pages, see
from api.pages.rendering import OWN_NAMES, READ
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.web.said.meetings import MeetingChange, MeetingIn
from api.web.service import service_of
from scheduler.clock.zones import parse_date
from scheduler.lists.queries import lists_of_meeting
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.programme import queries
from scheduler.programme.views import MeetingView
from scheduler.secretariat import moving, patterns
from scheduler.secretariat.desk import meeting_of_hers, session_of_hers
from scheduler.secretariat.patterns import Looked, Pattern
from scheduler.storage.connection import Connection

router = pages()
_ROWS, _MOST_ITEMS, _MOST_LISTS = 4, 500, 100


@router.api_route(f"{ROOT}/sessions/{{code}}/meetings/new", methods=READ)
async def new(request: Request, code: str) -> Response:
    """The form of new meetings."""
    return await _new_page(request, code)


@router.post(f"{ROOT}/sessions/{{code}}/meetings/new")
async def make(request: Request, code: str) -> Response:
    """Looks at new meetings, and makes them once they were looked at: all or none."""
    form = Filled.of(request)

    async def read() -> Pattern:
        return _pattern(form)

    pattern = await attempt(request, read)
    if isinstance(pattern, Tried):
        return await _new_page(request, code, pattern)
    seen = repr((pattern.first, pattern.last, pattern.at, pattern.but, pattern.title, pattern.model.room))
    if form.raw("do") == "apply" and form.raw("seen") == seen:
        made = await attempt(
            request, lambda: act(request, lambda tx, actor: patterns.add(tx, actor, code, pattern), alone=True)
        )
        return await _new_page(request, code, made) if isinstance(made, Tried) else see(_of(code))
    looked = await attempt(
        request, lambda: act(request, lambda tx, actor: patterns.look(tx, actor, code, pattern), alone=True)
    )
    found = looked.refusal if isinstance(looked, Tried) and isinstance(looked.refusal, Looked) else None
    if found is None:
        return await _new_page(request, code, looked)
    return await _new_page(request, code, Tried(form.fields), found.data["meetings"], seen)


@router.api_route(f"{ROOT}/meetings/{{meeting_id}}", methods=READ)
async def meeting(request: Request, meeting_id: str) -> Response:
    """The form that changes a meeting, and its lists of speakers."""
    return await _page(request, meeting_id)


@router.post(f"{ROOT}/meetings/{{meeting_id}}")
async def change(request: Request, meeting_id: str) -> Response:
    """Changes a meeting, but for its time."""

    async def do() -> MeetingView:
        form = Filled.of(request)
        said = _common(form) | {"title": form.raw("title"), "number": form.number("number")}
        said |= {"expected_version": form.number("expected_version")}
        sent = form.shaped(MeetingChange, said)
        changes, expected = sent.said(), sent.expected_version
        return await act(
            request,
            lambda tx, actor: moving.change_meeting(tx, actor, meeting_id, changes, expected_version=expected),
        )

    done = await attempt(request, do)
    if isinstance(done, Tried):
        return await _page(request, meeting_id, done)
    return see(f"{ROOT}/meetings/{done.id}?done=saved")


def _of(code: str) -> str:
    return f"{ROOT}/sessions/{code}?done=meetings"


def _pattern(form: Filled) -> Pattern:
    """The pattern that a form says; faults are named by its fields."""
    rows = [number for number in range(_ROWS) if form.raw(f"at.{number}.start") or form.raw(f"at.{number}.end")]
    at = tuple(
        (form.time(f"at.{number}.start"), form.time(f"at.{number}.end"), form.fold(f"at.{number}.fold"))
        for number in rows
    )
    first = form.date("first")
    last = form.date("last") if form.raw("last") else first
    # When they are held the pattern says; what is wrong there was taken down at its own fields.
    times = {"date": "2000-01-01", "start": "00:00", "end": "00:00"}
    shared = form.shaped(MeetingIn, _common(form) | times | {"title": form.raw("title") or "-"}).new()
    return Pattern(first, last, at, tuple(form.parts("but")), form.text("title"), shared)


def _common(form: Filled) -> dict[str, Any]:
    """What a form says of each meeting, whenever it is held."""
    said: dict[str, Any] = {name: form.text(name) for name in ("room", "webcast_url", "join_url")}
    said |= {name: form.text(name) for name in ("format", "links_for", "replies")}
    said |= {"languages": form.many("languages"), "items": form.many("items")}
    ends = form.time("end_if_exceeded") if form.raw("end_if_exceeded") else None
    return said | {"remote_budget_seconds": form.seconds("remote_budget_seconds"), "end_if_exceeded": ends}


async def _new_page(
    request: Request, code: str, tried: Tried | None = None, looked: list[MeetingView] | None = None, seen: str = ""
) -> Response:
    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        session = session_of_hers(conn, actor, code)
        return {
            "session": session,
            "meeting": None,
            "looked": [_row(times, each, session.city) for each in looked or ()],
            "seen": seen,
            "rows": range(_ROWS),
            "dates": times.dates(session.starts_on, session.ends_on),
            "clocks": times.pair(session.timezone, session.city),
            **_options(conn, actor, session.code, times.language),
        }

    return await show(request, "meetings_new", known, tried)


async def _page(request: Request, meeting_id: str, tried: Tried | None = None) -> Response:
    now = service_of(request).clock.now()

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        session, held = meeting_of_hers(conn, actor, meeting_id)
        lists = lists_of_meeting(conn, Reader(actor), held.id, now, after=None, limit=_MOST_LISTS)
        return {
            "session": session,
            "meeting": held,
            "when": times.stretch(held.starts_at, held.ends_at, held.timezone, session.city),
            "lists": [view for view, _ in lists],
            "clocks": times.pair(held.timezone, session.city),
            **_options(conn, actor, session.code, times.language),
        }

    return await show(request, "meeting", known, tried)


def _row(times: Times, held: MeetingView, city: str | None) -> tuple[MeetingView, Any, str]:
    weekday = format_date(parse_date(held.date, field="date"), "EEEE", locale=locale_of(times.language))
    return held, times.stretch(held.starts_at, held.ends_at, held.timezone, city), weekday


def _options(conn: Connection, actor: Actor, code: str, language: str) -> dict[str, Any]:
    """What a meeting's form lets one choose from."""
    names = locale_of(language).languages
    return {
        "items": [
            (each.id, f"{each.number} {each.title}")
            for each in queries.items(conn, Reader(actor), code, limit=_MOST_ITEMS)
        ],
        "spoken": [(tag, names.get(tag, tag)) for tag in OWN_NAMES],
    }
