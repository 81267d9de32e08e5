"""`/docs`: every operation of the API, to be read and tried, by a viewer that comes from here as all parts do."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.door import pages
from api.pages.rendering import POLICY, READ, html, render
from api.pages.viewer import viewer_of
from api.web.service import service_of

router = pages()
# The viewer's style sheet has its icons in it.
_POLICY = POLICY.replace("img-src 'self'", "img-src 'self' data:")


@router.api_route("/docs", methods=READ)
async def docs(request: Request) -> Response:
    """The same for everybody, in English, as the OpenAPI document is."""
    service, viewer = service_of(request), viewer_of(request)
    answer = html(await service.reads.short(lambda conn: render(service, conn, viewer, "docs.html")))
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer
