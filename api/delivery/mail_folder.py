"""Mail without a mail server: each letter is a file `ID.eml` in a folder, for a demonstration to show."""

import asyncio
import email
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from api.delivery.channels import SENT, Letter, Outcome, one_line
from api.delivery.mime import Sender, compose

_NAME = re.compile(r"[\w-]{1,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A letter as it can be read again. `name` is the file's, without `.eml`."""

    name: str
    sender: str
    to: str
    subject: str
    at: datetime
    message_id: str
    text: str
    html: str
    ics: str | None


class MailFolder:
    """Writes letters into a folder and reads them again. A letter that is sent twice is one file."""

    def __init__(self, folder: Path, sender: Sender) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, batch: Sequence[Letter], seconds: float) -> list[Outcome]:  # noqa: ARG002  -- the port's signature; files take no time
        """See `Channel.send`."""
        return await asyncio.to_thread(lambda: [self._write(letter) for letter in batch])

    async def close(self) -> None:
        """Nothing is kept."""

    def newest(self, limit: int) -> list[StoredMail]:
        """The letters written last, the newest first."""
        files = sorted(self._folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        return [self._read(file) for file in files[:limit]]

    def read(self, name: str) -> StoredMail | None:
        """One letter; None: there is none of this name."""
        file = self._folder / f"{name}.eml"
        return self._read(file) if _NAME.fullmatch(name) and file.exists() else None

    def forget(self, message_ids: Iterable[str]) -> None:
        """Removes letters by their Message-IDs, as far as they are here."""
        for message_id in message_ids:
            (self._folder / f"{_file_name(message_id)}.eml").unlink(missing_ok=True)

    def _write(self, letter: Letter) -> Outcome:
        try:
            message = compose(letter, self._sender)
        except ValueError as error:
            return Outcome("failed", one_line(error))
        name = _file_name(letter.message_id)
        unready = self._folder / f".{name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unready.write_bytes(message)
            unready.replace(self._folder / f"{name}.eml")
        except OSError as error:
            with suppress(OSError):
                unready.unlink()
            return Outcome("retry", f"The mail folder cannot be written: {error.strerror}")
        return SENT

    def _read(self, file: Path) -> StoredMail:
        message = email.message_from_bytes(file.read_bytes(), policy=default)
        return StoredMail(
            name=file.stem,
            sender=str(message["from"]),
            to=str(message["to"]),
            subject=str(message["subject"]),
            at=parsedate_to_datetime(message["date"]),
            message_id=str(message["message-id"]),
            text=_part(message, "text/plain") or "",
            html=_part(message, "text/html") or "",
            ics=_part(message, "text/calendar"),
        )


def _file_name(message_id: str) -> str:
    return re.sub(r"[^\w-]", "-", message_id.strip("<>").partition("@")[0], flags=re.ASCII)[:80]


def _part(message: EmailMessage, kind: str) -> str | None:
    parts = (part for part in message.walk() if part.get_content_type() == kind)
    return next((str(part.get_content()).replace("\r\n", "\n") for part in parts), None)
