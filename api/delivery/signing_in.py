"""The letter with the link that signs in, and the link's secret: made of its id and our key, so that none is kept."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

from api.delivery.channels import Letter
from api.delivery.letters.details import Link
from api.delivery.letters.rendering import lay_out
from api.delivery.letters.wording import Wording, isolated
from api.web.translations import direction, languages, translations
from scheduler.outbox.views import ClaimedDue
from scheduler.people.views import MeView

PATH = "/sign-in/link"


def secret_of(secret_key: str, id_: str) -> str:
    """The secret of a link, 43 URL-safe characters."""
    made = hmac.digest(secret_key.encode(), f"sign-in/{id_}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def letter(due: ClaimedDue, to: MeView, now: datetime, base: str, secret_key: str) -> Letter:
    """The letter for a claimed row of the rule `sign-in`. `base` is our address, without a slash at its end."""
    language = to.language if to.language in languages() else "en"
    back = due.data.get("back")
    url = f"{base}{PATH}/{secret_of(secret_key, due.subject_id)}" + (f"?back={quote(back, safe='/')}" if back else "")
    rendered = lay_out(_wording(language, to.name, url))
    return Letter(
        to_address=to.email or "",
        to_name=to.name,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=due.message_id,
        at=now,
        ics=None,
        unsubscribe_url=None,
    )


def _wording(language: str, name: str, url: str) -> Wording:
    _ = translations(language).gettext
    return Wording(
        language=language,
        subject=_("Your link to sign in"),
        greeting=_("Dear {name},").format(name=isolated(name) if direction(language) == "rtl" else name),
        opening=_("Open this link in the browser in which you want to be signed in."),
        panels=(),
        several=(),
        details=(_("It works once, for 15 minutes."),),
        next_reminder=None,
        links=(Link(_("Sign in"), url),),
        foot=_("If you did not ask for it, do nothing: nobody is signed in without this link."),
        foot_links=(),
    )
