from pathlib import Path

import pytest

from api.settings import Settings, SettingsError, read_settings


def settings(folder: Path, **said: str) -> Settings:
    return read_settings({"ROSTRUM_DATA_DIR": str(folder), **said})


def test_proxies_are_known_by_their_addresses_as_sockets_write_them(tmp_path: Path) -> None:
    said = settings(tmp_path, ROSTRUM_TRUSTED_PROXIES="127.0.0.1, 0:0:0:0:0:0:0:1,")

    assert said.trusted_proxies == ("127.0.0.1", "::1")
    assert settings(tmp_path).trusted_proxies == ()


@pytest.mark.parametrize(
    ("name", "said", "line"),
    [
        ("TRUSTED_PROXIES", "127.0.0.1,proxy", "must be a comma list of IP addresses, and 'proxy' is none"),
        ("TRUSTED_PROXIES", "10.0.0.0/8", "must be a comma list of IP addresses, and '10.0.0.0/8' is none"),
        ("WORKER", "outside", "must be inside or apart, not 'outside'"),
        ("BASE_URL", "rostrum.example.org", "must begin with http:// or https://"),
        ("RATE", "-1", "must be a number from 0 up, not '-1'"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_a_line(tmp_path: Path, name: str, said: str, line: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(tmp_path, **{f"ROSTRUM_{name}": said})

    assert str(refused.value) == f"ROSTRUM_{name} {line}"
