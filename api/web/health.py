"""`/health/live`, `/health/ready` and `/metrics`, for those who run the service."""

from collections import Counter
from typing import cast

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.service import Service, service_of
from scheduler.journal.following import follower_positions, last_number
from scheduler.outbox.queries import counts
from scheduler.storage.connection import Connection
from scheduler.storage.shape import is_current

router = APIRouter(include_in_schema=False)
_READ = ["GET", "HEAD"]  # proxies ask for the latter
_METRICS_MEDIA = "text/plain; version=0.0.4; charset=utf-8"


class CountRequests:
    """Counts answers by status, around the whole application."""

    def __init__(self, app: ASGIApp, counted: Counter[int]) -> None:
        self._app = app
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._counted[message["status"]] += 1
            await send(message)

        await self._app(scope, receive, counting if scope["type"] == "http" else send)


@router.api_route("/health/live", methods=_READ)
async def live() -> Response:
    """The process answers."""
    return PlainTextResponse("live\n")


@router.api_route("/health/ready", methods=_READ)
async def ready(request: Request) -> Response:
    """The database answers and has the newest shape."""
    service = service_of(request)
    try:
        fit = await service.reads.long(lambda _: is_current(service.database))
    except Exception as error:  # noqa: BLE001  -- whatever keeps the database from answering
        return PlainTextResponse(f"the database does not answer: {type(error).__name__}\n", 503)
    return PlainTextResponse("ready\n") if fit else PlainTextResponse("the database is not migrated\n", 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """What Prometheus reads."""
    service = service_of(request)
    counted = cast("Counter[int]", request.app.state.answers)
    families = await service.reads.long(lambda conn: _families(service, conn, counted))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Ready(families))
    return Response(generate_latest(registry), media_type=_METRICS_MEDIA)


class _Ready(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


def _families(service: Service, conn: Connection, counted: Counter[int]) -> list[Metric]:
    answers = CounterMetricFamily("rostrum_answers", "Answers by status.", labels=["status"])
    for status, number in sorted(counted.items()):
        answers.add_metric([str(status)], number)
    outbox = GaugeMetricFamily("rostrum_outbox", "Rows of the outbox by status.", labels=["status"])
    for status_name, number in counts(conn).items():
        outbox.add_metric([status_name], number)
    last = last_number(conn)
    lag = GaugeMetricFamily(
        "rostrum_follower_lag", "Journal entries that a follower has not read.", labels=["follower"]
    )
    for name, position in follower_positions(conn).items():
        lag.add_metric([name], last - position)
    return [
        answers,
        outbox,
        lag,
        GaugeMetricFamily("rostrum_journal_entries", "The newest number of the journal.", value=last),
        GaugeMetricFamily("rostrum_acts_waiting", "Acts that wait for the writer.", value=service.writer.waiting()),
    ]
