import pytest

from tests.calendars.goldens import FOLDER, GOLDENS


@pytest.mark.parametrize("name", GOLDENS)
def test_sample_is_byte_for_byte_what_is_kept(name: str) -> None:
    assert GOLDENS[name]() == (FOLDER / name).read_bytes()


def test_no_other_samples_are_kept() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(GOLDENS)
