from ipaddress import ip_address

import pytest

from api.delivery.addresses import NOTHING, Allowed, fault_in, is_public, may_reach

CLOSED = [
    "0.0.0.1",
    "0.255.255.255",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::1",
    "2002:0808:0808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OPEN = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "193.0.0.1",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2a00:1450:4001::1",
]


@pytest.mark.parametrize("address", CLOSED)
def test_address_is_not_public(address: str) -> None:
    assert is_public(ip_address(address)) is False


@pytest.mark.parametrize("address", OPEN)
def test_address_is_public(address: str) -> None:
    assert is_public(ip_address(address)) is True


@pytest.mark.parametrize(
    ("host", "address", "reached"),
    [
        ("hooks.local", "10.1.2.3", True),
        ("HOOKS.local.", "192.168.0.1", True),
        ("other.local", "10.1.2.3", False),
        ("other.local", "172.20.0.5", True),
        ("other.local", "172.21.0.5", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.2", "127.0.0.2", False),
        ("other.local", "fd00::1:5", True),
        ("other.local", "fd00::2:5", False),
        ("anything.example", "8.8.8.8", True),
    ],
)
def test_settings_allow_hosts_addresses_and_networks(host: str, address: str, reached: bool) -> None:
    allowed = Allowed.parse(["hooks.local", "127.0.0.1", "172.20.0.0/16", "fd00::1:0/112"])

    assert may_reach(host, ip_address(address), allowed) is reached


def test_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="host bits"):
        Allowed.parse(["10.0.0.1/8"])


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/rostrum?x=1",
        "https://hooks.example.org:8443/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
    ],
)
def test_address_on_the_internet_has_no_fault(url: str) -> None:
    assert fault_in(url, NOTHING) is None


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://hooks.example.org/", "https"),
        ("ftp://hooks.example.org/", "whole address"),
        ("https://", "whole address"),
        ("hooks.example.org", "whole address"),
        ("https://hooks.example.org:0/", "whole address"),
        ("https://hooks.example.org:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://ada:secret@hooks.example.org/", "password"),
        ("https://hooks.example.org/ x", "blanks"),
        ("https://hooks.example.org/\r\nX: y", "blanks"),
        ("https://hooks.example.org\\@internal/", "blanks"),
        ("https://hööks.example.org/", "ASCII"),
        ("https://hooks.example.org/" + "x" * 2_000, "2,000"),
        ("https://127.0.0.1/", "public internet"),
        ("https://[::1]/", "public internet"),
        ("https://[::ffff:10.0.0.1]/", "public internet"),
        ("https://169.254.169.254/latest/meta-data", "public internet"),
    ],
)
def test_fault_in_an_address_is_named(url: str, word: str) -> None:
    fault = fault_in(url, NOTHING)

    assert word in str(fault)


@pytest.mark.parametrize(
    "url", ["http://hooks.local/", "http://127.0.0.1:9/", "https://10.1.2.3/", "http://in-it.local/"]
)
def test_what_the_settings_allow_has_no_fault(url: str) -> None:
    assert fault_in(url, Allowed.parse(["hooks.local", "127.0.0.1", "10.0.0.0/8"])) is None
