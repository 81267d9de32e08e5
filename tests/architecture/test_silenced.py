import re

from tests.architecture.sizes import PACKAGES, TOP

SILENCED = re.compile(r"#\s*(type:\s*ignore|noqa\b|pragma: no cover)")
# mypy takes words behind `type: ignore[code]` only as a comment of their own
REASON = re.compile(
    r"#\s*type:\s*ignore\[[\w, -]+\]\s+#.*-- \S"
    r"|#\s*noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*\s+-- \S"
    r"|#\s*pragma: no cover\s+-- \S"
)
SKIPPED = re.compile(r"pytest\.(skip|importorskip|mark\.skip|mark\.xfail|xfail)\b")


def lines_of_code() -> list[tuple[str, str]]:
    return [
        (f"{path.relative_to(TOP)}:{number}", line)
        for folder in (*PACKAGES, "tests", "benchmarks")
        for path in sorted((TOP / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
    ]


def test_each_silenced_check_has_a_code_and_a_reason() -> None:
    bare = [where for where, line in lines_of_code() if SILENCED.search(line) and not REASON.search(line)]

    assert bare == []


def test_no_test_is_skipped() -> None:
    assert [where for where, line in lines_of_code() if SKIPPED.search(line)] == []
