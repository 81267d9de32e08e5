"""Marks between values that templates put beside each other, as the reader's language writes them.

Sentences bring their own marks with their translation. `{{ city }}, {{ day }}` is no sentence: only its mark differs.
"""

import re
from collections.abc import Callable

from jinja2 import Environment, PackageLoader

_MARKS = {
    "ar": {",": "، ", ";": "؛ "},
    "fr": {";": "\u202f; ", ":": "\u00a0: "},
    "zh": {",": "，", ";": "；", ":": "：", ".": "。"},
}
_BETWEEN = re.compile(r"(\}\}|%\}|</\w+>|join\(\")([,;:.])(?: |(?=[<{]))")
"""Behind an expression, a statement or an element, and what a list is joined by."""


class Templates(PackageLoader):
    """The templates of the pages as one language punctuates them."""

    def __init__(self, language: str) -> None:
        super().__init__("api.pages")
        self._language = language

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        """See `BaseLoader.get_source`."""
        source, path, fresh = super().get_source(environment, template)
        return punctuated(source, self._language), path, fresh


def punctuated(source: str, language: str) -> str:
    """A template with the marks of a language."""
    marks = _MARKS.get(language, {})
    return _BETWEEN.sub(lambda found: found[1] + marks[found[2]] if found[2] in marks else found[0], source)
