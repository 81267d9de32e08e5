"""What lapses by the clock is written down before it is read, though no worker runs."""

from api.web.service import Service
from scheduler.lists import offering, offers


async def let_offers_lapse(service: Service) -> None:
    """Lets those offers of slots lapse whose time is up, with what follows from it: mostly there are none."""
    now = service.clock.now()
    if await service.reads.short(lambda conn: offers.due(conn, now)) is not None:
        await service.writer.act(offering.catch_up_due)
