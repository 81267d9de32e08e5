import pytest

from scheduler.accreditation.rules import is_taken_back, may_speak, why_barred


@pytest.mark.parametrize(
    ("status", "may"), [("approved", True), ("pending", False), ("objected", False), (None, False)]
)
def test_only_the_approved_may_speak(status: str | None, may: bool) -> None:
    assert may_speak(status) is may


@pytest.mark.parametrize("before", ["pending", "approved", "objected"])
@pytest.mark.parametrize("after", ["pending", "approved", "objected"])
def test_only_what_was_approved_is_taken_back(before: str, after: str) -> None:
    assert is_taken_back(before, after) is (before == "approved" and after in {"pending", "objected"})


@pytest.mark.parametrize(
    ("status", "note", "sentence"),
    [
        (None, None, "Chile is not accredited to this session. Its focal point or the secretariat can ask for it."),
        ("pending", "Soon", "The accreditation of Chile to this session is not decided yet. Ask the secretariat."),
        ("objected", None, "There is an objection to the accreditation of Chile to this session. Ask the secretariat."),
        (
            "objected",
            "By two members.",
            "There is an objection to the accreditation of Chile to this session: By two members. Ask the secretariat.",
        ),
    ],
)
def test_whoever_is_barred_hears_why(status: str | None, note: str | None, sentence: str) -> None:
    assert why_barred("Chile", status, note) == sentence
