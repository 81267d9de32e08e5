"""The settings, read once from the environment, frozen, and passed down."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path


class SettingsError(Exception):
    """A setting that cannot be used, in one line."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting has a default but none of the secrets: an unset key is made once and kept in the data folder."""

    database_url: str
    data_dir: Path
    base_url: str
    secret_key: str
    smtp_url: str | None
    mail_from: str
    worker: str
    quiet_seconds: int
    offer_seconds: int
    rate: float
    trusted_proxies: tuple[str, ...]
    clock: str | None
    webhook_allow: tuple[str, ...]

    @property
    def mail_folder(self) -> Path:
        """Where mail is written that no server takes."""
        return self.data_dir / "mail"

    def for_acts(self) -> dict[str, int]:
        """What acts must know of them, by name: `Tx.settled`."""
        return {"offer_seconds": self.offer_seconds}


KEPT_KEY = "secret-key"
"""The file of the data folder in which a key is kept that is not set."""

UNSET_SENDER = "rostrum@localhost"
"""The sender of mail where none is set."""

_LARGEST = 1e9

DESCRIBED: tuple[tuple[str, str, str], ...] = (
    ("ROSTRUM_DATABASE_URL", "sqlite:///DATA_DIR/rostrum.db", "`sqlite:///FILE` or `postgresql://user:password@host/name`"),
    ("ROSTRUM_DATA_DIR", "./var", "where the embedded database, the secret key and unsent mail are kept"),
    ("ROSTRUM_BASE_URL", "http://127.0.0.1:8000", "the address under which people reach the service"),
    ("ROSTRUM_SECRET_KEY", "made once, kept in DATA_DIR/secret-key", "signs webhooks and links in mails; one for all"),
    ("ROSTRUM_SMTP_URL", "unset: mail is written to DATA_DIR/mail", "`smtp://user:password@host:25`, `smtps://…:465`"),
    ("ROSTRUM_MAIL_FROM", UNSET_SENDER, "the sender of all mail"),
    ("ROSTRUM_WORKER", "inside", "`inside`: `serve` also sends reminders; `apart`: a `rostrum worker` does"),
    ("ROSTRUM_QUIET_SECONDS", "120", "changes within this many seconds are told in one mail"),
    ("ROSTRUM_OFFER_SECONDS", "900", "how long a slot that became free is held for the first who waits for it"),
    ("ROSTRUM_RATE", "100", "writes a second of one signed-in person (burst: twenty times)"),
    ("ROSTRUM_TRUSTED_PROXIES", "none", "comma list of IP addresses whose X-Forwarded-For is believed"),
    ("ROSTRUM_CLOCK", "unset: the real hour", "`INSTANT[xSPEED]`, a rehearsal: now starts there and runs so fast"),
    ("ROSTRUM_WEBHOOK_ALLOW", "none", "comma list of private hosts or networks that webhooks may reach"),
)  # fmt: skip


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment. Raises SettingsError with one line that names the variable."""
    data_dir = Path(environment.get("ROSTRUM_DATA_DIR") or "./var").absolute()
    worker = environment.get("ROSTRUM_WORKER") or "inside"
    if worker not in {"inside", "apart"}:
        raise SettingsError(f"ROSTRUM_WORKER must be inside or apart, not {worker!r}")
    base_url = (environment.get("ROSTRUM_BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise SettingsError("ROSTRUM_BASE_URL must begin with http:// or https://")
    return Settings(
        database_url=environment.get("ROSTRUM_DATABASE_URL") or f"sqlite:///{data_dir / 'rostrum.db'}",
        data_dir=data_dir,
        base_url=base_url,
        secret_key=environment.get("ROSTRUM_SECRET_KEY") or _kept_key(data_dir),
        smtp_url=environment.get("ROSTRUM_SMTP_URL") or None,
        mail_from=environment.get("ROSTRUM_MAIL_FROM") or UNSET_SENDER,
        worker=worker,
        quiet_seconds=int(_number(environment, "ROSTRUM_QUIET_SECONDS", 120)),
        offer_seconds=int(_number(environment, "ROSTRUM_OFFER_SECONDS", 900)),
        rate=_number(environment, "ROSTRUM_RATE", 100),
        trusted_proxies=_addresses(environment, "ROSTRUM_TRUSTED_PROXIES"),
        clock=environment.get("ROSTRUM_CLOCK") or None,
        webhook_allow=_comma_list(environment, "ROSTRUM_WEBHOOK_ALLOW"),
    )


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < _LARGEST:
        raise SettingsError(f"{name} must be a number from 0 up, not {text!r}")
    return number


def _addresses(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """IP addresses, written as sockets write them."""
    found = []
    for part in _comma_list(environment, name):
        try:
            found.append(str(ip_address(part)))
        except ValueError:
            raise SettingsError(f"{name} must be a comma list of IP addresses, and {part!r} is none") from None
    return tuple(found)


def _comma_list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (environment.get(name) or "").split(",") if part.strip())


def _kept_key(data_dir: Path) -> str:
    """The installation's own key. Written with `x`, so that two processes starting at once agree on the first."""
    file = data_dir / KEPT_KEY
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingsError(f"ROSTRUM_DATA_DIR cannot be written: {error.strerror}") from error
    return file.read_text().strip()
