"""From facts to a letter: the words of `wording`, laid out by two templates that are compiled once."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.delivery.letters.wording import Wording, word
from api.web.figures import in_figures, line_in_figures, numbering
from api.web.translations import direction, languages
from scheduler.notices.facts import LetterFacts

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_HTML = _TEMPLATES.get_template("letter.html")
_PLAIN = _TEMPLATES.get_template("letter.txt")


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter as it is read; both forms say the same."""

    subject: str
    text: str
    html: str


def render(facts: LetterFacts, language: str) -> RenderedLetter:
    """The letter in a language; in English where there is no catalogue of it."""
    letter = lay_out(word(facts, language if language in languages() else "en"))
    figures = numbering(language, facts.reader_zone)
    lines = (line_in_figures(line, figures) for line in letter.text.split("\n"))
    subject = line_in_figures(letter.subject, figures)
    return RenderedLetter(subject, "\n".join(lines), in_figures(letter.html, figures))


def lay_out(letter: Wording) -> RenderedLetter:
    """A letter that is in words already."""
    html = _HTML.render(letter=letter, direction=direction(letter.language))
    return RenderedLetter(letter.subject, _PLAIN.render(letter=letter), html)
