"""`/help`: how to subscribe in each calendar program, how often each looks, and what to use where that is too slow."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.door import pages
from api.pages.rendering import READ, html, render
from api.pages.subscribing import subscribe
from api.pages.viewer import viewer_of
from api.web.service import service_of

router = pages()


@router.api_route("/help", methods=READ)
async def help_page(request: Request) -> Response:
    """The same for everybody."""
    service, viewer = service_of(request), viewer_of(request)
    everything = subscribe(service.settings.base_url, "/calendars/programme.ics", "Rostrum")
    return html(
        await service.reads.short(
            lambda conn: render(service, conn, viewer, "help.html", here="help", everything=everything)
        )
    )
