"""What pages load beside themselves: our own style sheets and scripts, and the parts that set-up copied."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.web.compressing import compressed

_FOLDER = Path(__file__).resolve().parent / "static"
_FOREVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_TEXTS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class _Kept(StaticFiles):
    """Browsers keep what is asked for under its version for ever, the rest for a day."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = _packed(path, scope) or await super().get_response(path, scope)
        if response.status_code < 400:  # noqa: PLR2004  -- refusals are not kept
            response.headers["Cache-Control"] = _FOREVER if scope["query_string"].startswith(b"v=") else _A_DAY
        return response


def _packed(path: str, scope: Scope) -> Response | None:
    """A text of ours, compressed where the browser takes that; None: it goes out as it is."""
    file, kind = (_FOLDER / path).resolve(), _TEXTS.get(Path(path).suffix)
    if scope["method"] != "GET" or kind is None or not file.is_relative_to(_FOLDER) or not file.is_file():
        return None
    return compressed(Request(scope), Response(_text(file), media_type=kind))


@cache
def _text(file: Path) -> bytes:
    return file.read_bytes()


static = _Kept(packages=[("api.pages", "static")])
"""To be mounted at `/static`."""


@cache
def asset(name: str) -> str:
    """The address of a file, with its version: another content has another address."""
    version = hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest()[:12] if (_FOLDER / name).exists() else "none"
    return f"/static/{name}?v={version}"
