"""What is left of a person on the disk once she is erased: the mail to her, where no mail server took it."""

import asyncio

from api.delivery.mail_folder import MailFolder
from api.delivery.mime import Sender
from api.web.service import Service
from scheduler.outbox.queries import messages_to


async def forget_mail(service: Service, person: str) -> None:
    """Removes the letters to somebody erased from the mail folder; again, where that broke off."""
    folder = MailFolder(service.settings.mail_folder, Sender.parse(service.settings.mail_from))
    sent = await service.reads.long(lambda conn: messages_to(conn, person))
    await asyncio.to_thread(folder.forget, sent)
