"""No sentence reaches a reader without having been marked for translation: in templates, code, scripts and styles."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import api
from api.web.translations import translations

ROOT = Path(api.__file__).parent
PAGES, LETTERS = ROOT / "pages", ROOT / "delivery" / "letters"
TEMPLATES = [*sorted((PAGES / "templates").rglob("*.html")), *sorted(LETTERS.glob("letter.*"))]
SOURCES = [*sorted(PAGES.rglob("*.py")), *sorted(LETTERS.glob("*.py")), ROOT / "delivery" / "signing_in.py"]
SCRIPTS = sorted((PAGES / "static").glob("*.js"))
STYLES = sorted((PAGES / "static").glob("*.css"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


MARKS = {"_", "gettext", "ngettext", "pgettext"}
READ = {"title", "aria-label", "aria-description", "aria-roledescription", "placeholder", "alt"}
UNREAD = {"script", "style", "code", "kbd"}
NAMES = {"Rostrum", "Google", "Apple", "Outlook.com", "Microsoft", "CSV", "JSON", "UTC", "API"}
"""Names, which are the same in every language."""

FILES = {"rostrum.ics", "openapi.json"}

HEADERS = re.compile(r"no-cache, private|Cookie, Accept-Language|img-src .*")

WORDS = re.compile(r"(?:[^\W\d_]|[{}’'-])+(?:,? (?:[^\W\d_]|[{}’'-])+)+[.?!:,]?")
"""Two words at least, and nothing that no sentence has."""

CODE = re.compile(r"[/@=<>]|%")
"""Addresses, attributes and patterns: nobody reads them as words."""

ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def marked(call: nodes.Node) -> bool:
    return isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name) and call.node.name in MARKS


def shown(node: nodes.Node) -> Iterator[str]:
    """The texts as they are written that an expression may come to, marked ones left out."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Const):
        yield f" {node.value} " if isinstance(node.value, str) else ""
    elif isinstance(node, nodes.CondExpr):
        yield from shown(node.expr1)
        yield from shown(node.expr2) if node.expr2 else ()
    elif isinstance(node, nodes.BinExpr | nodes.Concat):
        for child in node.iter_child_nodes():
            yield from shown(child)
    elif isinstance(node, nodes.Filter) and node.node:
        yield from shown(node.node)


class Page(HTMLParser):
    """What a reader sees of a template, or is read out to her, that is not marked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        said = dict(attrs)
        read = READ | ({"value"} if said.get("type") in {"submit", "button"} else set())
        self._look(*(value or "" for name, value in attrs if name in read))

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not UNREAD.intersection(self._within):
            self._look(data)

    def _look(self, *texts: str) -> None:
        for text in texts:
            for part in re.split(r"(?:[,;:.|·–-]\s)|\d", re.sub(r"\s+", " ", text)):
                if (
                    re.search(r"[^\W\d_]{2}", part)
                    and part.strip(" ·–:.,") not in NAMES | FILES
                    and not CODE.search(part)
                ):
                    self.found.append(part.strip())


def constants(tree: nodes.Node) -> Iterator[str]:
    """Every text of a template's expressions that is not marked, but what a table is looked up by."""
    for child in tree.iter_child_nodes(exclude=("key",)):
        if isinstance(child, nodes.Const) and isinstance(child.value, str):
            yield child.value
        if not marked(child):
            yield from constants(child)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_shows_no_sentence_that_is_not_marked(path: Path) -> None:
    tree = ENVIRONMENT.parse(path.read_text())
    # An expression that comes to nothing as written holds a place, as what it comes to would.
    pieces: list[str] = []
    for output in tree.find_all(nodes.Output):
        for child in output.nodes:
            texts = list(shown(child))
            is_tag = pieces and pieces[-1].endswith(("<", "</"))
            pieces.append((texts[0].strip() if is_tag else "".join(texts)) if texts else "0")

    assert Page("".join(pieces)).found == []
    assert [text for text in constants(tree) if WORDS.fullmatch(text)] == []


def unmarked(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        elif isinstance(child, ast.Call):
            function = child.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name not in MARKS:
                yield from unmarked(child)
        elif not isinstance(child, ast.Expr) or not isinstance(child.value, ast.Constant):
            yield from unmarked(child)


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_page_s_code_says_no_sentence_that_is_not_marked(path: Path) -> None:
    """A refusal's sentence cannot be marked where it is raised: French has it if the catalogue of those does."""
    found = {
        text for text in unmarked(ast.parse(path.read_text())) if WORDS.fullmatch(text) and not HEADERS.fullmatch(text)
    }

    assert [text for text in found if translations("fr").gettext(text) == text and re.sub(r"[{} ]", "", text)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_script_says_nothing_of_its_own(path: Path) -> None:
    source = re.sub(r"//.*|(?:querySelector(?:All)?|closest|matches)\??\.?\([^)]*\)", "", path.read_text())
    texts = [text for _, text in re.findall(r"([\"'`])((?:(?!\1).)*)\1", source)]

    assert [text for text in texts if WORDS.fullmatch(text) and text != "use strict"] == []


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_style_says_nothing_of_its_own(path: Path) -> None:
    shown = " ".join(re.findall(r"content:([^;]*);", path.read_text()))

    assert re.findall(r"\"[^\"]*[^\W\d_][^\"]*\"", shown) == []
