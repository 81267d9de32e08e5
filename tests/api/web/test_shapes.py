from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.web import shapes
from scheduler.secretariat import document

MOST = {
    "line": (shapes.Line, 500),
    "optional line": (shapes.OptionalLine, 500),
    "text": (shapes.LongText, 20_000),
    "address": (shapes.Url, 2_000),
    "zone": (shapes.ZoneName, 64),
    "line of a file": (document.Line, 500),
    "text of a file": (document.Long, 20_000),
    "address in a file": (document.Url, 2_000),
}


@pytest.mark.parametrize(("shape", "most"), MOST.values(), ids=MOST.keys())
def test_a_text_that_is_too_long_is_told_so_in_characters(shape: Any, most: int) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(shape).validate_python("x" * (most + 1))

    assert [each["msg"] for each in refused.value.errors()] == [f"String should have at most {most} characters"]
