import pytest

from api.web.figures import in_figures, line_in_figures, numbering

PAGE = '<p id="p1">من 10:00 إلى 13:00</p><b>Room 3</b><code>12</code><svg><text x="50%">03:00</text></svg>UTC+3 &#39;1'


@pytest.mark.parametrize(
    ("language", "zone", "system"),
    [
        ("ar", "Africa/Cairo", "arab"),
        ("ar", "Asia/Riyadh", "arab"),
        ("ar", "Africa/Algiers", "latn"),
        ("ar", "Asia/Dubai", "latn"),
        ("ar", "Pacific/Apia", "latn"),
        ("ar", None, "latn"),
        ("en", "Africa/Cairo", "latn"),
    ],
)
def test_figures_are_those_of_the_reader_s_region(language: str, zone: str | None, system: str) -> None:
    assert numbering(language, zone) == system


def test_a_page_s_text_changes_and_nothing_else_of_it() -> None:
    assert in_figures(PAGE, "arab") == (
        '<p id="p1">من ١٠:٠٠ إلى ١٣:٠٠</p><b>Room 3</b><code>12</code><svg><text x="50%">٠٣:٠٠</text></svg>UTC+3 &#39;1'
    )
    assert in_figures(PAGE, "latn") == PAGE


def test_a_line_with_latin_letters_keeps_its_figures() -> None:
    assert line_in_figures("حتى 03:44", "arab") == "حتى ٠٣:٤٤"
    assert line_in_figures("https://rostrum.test/u/1", "arab") == "https://rostrum.test/u/1"
