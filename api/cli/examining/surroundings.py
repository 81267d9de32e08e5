"""What surrounds the service: its folder and key, the address it is known by, the ways out."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from api.cli.examining.finding import Finding, ok, wrong
from api.delivery.addresses import on_loopback
from api.delivery.smtp import SmtpChannel
from api.settings import KEPT_KEY, UNSET_SENDER, Settings
from api.worker.rounds import channels_of
from scheduler.storage.engine import file_of

_LEAST_FREE = 200_000_000
_SHORTEST_KEY = 32
_PATIENCE_SECONDS = 10


def of_folder(settings: Settings) -> Iterator[Finding]:
    """The data folder and the key in it."""
    yield _data_folder(settings.data_dir)
    yield _key(settings)


def _data_folder(folder: Path) -> Finding:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return wrong("data folder", f"{there} cannot be written.", "Give it to this user, or set ROSTRUM_DATA_DIR.")
    free = shutil.disk_usage(there).free
    if free < _LEAST_FREE:
        return wrong("data folder", f"The disk of {folder} has {free / 1e6:,.0f} MB left.", "Make room.")
    return ok("data folder", f"{folder}, {free / 1e9:,.1f} GB free")


def _key(settings: Settings) -> Finding:
    set_one, kept = os.environ.get("ROSTRUM_SECRET_KEY"), settings.data_dir / KEPT_KEY
    if set_one:
        if len(set_one) < _SHORTEST_KEY:
            remedy = "Set one such as `openssl rand -hex 32` prints; webhooks then have new secrets."
            return wrong("secret key", f"ROSTRUM_SECRET_KEY has fewer than {_SHORTEST_KEY} characters.", remedy)
        return ok("secret key", "set")
    if kept.exists() and kept.stat().st_mode & 0o077:
        return wrong("secret key", f"Others may read {kept}.", f"Run `chmod 600 {kept}`.")
    if _shared(settings):
        remedy = f"Set ROSTRUM_SECRET_KEY for every process, to what {kept} holds where that is there."
        return wrong("secret key", "It is not set, so each machine would make its own.", remedy)
    return ok("secret key", f"kept in {kept}" if kept.exists() else f"will be kept in {kept}")


def _shared(settings: Settings) -> bool:
    try:
        return file_of(settings.database_url) is None
    except Exception:  # noqa: BLE001  -- a URL that is none is told where the database is looked at
        return False


def of_ways_out(settings: Settings, *, demonstration: bool | None) -> Iterator[Finding]:
    """Where people reach the service and how it reaches them. A demonstration keeps to its machine; None: unknown."""
    earnest = demonstration is False
    yield _address(settings, earnest=earnest)
    yield asyncio.run(_mail(settings, earnest=earnest))
    if settings.clock is not None:
        says = f"ROSTRUM_CLOCK is {settings.clock}"
        remedy = "Unset it: no hour that people are told is true."
        yield wrong("rehearsal", f"{says}.", remedy) if earnest else ok("rehearsal", says)


def _address(settings: Settings, *, earnest: bool) -> Finding:
    address = urlsplit(settings.base_url)
    here = on_loopback(address.hostname)
    if here and earnest:
        what = f"Links in mails and calendars lead to {settings.base_url}, which nobody reaches from elsewhere."
        return wrong("address", what, "Set ROSTRUM_BASE_URL.")
    if not here and address.scheme == "http":
        what = f"{settings.base_url} carries tokens and private calendars unencrypted."
        return wrong("address", what, "Put a proxy with TLS before it and set ROSTRUM_BASE_URL to https://.")
    if address.scheme == "https" and not settings.trusted_proxies:
        what = "Everybody comes from the proxy's address, so one person's failed sign-ins lock out all."
        return wrong("address", what, "Set ROSTRUM_TRUSTED_PROXIES to the proxy's address.")
    return ok("address", settings.base_url)


async def _mail(settings: Settings, *, earnest: bool) -> Finding:
    try:
        ways_out = channels_of(settings)
    except ValueError as error:
        remedy = "Correct ROSTRUM_SMTP_URL, ROSTRUM_MAIL_FROM or ROSTRUM_WEBHOOK_ALLOW."
        return wrong("mail and webhooks", str(error), remedy)
    await ways_out.webhooks.close()
    if not isinstance(ways_out.mail, SmtpChannel):
        folder = f"written into {settings.mail_folder}"
        return (
            wrong("mail", f"It is {folder}; nobody gets it.", "Set ROSTRUM_SMTP_URL.")
            if earnest
            else ok("mail", folder)
        )
    fault = await ways_out.mail.fault(_PATIENCE_SECONDS)
    if fault:
        return wrong("mail", fault, "Check ROSTRUM_SMTP_URL and whether the server runs.")
    if settings.mail_from == UNSET_SENDER and earnest:
        return wrong("mail", f"It comes from {UNSET_SENDER}, which others refuse.", "Set ROSTRUM_MAIL_FROM.")
    return ok("mail", f"the server takes it, from {settings.mail_from}")
