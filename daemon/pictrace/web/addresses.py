"""Which addresses belong to the public internet, and which to this machine, its network, or a way around both."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address

# After the registries of special-purpose addresses (IANA, RFC 6890 and those that came later). Python's own
# `is_global` follows them too, but differs from version to version, and takes some multicast for global.
_NOT_PUBLIC_4: Final = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a provider's customers"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),  # a public address by number, a machine's own host in one cloud
        ("169.254.0.0/16", "link-local"),  # the metadata of most clouds among them
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "for documentation"),
        ("192.31.196.0/24", "reserved"),
        ("192.52.193.0/24", "reserved"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
# The one block of IPv6 from which public addresses are given, and what lies in it and is none. All others, mapped and
# compatible IPv4, NAT64, unique local, link-local, site-local and multicast, lie outside.
_PUBLIC_6: Final = IPv6Network("2000::/3")
_NOT_PUBLIC_6: Final = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("2001::/32", "Teredo"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "reserved"),
        ("3fff::/20", "for documentation"),
    )
)
_NAMES_6: Final = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "an IPv4 address in IPv6 clothes"),
        ("::/96", "an IPv4 address in IPv6 clothes"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
    )
)


def why_not_public(text: str) -> str | None:
    """Return what an address is if it is not one of the public internet, None where it is.

    Args:
        text: an IPv4 or IPv6 address as a resolver gives it.

    Raises:
        ValueError: it is no address.
    """
    address: Address = ip_address(text)
    if isinstance(address, IPv4Address):
        return next((what for network, what in _NOT_PUBLIC_4 if address in network), None)
    # An address with a zone (fe80::1%eth0) is compared without it.
    bare = IPv6Address(int(address))
    if bare in _PUBLIC_6:
        return next((what for network, what in _NOT_PUBLIC_6 if bare in network), None)
    return next((what for network, what in _NAMES_6 if bare in network), "reserved")
