"""A file that was looked at comes back in a field of the page's form, so that what nobody applied is not kept."""

import base64
import binascii
import zlib

from starlette.requests import Request

from api.pages.door import said, sent_file
from api.pages.forms import Upload
from api.web.limits import MOST_BYTES_OF_A_FILE
from scheduler.errors import Meaningless

FILE, CARRIED, NAME = "file", "carried", "name"
"""The fields: a file that is chosen, one that comes back, and what that is called."""

_LONGEST_NAME = 200
_ = str
"""Marks a sentence for the catalogues: it is said in the reader's language where a page shows it."""
_NONE = _("Choose a file first.")
_BROKEN = _("The file did not come back whole. Choose it again.")


def packed(upload: Upload) -> str:
    """A file as a field carries it."""
    return base64.b64encode(zlib.compress(upload.data)).decode()


def chosen(request: Request) -> Upload:
    """The file that a form sends: the one chosen now, or else the one that it carries. Raises Meaningless for none."""
    fields, fresh = said(request), sent_file(request, FILE)
    if fresh is not None:
        return Upload(fresh.name[:_LONGEST_NAME], fresh.data)
    if not fields.get(CARRIED):
        raise Meaningless(_NONE, field=FILE)
    return Upload(fields.get(NAME, "")[:_LONGEST_NAME], _unpacked(fields[CARRIED]))


def is_fresh(request: Request) -> bool:
    """Whether a file was chosen now: it is looked at first, whatever button was pressed."""
    return sent_file(request, FILE) is not None


def _unpacked(text: str) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(base64.b64decode(text, validate=True), MOST_BYTES_OF_A_FILE)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise Meaningless(_BROKEN, field=FILE) from error
    if not unpacking.eof:
        raise Meaningless(_BROKEN, field=FILE)
    return data
