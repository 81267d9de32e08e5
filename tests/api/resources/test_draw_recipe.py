"""What docs/allocation.md promises: anyone can draw again, with nothing of ours."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from tests.api.conftest import Sign
from tests.architecture.sizes import TOP
from tests.makers import asking, queueing
from tests.makers.speaking import Scene

FOUND = re.search(r"```python\n(.*?)```", (TOP / "docs" / "allocation.md").read_text(), re.DOTALL)
RECIPE = FOUND.group(1) if FOUND else ""
ORDER = [["regional_group"], ["member_state", "observer_state"], ["ngo"]]
CATEGORIES = ("ngo", "member_state", "observer_state", "academia", "regional_group")


@pytest.fixture
def scene(service: Service) -> Scene:
    """Thirty people of five categories, every seventh on behalf of others."""

    def fill(tx: Tx) -> Scene:
        made = queueing.scene(tx)
        for number in range(30):
            behalf = "Friends of the Draw" if number % 7 == 0 else None
            asking.asker(tx, made, number, CATEGORIES[number % len(CATEGORIES)], on_behalf_of=behalf)
        return made

    return service.writer.act_now(fill)


def drawn_again(folder: Path, *answers: Any) -> str:
    files = [folder / f"{number}.json" for number in range(len(answers))]
    for file, found in zip(files, answers, strict=True):
        file.write_text(json.dumps(found))
    done = subprocess.run([sys.executable, "-I", "-c", RECIPE, *files], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_recipe_is_short_and_imports_nothing_of_ours() -> None:
    assert len(RECIPE.splitlines()) <= 15
    assert set(re.findall(r"^(?:import|from) .*", RECIPE, re.MULTILINE)) == {"import hashlib, json, sys"}


@pytest.mark.parametrize("order", [[], ORDER])
async def test_recipe_draws_the_same_order(
    client: httpx.AsyncClient, scene: Scene, secretariat: Actor, sign: Sign, tmp_path: Path, *, order: list[list[str]]
) -> None:
    address, headers = f"/lists/{scene.list}", sign(secretariat)
    await client.patch(address, json={"policy": "draw", "policy_options": {"order": order}}, headers=headers)
    await client.post(f"{address}/allocation", json={"budget_seconds": 4_500, "seed": "spring rain"}, headers=headers)

    the_list, slots, people = [
        (await client.get(f"{address}{part}?limit=200" if part else address)).json()
        for part in ("", "/slots", "/inscriptions")
    ]

    assert len(slots["items"]) == 25
    assert drawn_again(tmp_path, the_list, slots, people) == "as drawn"
    slots["items"][3], slots["items"][4] = slots["items"][4], slots["items"][3]
    assert drawn_again(tmp_path, the_list, slots, people) == "not as drawn"
