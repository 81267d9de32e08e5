"""A long list page by page: where it goes on is said in the address, as the API says it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from api.web.paging import cut

T = TypeVar("T")
LIMIT = 50


def further(request: Request, rows: Sequence[T], key: Callable[[T], Any]) -> tuple[Sequence[T], str | None]:
    """The rows of this page, and the address of the next one, if there is one. `rows` has one more than LIMIT."""
    shown, cursor = cut(rows, LIMIT, key)
    if cursor is None:
        return shown, None
    asked = {name: value for name, value in request.query_params.items() if name not in {"cursor", "done"}}
    return shown, f"{request.url.path}?{urlencode(asked | {'cursor': cursor})}"
