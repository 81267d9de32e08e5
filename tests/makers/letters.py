"""A plain letter, for tests of its way."""

from datetime import UTC, datetime
from typing import Any

from api.delivery.channels import Letter
from api.delivery.mime import Sender

AT = datetime(2022, 6, 8, 10, 14, 30, 250_000, tzinfo=UTC)
SENDER = Sender("Rostrum", "rostrum@example.org")


def letter(number: int = 1, **fields: Any) -> Letter:
    """A letter to Sefina Tuilagi; `number` makes its Message-ID."""
    values: dict[str, Any] = {
        "to_address": "sefina.tuilagi@example.org",
        "to_name": "Sefina Tuilagi",
        "subject": "Your slot: 03:40 tomorrow in Apia (16:40 Vienna)",
        "text": "Dear Sefina Tuilagi,\n\nYou have a slot.\n",
        "html": "<p>Dear Sefina Tuilagi,</p>\n<p>You have a slot.</p>\n",
        "message_id": f"<letter-{number}@rostrum.test>",
        "at": AT,
        **fields,
    }
    return Letter(**values)
