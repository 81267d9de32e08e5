"""`/clock` and `/language/…`: the clock and the language of a browser, chosen and remembered, without signing in."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.cookie import keep
from api.pages.cities import City, describe, find
from api.pages.door import pages, see
from api.pages.rendering import READ, html, render
from api.pages.viewer import CHOICE_LASTS, DETECTED, LANGUAGE, ZONE, Viewer, local_path, viewer_of
from api.web.service import service_of
from api.web.translations import languages
from scheduler.clock.zones import ZONE_NAMES
from scheduler.errors import NotFound

router = pages()
Text = Annotated[str, Query(max_length=200)]
Back = Annotated[str, Query(max_length=2_000)]


@router.api_route("/clock", methods=READ)
async def clock(request: Request, city: Text = "", zone: Text = "", back: Back = "/") -> Response:
    """Finds a city, and remembers its clock as soon as one is meant. Nothing but what a browser shows depends on it."""
    viewer, path = viewer_of(request), local_path(back)
    if zone in ZONE_NAMES:
        answer = see(path)
        keep(request, answer, ZONE, zone, CHOICE_LASTS)
        return answer
    found = find(city, viewer.language)
    if len({each.zone for each in found}) == 1:
        answer = see(path)
        keep(request, answer, ZONE, found[0].zone, CHOICE_LASTS)
        return answer
    service = service_of(request)
    body = await service.reads.short(
        lambda conn: render(
            service, conn, viewer, "clock.html", asked=city, found=found, back=path, near=_near(request, viewer)
        )
    )
    return html(body)


@router.api_route("/language/{language}", methods=READ)
async def language(request: Request, language: str, back: Back = "/") -> Response:
    """Remembers a language."""
    if language not in languages():
        raise NotFound("There are no pages in this language.")
    answer = see(local_path(back))
    keep(request, answer, LANGUAGE, language, timedelta(days=365))
    return answer


def _near(request: Request, viewer: Viewer) -> list[City]:
    """The clocks that are likely meant: her account's, and the one that her browser goes by."""
    account = viewer.actor.timezone if viewer.actor else None
    zones = (account, request.cookies.get(DETECTED), "UTC")
    return [describe(zone, viewer.language) for zone in dict.fromkeys(zones) if zone in ZONE_NAMES]
