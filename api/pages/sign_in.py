"""`/sign-in`: by a link that is mailed or, in the demonstration, by choosing a person. `/sign-out` ends it."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.cookie import COOKIE, LASTS, forget, keep
from api.delivery.letters.dates import on_clock
from api.delivery.signing_in import PATH, secret_of
from api.pages.door import EntryDoor, pages, said, see
from api.pages.rendering import READ, html, render
from api.pages.times import Clock, Times
from api.pages.viewer import FORM, LANGUAGE, ZONE, Viewer, form_token, local_path, viewer_of
from api.web.limits import address_of
from api.web.service import Service, service_of
from scheduler.clock.civil import Civil, civil
from scheduler.demo.fill import PEOPLE
from scheduler.demo.mark import is_demonstration
from scheduler.errors import NotFound
from scheduler.ids import new_secret
from scheduler.people import queries, sign_in_links, tokens
from scheduler.people.rules import address_key
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx

router = pages(EntryDoor)
_SHOWN = (*PEOPLE, ("participant", "sefina.tuilagi@example.org"))
_LONGEST_ADDRESS, _MOST_WALLS = 320, 3
Back = Annotated[str, Query(max_length=2_000)]


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the demonstration; `role` as the programme file's list of them says it."""

    email: str
    name: str
    organisation: str | None
    role: str
    clock: Clock


@router.api_route("/sign-in", methods=READ)
async def sign_in(request: Request, back: Back = "/") -> Response:
    """Asks for an address; in the demonstration it shows its persons."""
    return await _page(request, back=local_path(back), sent=False)


@router.post("/sign-in")
async def send_link(request: Request) -> Response:
    """Mails a link, if anybody has this address: the answer is the same where nobody has. Counted by address."""
    service, fields = service_of(request), said(request)
    service.limits.unsigned(address_of(request, service.settings.trusted_proxies))
    email, back, key = fields.get("email", "").strip(), local_path(fields.get("back")), service.settings.secret_key
    if 0 < len(email) <= _LONGEST_ADDRESS:
        await service.writer.act(
            lambda tx: sign_in_links.ask(
                tx, address_key(email), lambda id_: secret_of(key, id_), service.uid_host, back if back != "/" else None
            )
        )
    return await _page(request, back=back, sent=True)


@router.api_route(f"{PATH}/{{secret}}", methods=READ)
async def open_link(request: Request, secret: str, back: Back = "/") -> Response:
    """Asks with a button, since programs that look through mail follow links, and this one works once."""
    return await _page(request, back=local_path(back), secret=secret)


@router.post(f"{PATH}/{{secret}}")
async def use_link(request: Request, secret: str) -> Response:
    """Signs in whoever was sent this link."""
    until = service_of(request).clock.now() + LASTS
    session = await service_of(request).writer.act(lambda tx: sign_in_links.use(tx, secret, until))
    return _signed_in(request, session)


@router.post("/sign-in/demo")
async def be_somebody(request: Request) -> Response:
    """Signs in as a person of the demonstration. Anywhere else there is no such address."""
    service, email = service_of(request), said(request).get("email", "")
    until = service.clock.now() + LASTS

    def sign(tx: Tx) -> str:
        person = queries.by_address(tx.conn, email) if is_demonstration(tx.conn) else None
        if person is None or email not in {address for _, address in _SHOWN}:
            raise NotFound("There is nothing at this address.")
        return tokens.make(tx, queries.actor(tx.conn, person), person, "browser", until)

    return _signed_in(request, await service.writer.act(sign))


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends this browser's session, for whoever holds its secret."""
    signed = viewer_of(request).signed
    answer = see("/")
    if signed is not None:
        await service_of(request).writer.act(lambda tx: tokens.end(tx, signed.actor, signed.sign_in))
    forget(answer, COOKIE)
    return answer


def _signed_in(request: Request, session: str) -> Response:
    """Her account says from now on in which language and on which clock she reads."""
    answer = see(local_path(said(request).get("back")))
    keep(request, answer, COOKIE, session)
    for choice in (LANGUAGE, ZONE):
        forget(answer, choice)
    return answer


async def _page(request: Request, **values: Any) -> Response:
    service, viewer = service_of(request), viewer_of(request)
    form = request.cookies.get(FORM) or new_secret()
    token = viewer.form if viewer.signed else form_token(service.settings.secret_key, form)

    def body(conn: Connection) -> bytes:
        known: dict[str, Any] = {
            "sent": False,
            "secret": None,
            "link_path": PATH,
            "people": _people(service, conn, viewer),
        }
        known["walls"] = _walls(service, viewer)
        return render(service, conn, viewer, "sign_in.html", token=token, **known | values)

    answer = html(await service.reads.short(body))
    keep(request, answer, FORM, form)
    return answer


def _people(service: Service, conn: Connection, viewer: Viewer) -> list[Person]:
    if not is_demonstration(conn):
        return []
    times = Times(viewer.language, service.clock.now(), None)
    found = []
    for role, email in _SHOWN:
        id_ = queries.by_address(conn, email)
        if id_ is not None:
            view = queries.me(conn, id_)
            clock = times.pair(view.timezone, None)[0]
            found.append(Person(email, view.name, view.organisation.name if view.organisation else None, role, clock))
    return found


def _walls(service: Service, viewer: Viewer) -> list[tuple[Clock, Civil]]:
    """The venue's clock and two far ones, each with what its hour asks of people."""
    times = Times(viewer.language, service.clock.now(), None)
    zones = dict.fromkeys([*([viewer.zone] if viewer.zone else []), "Europe/Vienna", "America/Bogota", "Pacific/Apia"])
    hours = [(times.pair(zone, None)[0], civil(on_clock(times.now, zone).time())) for zone in zones]
    return hours[:_MOST_WALLS]
