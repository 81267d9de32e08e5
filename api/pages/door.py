"""The door of the pages: who looks is known before the page is made; forms carry a token; refusals become pages."""

from collections.abc import Mapping
from typing import ClassVar, cast
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.auth.cookie import from_our_pages
from api.pages.forms import MOST_BYTES_WITH_A_FILE, Upload, read_form
from api.pages.rendering import READ, error_page
from api.pages.viewer import is_form_of, look, viewer_of
from api.web.compressing import compressed
from api.web.limits import MOST_BYTES, address_of
from api.web.problems import status_of
from api.web.service import service_of
from api.web.straight import Handler
from scheduler.errors import Forbidden, NotSignedIn, Refusal
from scheduler.people.permission import Actor

STALE_FORM = "This form is not of this visit any more. Go back, load the page again and send it once more."
SEE_OTHER = 303


class PageDoor(APIRoute):
    """A page's route. Its forms are for whoever is signed in; what one said is at `said(request)`."""

    open_to_all: ClassVar[bool] = False
    most_bytes: ClassVar[int] = MOST_BYTES

    def get_route_handler(self) -> Handler:
        """The route's handler behind the door."""
        inner, open_to_all, most_bytes = super().get_route_handler(), self.open_to_all, self.most_bytes

        async def handler(request: Request) -> Response:
            request.state.viewer = await look(request)
            request.state.signed = viewer_of(request).signed  # where acts look for who acts
            try:
                if request.method not in READ:
                    await _take_form(request, most_bytes)
                    if not open_to_all:
                        signed(request)
                return compressed(request, await inner(request))
            except NotSignedIn as refusal:
                return _to_sign_in(request, refusal)
            except Refusal as refusal:
                if "text/html" not in request.headers.get("accept", ""):
                    raise
                return compressed(request, await error_page(request, status_of(type(refusal)), refusal))

        return handler


class EntryDoor(PageDoor):
    """A page whose forms are for everybody: they sign one in."""

    open_to_all: ClassVar[bool] = True


class FilePageDoor(PageDoor):
    """A page whose forms may carry a file, which is at `sent_file(request, name)`."""

    most_bytes: ClassVar[int] = MOST_BYTES_WITH_A_FILE


def pages(door: type[PageDoor] = PageDoor) -> APIRouter:
    """A router of pages, which the OpenAPI document does not tell of."""
    return APIRouter(route_class=door, include_in_schema=False)


def said(request: Request) -> Mapping[str, str]:
    """What a form said, each field once."""
    return {name: values[-1] for name, values in ticked(request).items()}


def ticked(request: Request) -> Mapping[str, list[str]]:
    """The same, with all that was said in each field."""
    return cast("Mapping[str, list[str]]", request.state.form.fields)


def sent_file(request: Request, name: str) -> Upload | None:
    """The file that was chosen in a field; None: none was."""
    return cast("Upload | None", request.state.form.files.get(name))


def signed(request: Request) -> Actor:
    """Who is signed in. Raises NotSignedIn, which leads to the page where one does."""
    actor = viewer_of(request).actor
    if actor is None:
        raise NotSignedIn("Sign in first.")
    return actor


def see(path: str) -> Response:
    """Leads on after a form, so that loading again sends nothing again."""
    return RedirectResponse(path, SEE_OTHER)


async def _take_form(request: Request, most_bytes: int) -> None:
    service, viewer = service_of(request), viewer_of(request)
    if viewer.signed is None:
        service.limits.unsigned(address_of(request, service.settings.trusted_proxies))
    else:
        service.limits.write(str(viewer.signed.actor.id))
    # Who is not known sends no file: none is read before it is known who sends it.
    request.state.form = await read_form(request, most_bytes if viewer.signed else MOST_BYTES)
    if not is_form_of(request, said(request).get("form", "")) or not from_our_pages(request):
        raise Forbidden(STALE_FORM)


def _to_sign_in(request: Request, refusal: NotSignedIn) -> Response:
    if request.method in READ:
        return see(f"/sign-in?back={quote(viewer_of(request).here, safe='/')}")
    raise refusal
