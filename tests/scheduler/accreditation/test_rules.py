import pytest

from scheduler.accreditation.rules import is_taken_back, may_speak


@pytest.mark.parametrize(
    ("status", "may"), [("approved", True), ("pending", False), ("objected", False), (None, False)]
)
def test_only_the_approved_may_speak(status: str | None, may: bool) -> None:
    assert may_speak(status) is may


@pytest.mark.parametrize("before", ["pending", "approved", "objected"])
@pytest.mark.parametrize("after", ["pending", "approved", "objected"])
def test_only_what_was_approved_is_taken_back(before: str, after: str) -> None:
    assert is_taken_back(before, after) is (before == "approved" and after in {"pending", "objected"})
