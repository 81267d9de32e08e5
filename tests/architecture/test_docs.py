"""What README and docs/ name exists, and what exists is named there."""

import re
from pathlib import Path

import pytest

from api.app import _ROUTERS, API
from api.cli import COMMANDS
from api.settings import DESCRIBED
from tests.architecture.sizes import TOP

PAGES = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md")), *sorted((TOP / "docs").glob("*/*.md"))]
OPERATIONS = TOP / "docs" / "operations.md"
FENCED = re.compile(r"^ *```[^\n]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
SETTINGS = {name for name, _, _ in DESCRIBED}


def code(page: Path) -> str:
    """What stands in code on a page, a piece a line."""
    text = page.read_text()
    return "\n".join([*FENCED.findall(text), *INLINE.findall(FENCED.sub("", text))])


def named(pattern: str, pages: list[Path]) -> set[str]:
    """What the pattern's group finds in their code."""
    return {found for page in pages for found in re.findall(pattern, code(page), re.MULTILINE)}


def test_each_command_named_exists() -> None:
    assert named(r"\brostrum ([a-z]+)\b", PAGES) - COMMANDS.keys() == set()


def test_each_command_is_described_for_operators() -> None:
    described = set(re.findall(r"^\| `rostrum ([a-z]+)[^|]*` \|", OPERATIONS.read_text(), re.MULTILINE))

    assert described == COMMANDS.keys()


def test_each_setting_named_exists() -> None:
    assert named(r"\b(ROSTRUM_[A-Z][A-Z_]*)", PAGES) - SETTINGS == set()


def test_settings_are_described_for_operators_as_they_describe_themselves() -> None:
    rows = re.findall(r"^\| `(ROSTRUM_\w+)` \| (.*) \| (.*) \|$", OPERATIONS.read_text(), re.MULTILINE)

    assert tuple(rows) == DESCRIBED


def test_each_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.MULTILINE))

    assert named(r"\bmake ([a-z-]+)\b", PAGES) - targets == set()


def test_each_operation_named_exists() -> None:
    exist = {
        f"{method} {API}{re.sub(r'{[^}]*}', 'ID', route.path)}"  # type: ignore[attr-defined]  # -- all are API routes
        for router in _ROUTERS
        for route in router.routes
        for method in route.methods  # type: ignore[attr-defined]  # -- the same
    }

    assert named(rf"((?:GET|POST|PATCH|DELETE) {API}/[\w/-]+)", PAGES) - exist == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_each_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", FENCED.sub("", page.read_text()))

    assert [link for link in links if not (page.parent / link).exists()] == []
