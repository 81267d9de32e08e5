"""Signed addresses by which a letter's reader stops one kind of reminders, without signing in."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from scheduler.ids import is_id
from scheduler.notices.unsubscribing import KINDS, Kind

PATH = "/unsubscribe"


def address(base: str, secret_key: str, person: str, kind: str) -> str:
    """The address for a person's letters of a kind. It grants nothing but ending these."""
    return f"{base}{PATH}/{person}.{kind}.{_signature(secret_key, person, kind)}"


def meant(secret_key: str, signed: str) -> tuple[str, Kind] | None:
    """The person and the kind behind the last part of such an address; None: it is none of ours."""
    person, _, rest = signed.partition(".")
    kind, _, signature = rest.partition(".")
    right = _signature(secret_key, person, kind).encode()
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), right) or not is_id(person) or kind not in KINDS:
        return None
    return person, kind


def _signature(secret_key: str, person: str, kind: str) -> str:
    message = f"unsubscribe\n{person}\n{kind}".encode("utf-8", "replace")
    digest = hmac.digest(secret_key.encode(), message, hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
