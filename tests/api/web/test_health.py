import httpx
import pytest

from api.app import create_app
from api.web.service import Service


@pytest.fixture
async def root(service: Service) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(create_app(service)), base_url="http://rostrum.test")


async def test_a_service_over_a_migrated_database_is_ready(root: httpx.AsyncClient) -> None:
    answers = [await root.get(path) for path in ("/health/live", "/health/ready")]

    assert [(a.status_code, a.text) for a in answers] == [(200, "live\n"), (200, "ready\n")]


async def test_metrics_count_answers_by_status(root: httpx.AsyncClient) -> None:
    await root.get("/api/v1/nowhere")

    answer = await root.get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'rostrum_answers_total{status="404"} 1.0' in answer.text.splitlines()
    assert "rostrum_journal_entries 0.0" in answer.text.splitlines()
