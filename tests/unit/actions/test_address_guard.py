"""Which addresses are called, in every way they can be spelled and hidden."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horarium.actions.address_guard import (
    Address,
    Guard,
    GuardedResolver,
    Refused,
    gate,
    literal,
    on_this_machine,
    readings,
)


def guard(
    *, allow_private: bool = True, allowed: Sequence[str] = (), own_port: int | None = None, own: Sequence[str] = ()
) -> Guard:
    mine = {ip_address(a) for a in own}
    return Guard(
        allow_private=allow_private,
        allowed=tuple(map(ip_network, allowed)),
        own_port=own_port,
        own=mine.__contains__,
    )


NEVER = {
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "169.254.0.1": "link-local",
    "169.254.169.254": "link-local",
    "169.254.170.2": "link-local",
    "100.100.100.200": "cloud metadata",
    "168.63.129.16": "cloud metadata",
    "192.0.0.192": "cloud metadata",
    "192.0.0.8": "reserved",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "::": "unspecified",
    "fe80::1": "link-local",
    "fe80::a9fe:a9fe": "link-local",
    "febf::1": "link-local",
    "fe80::1%eth0": "link-local",
    "fd00:ec2::254": "cloud metadata",
    "fd00:ec2::23": "cloud metadata",
    "fd20:ce::254": "cloud metadata",
    "fd00:c1::a9fe:a9fe": "cloud metadata",
    "fd00:42::42": "cloud metadata",
    "ff02::1": "multicast",
    "fec0::1": "reserved",
    "100::1": "reserved",
    "4000::1": "reserved",
    "5f00::1": "reserved",
}

# Every form of IPv6 address that carries an IPv4 address along.
EMBEDDED: dict[str, Callable[[str], str]] = {
    "mapped": lambda v4: "::ffff:" + v4,
    "translated": lambda v4: "::ffff:0:" + v4,
    "compatible": lambda v4: "::" + v4,
    "NAT64": lambda v4: "64:ff9b::" + v4,
    "local NAT64 /96": lambda v4: "64:ff9b:1::" + v4,
    "local NAT64 /48": lambda v4: _octets("0064ff9b0001{0}{1}00{2}{3}0000000000", v4),
    "local NAT64 /56": lambda v4: _octets("0064ff9b000100{0}00{1}{2}{3}00000000", v4),
    "local NAT64 /64": lambda v4: _octets("0064ff9b0001000000{0}{1}{2}{3}000000", v4),
    "6to4": lambda v4: _octets("2002{0}{1}{2}{3}00000000000000000001", v4),
    "Teredo client": lambda v4: _octets(
        "20010000416cffff00000000{0}{1}{2}{3}", str(IPv4Address(int(IPv4Address(v4)) ^ 0xFFFFFFFF))
    ),
    "Teredo server": lambda v4: _octets("20010000{0}{1}{2}{3}00000000f7f7f7f7", v4),
    "ISATAP": lambda v4: "2606:4700::5efe:" + v4,
    "ISATAP, global": lambda v4: "2606:4700::200:5efe:" + v4,
}


def _octets(pattern: str, v4: str) -> str:
    return str(IPv6Address(bytes.fromhex(pattern.format(*(f"{o:02x}" for o in IPv4Address(v4).packed)))))


@pytest.mark.parametrize(("address", "word"), NEVER.items())
@pytest.mark.parametrize("allow_private", [True, False])
def test_some_addresses_are_never_called(address: str, word: str, allow_private: bool) -> None:
    everything = guard(allow_private=allow_private, allowed=("0.0.0.0/0", "::/0"))
    assert everything.refusal(address, 80) == f"{address.partition('%')[0]} ({word}) is never called"


@pytest.mark.parametrize("form", EMBEDDED)
@pytest.mark.parametrize("inner", ["169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16"])
def test_nor_are_they_inside_another_address(form: str, inner: str) -> None:
    why = guard().refusal(EMBEDDED[form](inner), 80)
    assert why is not None
    assert f"(embeds {inner}, " in why
    assert why.endswith("is never called")


@pytest.mark.parametrize("form", EMBEDDED)
@pytest.mark.parametrize("inner", ["8.8.8.8", "93.184.216.34", "10.1.2.3", "127.0.0.1"])
def test_an_embedded_address_that_is_open_stays_open(form: str, inner: str) -> None:
    assert guard().refusal(EMBEDDED[form](inner), 80) is None


@pytest.mark.parametrize("form", EMBEDDED)
@pytest.mark.parametrize("inner", ["10.1.2.3", "127.0.0.1"])
def test_a_closed_private_network_is_closed_through_every_tunnel(form: str, inner: str) -> None:
    why = guard(allow_private=False).refusal(EMBEDDED[form](inner), 80)
    assert why is not None
    assert why.endswith("private) is not called: the settings close private networks")


@pytest.mark.parametrize("form", EMBEDDED)
def test_our_own_port_is_ours_through_every_tunnel(form: str) -> None:
    why = guard(own_port=8787).refusal(EMBEDDED[form]("127.0.0.1"), 8787)
    assert why is not None
    assert "horarium itself" in why


@given(st.ip_addresses(v=4), st.sampled_from(sorted(EMBEDDED)))
def test_no_form_is_more_open_than_what_it_embeds(inner: IPv4Address, form: str) -> None:
    closed = guard(allow_private=False)
    if inner.packed[0] and closed.refusal(str(inner), 80) is not None:
        assert closed.refusal(EMBEDDED[form](str(inner)), 80) is not None


@given(st.ip_addresses())
def test_an_address_is_among_its_readings_or_stands_for_another(address: Address) -> None:
    found = readings(address)
    assert found
    assert address in found or all(isinstance(a, IPv4Address) for a in found)


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "169.253.255.255", "169.255.0.0", "223.255.255.255"),
        *("2606:4700:4700::1111", "2a00:1450::1", "2001:4860:4860::8888"),
    ],
)
def test_public_addresses_are_open_to_both(address: str) -> None:
    assert guard().refusal(address, 443) is None
    assert guard(allow_private=False).refusal(address, 443) is None


PRIVATE = ["127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"]
PRIVATE += ["198.18.0.1", "::1", "fd12:3456::1", "fc00::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_are_open_unless_closed(address: str) -> None:
    assert guard().refusal(address, 80) is None
    assert guard(allow_private=False).refusal(address, 80) == (
        f"{address} (private) is not called: the settings close private networks"
    )


def test_listed_networks_are_open_and_their_neighbours_are_not() -> None:
    listed = guard(allow_private=False, allowed=("10.1.0.0/16", "fd12::/16"))
    assert listed.refusal("10.1.2.3", 80) is None
    assert listed.refusal("::ffff:10.1.2.3", 80) is None
    assert listed.refusal("fd12::7", 80) is None
    assert listed.refusal("10.2.0.1", 80) is not None
    assert listed.refusal("127.0.0.1", 80) is not None


def test_our_own_port_is_refused_on_every_address_of_this_machine() -> None:
    mine = guard(own_port=8787, own=("192.168.1.5", "2a00::5"))
    for address in (
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "192.168.1.5",
        "2a00::5",
        "::ffff:127.0.0.1",
        "::ffff:192.168.1.5",
    ):
        assert "horarium itself" in str(mine.refusal(address, 8787)), address
        assert mine.refusal(address, 8788) is None, address
    assert mine.refusal("192.168.1.6", 8787) is None


def test_the_own_port_can_be_told_later() -> None:
    late = guard()
    assert late.refusal("127.0.0.1", 8787) is None
    late.own_port = 8787
    assert late.refusal("127.0.0.1", 8787) == "127.0.0.1 (port 8787: horarium itself) is never called"


def test_this_machine_knows_its_own_addresses() -> None:
    assert on_this_machine(IPv4Address("127.0.0.1"))
    assert not on_this_machine(IPv4Address("192.0.2.1"))


@pytest.mark.parametrize("text", ["", "example.org", "1.2.3", "169.254.169.254.", "::ffff:1.2.3", "127.0.0.1/8"])
def test_what_is_no_address_is_not_called(text: str) -> None:
    assert guard().refusal(text, 80) == f"{text} is not an address"


@pytest.mark.parametrize(
    ("host", "address"),
    {
        "169.254.169.254": "169.254.169.254",
        "169.254.169.254.": "169.254.169.254",
        "2852039166": "169.254.169.254",
        "0xa9fea9fe": "169.254.169.254",
        "0XA9FEA9FE": "169.254.169.254",
        "0251.0376.0251.0376": "169.254.169.254",
        "0xa9.0xfe.0xa9.0xfe": "169.254.169.254",
        "169.254.43518": "169.254.169.254",
        "169.16689662": "169.254.169.254",
        "0xa9.0376.43518": "169.254.169.254",
        "025177524776": "169.254.169.254",
        "127.1": "127.0.0.1",
        "0": "0.0.0.0",
        "::1": "::1",
        "::ffff:169.254.169.254": "::ffff:a9fe:a9fe",
        "0:0:0:0:0:ffff:a9fe:a9fe": "::ffff:a9fe:a9fe",
        "fe80::1%eth0": "fe80::1",
        "fe80::1%25eth0": "fe80::1",
    }.items(),
)
def test_every_spelling_of_an_address_is_read(host: str, address: str) -> None:
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize(
    "host", ["example.org", "localhost", "beef", "face.b00c", "0x", "1.2.3.4.5", "256.1.1.1", "4294967296", "x", ""]
)
def test_names_are_no_addresses(host: str) -> None:
    assert literal(host) is None


def answering(*answers: Sequence[str]) -> GuardedResolver:
    """A resolver whose name service gives these answers, one per look-up."""
    rest = iter(answers)

    async def lookup(host: str, port: int) -> Sequence[str]:
        return next(rest)

    return GuardedResolver(guard(own_port=8787), lookup)


async def test_a_resolver_hands_on_the_addresses_it_judged() -> None:
    (found,) = await answering(["93.184.216.34"]).resolve("example.org", 443)
    assert (found["host"], found["port"], found["hostname"]) == ("93.184.216.34", 443, "example.org")
    assert found["family"] == socket.AF_INET


async def test_only_the_open_ones_of_several() -> None:
    found = await answering(["169.254.169.254", "10.0.0.1", "fe80::1", "2606:4700::1", "10.0.0.1"]).resolve(
        "mixed.test", 80
    )
    assert [one["host"] for one in found] == ["10.0.0.1", "2606:4700::1"]


async def test_a_name_with_nothing_open_is_refused() -> None:
    with pytest.raises(Refused, match=r"^meta.test: 169.254.169.254 \(link-local\) is never called$"):
        await answering(["169.254.169.254", "::ffff:169.254.169.254"]).resolve("meta.test", 80)


async def test_a_name_for_our_own_port_is_refused() -> None:
    with pytest.raises(Refused, match="horarium itself"):
        await answering(["127.0.0.1", "::1"]).resolve("localhost", 8787)


async def test_each_answer_is_judged_afresh() -> None:
    turning = answering(["93.184.216.34"], ["169.254.169.254"], ["93.184.216.34"])
    assert await turning.resolve("turning.test", 80)
    with pytest.raises(Refused):
        await turning.resolve("turning.test", 80)
    assert await turning.resolve("turning.test", 80)


@pytest.mark.parametrize("host", ["nothing.test", "a" * 64 + ".test", "a..test"])
async def test_a_name_without_an_address_does_not_exist(host: str) -> None:
    with pytest.raises(socket.gaierror):
        await (answering([]) if host == "nothing.test" else GuardedResolver(guard())).resolve(host, 80)


def test_no_socket_is_made_for_a_refused_address() -> None:
    opened = gate(guard(own_port=8787))
    with opened((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 80))) as fine:
        assert fine.family == socket.AF_INET
    for family, where in (
        (socket.AF_INET, ("169.254.169.254", 80)),
        (socket.AF_INET, ("127.0.0.1", 8787)),
        (socket.AF_INET6, ("::ffff:169.254.169.254", 80, 0, 0)),
        (socket.AF_INET6, ("fe80::1%2", 80, 0, 2)),
        (socket.AF_INET, ("2852039166", 80)),
    ):
        with pytest.raises(Refused):
            opened((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where))
