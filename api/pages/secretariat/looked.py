"""A file that is looked at first and applied afterwards, by the same form: all of it or nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starlette.requests import Request

from api.pages.door import said, signed
from api.pages.forms import Upload
from api.pages.secretariat.carried import chosen, is_fresh, packed
from api.pages.secretariat.tried import Tried, attempt
from scheduler.secretariat.importing import require_import

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Looked(Generic[T]):
    """A form after it was sent: what was `found` in the file, whether it was `applied`, or how it was refused."""

    upload: Upload | None = None
    found: T | None = None
    tried: Tried | None = None
    applied: bool = False

    def known(self, request: Request) -> dict[str, Any]:
        """What its page says of it; `counts` are those of a file that was applied, as its address tells them."""
        counts = [request.query_params.get(name, "")[:9] for name in ("made", "changed")]
        return {
            "upload": self.upload,
            "carried": packed(self.upload) if self.upload else "",
            "faults": self.tried.refusal.faults if self.tried and self.tried.refusal else (),
            "counts": [int(each) if each.isdecimal() else 0 for each in counts],
        }


async def look(request: Request, load: Callable[[bytes, bool], T]) -> Looked[T]:
    """Looks at the file that a form sends, or applies it once it was looked at.

    `load` takes its bytes and whether it is only looked at; it runs in a thread, since large files take long.
    """
    # Asked again in the act; here so that nobody else can have large files read.
    require_import(signed(request))
    looking = is_fresh(request) or said(request).get("do") != "apply"

    async def choose() -> Upload:
        return chosen(request)

    upload = await attempt(request, choose)
    if isinstance(upload, Tried):
        return Looked(tried=upload)
    found = await attempt(request, lambda: asyncio.to_thread(load, upload.data, looking))
    if isinstance(found, Tried):
        return Looked(upload, tried=found)
    return Looked(upload, found, applied=not looking)
