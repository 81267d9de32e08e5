"""The viewer of the API."""

import re

import httpx


async def test_the_viewer_and_all_that_it_loads_come_from_here(client: httpx.AsyncClient) -> None:
    answer = await client.get("http://rostrum.test/docs")

    loaded = re.findall(r'(?:href|src|data-document)="([^"]*)"', answer.text)
    found = {each.partition("?")[0]: await client.get(f"http://rostrum.test{each}") for each in loaded}
    assert {path: part.status_code for path, part in found.items()} == dict.fromkeys(
        (
            *("/static/mark.svg", "/static/parts/swagger-ui.css", "/static/parts/swagger-ui-bundle.js"),
            *("/static/docs.js", "/api/v1/openapi.json"),
        ),
        200,
    )


async def test_the_viewer_runs_no_script_that_stands_in_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("http://rostrum.test/docs")

    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", answer.text) == []
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self';" in policy
