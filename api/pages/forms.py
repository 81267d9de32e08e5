"""What a form of a page sent, with the file that it carries."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from api.web.limits import MOST_BYTES, MOST_BYTES_OF_A_FILE, read_body
from scheduler.errors import Meaningless, TooLarge

MOST_BYTES_WITH_A_FILE = MOST_BYTES_OF_A_FILE * 4 // 3 + MOST_BYTES
"""Of a form that carries a file: also one that was looked at before comes back in a field, as text."""

_MOST_FIELDS, _MOST_FILES = 2_500, 1
_ = str
"""Marks a sentence for the catalogues: it is said in the reader's language where a page shows it."""
_UNREADABLE = _("This form cannot be read. Load the page again and send it once more.")
_TOO_LARGE = _("A file has 10 MB at most. Divide it.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody chose: what it is called on her machine, and what is in it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """All that was said in each field, and the files by the field in which they were chosen."""

    fields: Mapping[str, list[str]]
    files: Mapping[str, Upload] = field(default_factory=dict)


async def read_form(request: Request, most: int) -> Form:
    """What a form sent, `most` bytes of it. Only where that is more than a page's form has may it carry a file.

    Raises:
        TooLarge: it, or its file, is larger.
        Meaningless: it is no form that can be read, or has more fields than any of ours.
    """
    body = await read_body(request, most)
    if most > MOST_BYTES and request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _in_parts(request, body, most)
    try:
        text = body.decode("utf-8", "replace")
        return Form(parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise Meaningless(_UNREADABLE) from error


async def _in_parts(request: Request, body: bytes, most: int) -> Form:
    parser = MultiPartParser(
        request.headers, _once(body), max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=most
    )
    try:
        sent = await parser.parse()
    except (MultiPartException, ValueError) as error:
        raise Meaningless(_UNREADABLE) from error
    fields: dict[str, list[str]] = {}
    files = {}
    for name, value in sent.multi_items():
        if not isinstance(value, UploadFile):
            fields.setdefault(name, []).append(value)
            continue
        data = await value.read()
        await value.close()
        if len(data) > MOST_BYTES_OF_A_FILE:
            raise TooLarge(_TOO_LARGE)
        if data or value.filename:
            files[name] = Upload(value.filename or "", data)
    return Form(fields, files)


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
