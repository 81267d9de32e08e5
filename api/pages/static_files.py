"""What pages load beside themselves: our own style sheet, out of the package."""

from starlette.staticfiles import StaticFiles

static = StaticFiles(packages=[("api.pages", "static")])
"""To be mounted at `/static`."""
