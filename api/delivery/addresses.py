"""Which addresses a webhook may reach: the public internet, and what the settings allow besides. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The IANA special-purpose registries, by hand: what `ipaddress` calls global differs from release to release.
_CLOSED_4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, where clouds keep their metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_OPEN_6 = IPv6Network("2000::/3")  # the only unicast that is given out; loopback, private, link-local stand outside
_CLOSED_6 = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: reaches the IPv4 address that is written in it
        "3fff::/20",  # documentation
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_LONGEST = 2_000


def on_loopback(host: str | None) -> bool:
    """Whether a host name or literal address is this machine itself: all that a rehearsal may write to."""
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the settings allow though it is not public: hosts by name, and networks. There `http` will do."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> "Allowed":
        """From host names, addresses and networks (`10.0.0.0/8`). Raises ValueError for a network that is none."""
        hosts, networks = set(), []
        for entry in entries:
            if "/" in entry or _literal(entry) is not None:
                networks.append(ip_network(entry))
            else:
                hosts.add(_name(entry))
        return cls(frozenset(hosts), tuple(networks))

    def has(self, host: str, address: Address | None) -> bool:
        """Whether the host is allowed by its name or by this address of it."""
        return _name(host) in self.hosts or (address is not None and any(address in each for each in self.networks))


NOTHING = Allowed()


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also where it is wrapped into another."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if address in _MAPPED or address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def may_reach(host: str, address: Address, allowed: Allowed) -> bool:
    """Whether a webhook at `host` may be sent to this address of it."""
    return is_public(address) or allowed.has(host, address)


def fault_in(url: str, allowed: Allowed) -> str | None:
    """What is wrong with a webhook's address, as far as it shows without asking for the host's addresses."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is no address."
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "Write the address in ASCII without blanks, 2,000 characters at most."
    if parts.scheme not in {"https", "http"} or not parts.hostname or port == 0:
        return "Give a whole address, such as https://hooks.example.org/rostrum."
    if parts.username is not None or parts.password is not None:
        return "Leave the user and password out of the address; requests are signed."
    return _fault_in_host(parts, allowed)


def _fault_in_host(parts: SplitResult, allowed: Allowed) -> str | None:
    host = parts.hostname or ""
    address = _literal(host)
    if allowed.has(host, address) or (address is None and allowed.networks and parts.scheme == "http"):
        # Which network a name is in shows when it is sent to.
        return None
    if address is not None and not is_public(address):
        return "This address is not on the public internet. ROSTRUM_WEBHOOK_ALLOW can allow it."
    if parts.scheme != "https":
        return "Webhooks are sent by https. ROSTRUM_WEBHOOK_ALLOW can allow http for a host."
    return None


def parse_address(text: str) -> Address:
    """An address as a resolver gives it, without the interface of a link-local one. Raises ValueError."""
    return ip_address(text.partition("%")[0])


@lru_cache(maxsize=256)
def _literal(host: str) -> Address | None:
    try:
        return parse_address(host.strip("[]"))
    except ValueError:
        return None


def _name(host: str) -> str:
    return host.lower().rstrip(".")
