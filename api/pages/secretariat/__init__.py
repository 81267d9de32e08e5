"""The secretariat's pages, `/secretariat` and below."""

from api.pages.secretariat import (
    accreditations,
    agenda,
    bodies,
    desk,
    imports,
    lists,
    meetings,
    moving,
    organisations,
    outbox,
    people,
    programme,
    sessions,
    webhooks,
)

PAGES = (
    *(desk, bodies, sessions, agenda, meetings, moving, lists, accreditations),
    *(programme, imports, people, organisations, outbox, webhooks),
)
