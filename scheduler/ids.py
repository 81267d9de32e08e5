"""Opaque ids and secrets. Ids are uuids: unguessable, and fit to stand before the @ of a calendar UID."""

import hashlib
import re
import secrets
import time
import uuid

AN_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
A_CODE = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""What ids and codes look like. An id has the form of a code, too, but is none."""

_ID, _CODE = re.compile(AN_ID), re.compile(A_CODE)
_LOWEST_62 = (1 << 62) - 1


def new_id() -> str:
    """A fresh id, 36 characters. Later ones sort later (RFC 9562, version 7), so that indexes grow at their end."""
    moment, chance = time.time_ns() // 1_000_000, secrets.randbits(74)
    return str(uuid.UUID(int=moment << 80 | 7 << 76 | chance >> 62 << 64 | 2 << 62 | chance & _LOWEST_62))


def is_id(text: str) -> bool:
    """Whether `text` could be an id at all; what could not is never asked of the database."""
    return _ID.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """Whether `text` is a slug: lower-case letters, digits and inner hyphens, at most 63 characters."""
    return _CODE.fullmatch(text) is not None and not is_id(text)


def new_secret() -> str:
    """256 bits for a token or a private address, 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """What is stored of a secret. The secrets are random, so a plain SHA-256 cannot be searched back."""
    return hashlib.sha256(secret.encode()).hexdigest()
