"""Which addresses an HTTP action may reach, and the two places where that is asked.

A name is resolved once; what it resolves to is judged, and exactly the judged addresses are connected to (`GuardedResolver`).
An address written in the URL passes no resolver, so each socket is judged again just before it connects (`gate`): nothing
reaches the network around that.

The judgement does not lean on `is_private`, `is_reserved` and their kin: their meaning changes with Python's patch releases.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
Lookup: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Name and port to addresses as text. Raises socket.gaierror where there are none."""


RECEIVE_BYTES = 128 * 1024
"""What the system may hold for us on one connection. uvloop hands over all of it at once, and aiohttp makes objects of it before
anybody can refuse them: with the system's own choice a flood of provisional answers (103) took 170 MB, with this 5 MB."""


class Refused(OSError):
    """This address is not called. An OSError, so that the HTTP library carries it through like a failed connection."""


_METADATA = "cloud metadata"
_NEVER: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), word)
    for network, word in (
        ("0.0.0.0/8", "unspecified"),
        ("169.254.0.0/16", "link-local"),  # and with it the metadata address of nearly every cloud
        ("100.100.100.200", _METADATA),  # Alibaba
        ("168.63.129.16", _METADATA),  # Azure's host agent
        ("192.0.0.192", _METADATA),  # Oracle, classic
        ("192.0.0.0/24", "reserved"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("::", "unspecified"),
        ("fe80::/10", "link-local"),
        ("fd00:ec2::/32", _METADATA),  # Amazon: metadata, pod identity, DNS, time
        ("fd20:ce::254", _METADATA),  # Google
        ("fd00:c1::a9fe:a9fe", _METADATA),  # Oracle
        ("fd00:42::42", _METADATA),  # Scaleway
        ("ff00::/8", "multicast"),
    )
)
# Whatever lies outside of these in IPv6 is not given to anybody.
_IN_USE = tuple(map(IPv6Network, ("::1", "2000::/3", "fc00::/7")))
_PRIVATE: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15"),
            *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),
            *("::1", "fc00::/7", "2001:db8::/32", "3fff::/20"),
        ),
    )
)
_LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1"))

# IPv6 addresses that are nothing but an IPv4 address in their last 32 bits: mapped, translated (SIIT), compatible, NAT64.
_LAST_32 = tuple(map(IPv6Network, ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96")))
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")
# RFC 6052 cuts the IPv4 address differently for each prefix length and jumps over octet 8.
_NAT64_CUTS = ((6, 7, 9, 10), (7, 9, 10, 11), (9, 10, 11, 12), (12, 13, 14, 15))
_SIX_TO_FOUR = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")

_NUMERIC_HOST = re.compile(r"[0-9a-fA-FxX.]+")


def plain(text: str) -> Address:
    """The address without its zone (`%eth0`), which would only hide it from comparisons. Raises ValueError."""
    address = ip_address(text)
    return IPv6Address(int(address)) if isinstance(address, IPv6Address) else address


@lru_cache(maxsize=1_024)
def literal(host: str) -> Address | None:
    """The address that `host` spells, the old decimal, octal, hexadecimal and short forms included; None for a name."""
    bare = host.removesuffix(".")
    try:
        return plain(bare)
    except ValueError:
        pass
    if not _NUMERIC_HOST.fullmatch(bare):
        return None
    try:
        return IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None


def readings(address: Address) -> tuple[Address, ...]:
    """Every address that a packet to `address` may end at: itself, or the IPv4 address a tunnel or translator takes from it."""
    if isinstance(address, IPv4Address):
        return (address,)
    octets = address.packed
    if int(address) > 1 and any(address in network for network in _LAST_32):
        return (IPv4Address(octets[12:]),)
    if address in _LOCAL_NAT64:
        inner = [IPv4Address(bytes(octets[i] for i in cut)) for cut in _NAT64_CUTS]
        # Which cut is in use is unknown; the wrong ones mostly yield 0.x.y.z, which no translator forwards.
        return tuple(a for a in inner if a.packed[0]) or tuple(inner)
    if address in _SIX_TO_FOUR:
        return (address, IPv4Address(octets[2:6]))
    if address in _TEREDO:
        return (address, IPv4Address(octets[4:8]), IPv4Address(bytes(o ^ 0xFF for o in octets[12:])))
    if octets[8:12] in _ISATAP:
        return (address, IPv4Address(octets[12:]))
    return (address,)


def on_this_machine(address: Address) -> bool:
    """Whether one of this machine's interfaces has the address: only such an address can be bound."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


@dataclass(slots=True, kw_only=True)
class Guard:
    """Judges addresses. Some are never called, whatever the settings say.

    `allow_private` opens loopback and private networks; without it only those in `allowed` are open. `own_port` is where this
    service listens; it is set once that is known.
    """

    allow_private: bool = True
    allowed: tuple[Network, ...] = ()
    own_port: int | None = None
    own: Callable[[Address], bool] = field(default=on_this_machine, repr=False)

    def refusal(self, text: str, port: int) -> str | None:
        """Why this address is not called, or None where it may be."""
        try:
            address = plain(text)
        except ValueError:
            return f"{text} is not an address"
        for reading in readings(address):
            inside = "" if reading == address else f"embeds {reading}, "
            if word := _never(reading):
                return f"{address} ({inside}{word}) is never called"
            if port == self.own_port and (_within(reading, _LOOPBACK) or self.own(reading)):
                return f"{address} ({inside}port {port}: horarium itself) is never called"
            if not self.allow_private and _within(reading, _PRIVATE) and not _within(reading, self.allowed):
                return f"{address} ({inside}private) is not called: the settings close private networks"
        return None

    def check(self, text: str, port: int) -> None:
        """Raises Refused where this address is not called."""
        if why := self.refusal(text, port):
            raise Refused(why)


class GuardedResolver(AbstractResolver):
    """Resolves a name once and hands on only the addresses that may be called; refuses where none is left."""

    def __init__(self, guard: Guard, lookup: Lookup | None = None) -> None:
        self.guard = guard
        self.lookup = lookup or system_lookup

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        """The judged addresses, each as text that is connected to without another look-up."""
        found = dict.fromkeys(await self.lookup(host, port))
        refusals = {address: self.guard.refusal(address, port) for address in found}
        open_ones = [address for address, why in refusals.items() if why is None]
        if not open_ones:
            raise Refused(f"{host}: {next(iter(refusals.values()))}") if refusals else _no_such_host(host)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in open_ones
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def system_lookup(host: str, port: int) -> Sequence[str]:
    """What the system's own resolver says, asked off the loop."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
    except UnicodeError as bad:  # a label that is empty or longer than 63 characters
        raise _no_such_host(host) from bad
    return [str(sockaddr[0]) for *_, sockaddr in found]


def gate(guard: Guard) -> Callable[[AddrInfoType], socket.socket]:
    """Makes the socket for one connection, unless its address is refused."""

    def open_socket(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, sockaddr = info
        guard.check(str(sockaddr[0]), int(sockaddr[1]))
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        return opened

    return open_socket


def _never(address: Address) -> str | None:
    for network, word in _NEVER:
        if address in network:
            return word
    if isinstance(address, IPv6Address) and not _within(address, _IN_USE):
        return "reserved"
    return None


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _no_such_host(host: str) -> socket.gaierror:
    return socket.gaierror(socket.EAI_NONAME, f"no such host: {host}")
