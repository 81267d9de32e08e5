"""What a run of the tests says at its end: which databases it really used, and how long the code is."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from tests.architecture.sizes import figures, file_sizes, function_sizes

if TYPE_CHECKING:
    from collections.abc import Iterable

DATABASE = re.compile(r"[\[-](sqlite|postgresql)(?=[]-])")


def lines(tests: Iterable[str]) -> list[str]:
    """The closing lines of a run of `tests` (their node ids)."""
    used = Counter(match[1] for test in tests if (match := DATABASE.search(test)))
    databases = ", ".join(f"{number} on {name}" for name, number in sorted(used.items())) or "none used"
    return [f"databases: {databases}", figures("files", file_sizes()), figures("functions", function_sizes())]
