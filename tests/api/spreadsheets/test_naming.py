import pytest

from api.spreadsheets.naming import NAMING


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CR", "CR"),
        ("costa rica", "CR"),
        ("Côte d’Ivoire", "CI"),
        ("COTE D'IVOIRE", "CI"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Korea, Republic of", "KR"),
        ("Türkiye", "TR"),
        ("Viet Nam", "VN"),
        ("États-Unis", "US"),
        ("Россия", "RU"),
        ("中国", "CN"),
        ("مصر", "EG"),
        ("Ruritania", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_its_names_in_six_languages(name: str, code: str | None) -> None:
    assert NAMING.country(name) == code


@pytest.mark.parametrize(
    ("name", "code"), [("FR", "fr"), ("français", "fr"), ("Spanish", "es"), ("русский", "ru"), ("German", None)]
)
def test_a_language_is_known_by_its_names(name: str, code: str | None) -> None:
    assert NAMING.language(name) == code
