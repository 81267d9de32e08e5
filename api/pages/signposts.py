"""Pages that letters and calendars name and that are not built: each leads to where the same can be seen or done.

Such an address is kept for ever in mails and calendars. A page that is built takes the place of its route here.
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.pages.rendering import READ
from api.web.service import service_of
from scheduler.people.reader import PUBLIC
from scheduler.programme import queries

router = APIRouter(include_in_schema=False)
Zone = Annotated[str | None, Query(max_length=64)]


@router.api_route("/meetings/{meeting_id}", methods=READ)
async def meeting(request: Request, meeting_id: str, tz: Zone = None) -> Response:
    """To the meeting in the programme."""
    found = await service_of(request).reads.short(lambda conn: queries.meeting(conn, PUBLIC, meeting_id))
    return _in_session(found.session, found.id, tz)


def _in_session(session: str, meeting_id: str, tz: str | None) -> Response:
    return RedirectResponse(f"/sessions/{session}{f'?tz={quote(tz)}' if tz else ''}#{meeting_id}")
