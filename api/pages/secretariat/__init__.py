"""The secretariat's pages, `/secretariat` and below."""

from api.pages.secretariat import desk, moving, sessions

PAGES = (desk, sessions, moving)
