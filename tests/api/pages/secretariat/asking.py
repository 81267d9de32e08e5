"""Asking the pages as a browser without scripting does."""

import re
from typing import Any

import httpx

from tests.api.pages.test_sign_in import ROOT
from tests.api.pages.test_speakers_list import text

__all__ = ["faults", "get", "hidden", "send", "text"]


async def get(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    """A page, which must have this status."""
    answer = await client.get(f"{ROOT}{path}", headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return answer.text


async def send(client: httpx.AsyncClient, path: str, page: str | None = None, **fields: Any) -> httpx.Response:
    """Sends a form with the token of `page`, by default that of the overview. `a__b` is the field `a.b`."""
    token = re.search(r'name="form" value="([^"]+)"', page or await get(client, "/secretariat"))
    data = {name.replace("__", "."): value for name, value in fields.items()}
    headers = {"Accept": "text/html"}
    return await client.post(f"{ROOT}{path}", data={"form": token and token.group(1), **data}, headers=headers)


def hidden(page: str, name: str) -> str:
    """What a hidden field holds."""
    found = re.search(rf'<input type="hidden" name="{re.escape(name)}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


def faults(page: str) -> dict[str, str]:
    """What is wrong, by the field at which it stands."""
    return {name: text(said) for name, said in re.findall(r'id="fault-([^"]+)">(.*?)</p>', page, re.DOTALL)}
