"""Which addresses are public: none of this machine, of its network, or of a way around both."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pictrace.web.addresses import why_not_public

NOT_PUBLIC = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "0.0.0.0": "unspecified",
    "10.1.2.3": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.1.1": "private",
    "169.254.169.254": "link-local",
    "100.64.0.1": "shared by a provider's customers",
    "100.100.100.200": "shared by a provider's customers",
    "168.63.129.16": "cloud metadata",
    "192.0.0.192": "reserved",
    "198.18.0.1": "for benchmarks",
    "203.0.113.9": "for documentation",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "255.255.255.255": "reserved",
    "::": "unspecified",
    "::1": "loopback",
    "::ffff:127.0.0.1": "an IPv4 address in IPv6 clothes",
    "::ffff:93.184.216.34": "an IPv4 address in IPv6 clothes",
    "::127.0.0.1": "an IPv4 address in IPv6 clothes",
    "64:ff9b::7f00:1": "NAT64",
    "64:ff9b:1::1": "NAT64",
    "2002:7f00:1::": "6to4",
    "2001:0:7f00:1::": "Teredo",
    "2001:db8::1": "for documentation",
    "fc00::1": "private",
    "fd00:ec2::254": "private",
    "fe80::1": "link-local",
    "fe80::1%eth0": "link-local",
    "fec0::1": "private",
    "ff02::1": "multicast",
    "4000::1": "reserved",
}


@pytest.mark.parametrize(("address", "what"), NOT_PUBLIC.items())
def test_an_address_that_is_not_public_is_named(address: str, what: str) -> None:
    assert why_not_public(address) == what


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
def test_a_public_address_is_public(address: str) -> None:
    assert why_not_public(address) is None


@given(st.ip_addresses())
def test_what_python_does_not_take_for_global_is_never_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    is_open = address.is_global and not (address.is_multicast or address.is_reserved or address.is_link_local)

    assert why_not_public(str(address)) is not None or is_open


@given(
    st.sampled_from(
        [
            *("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
            *("224.0.0.0/4", "240.0.0.0/4", "0.0.0.0/8"),
        ]
    ).flatmap(lambda network: st.ip_addresses(network=network)),
    st.sampled_from(["::ffff:0:0", "::", "64:ff9b::", "2002::"]),
)
def test_no_way_of_writing_a_private_address_in_ipv6_makes_it_public(
    private: ipaddress.IPv4Address, clothes: str
) -> None:
    shift = 80 if clothes == "2002::" else 0
    dressed = ipaddress.IPv6Address(int(ipaddress.IPv6Address(clothes)) + (int(private) << shift))

    assert why_not_public(str(private)) is not None
    assert why_not_public(str(dressed)) is not None


def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        why_not_public("photos.example")
