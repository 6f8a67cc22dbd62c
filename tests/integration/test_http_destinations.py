"""Which places an http action never reaches, however they are spelled, resolved or redirected to."""

import json

import pytest
from multidict import CIMultiDict

from horarium.actions.address_guard import Guard
from horarium.core.outcome import Failed, Succeeded
from tests.integration.http_fixtures import Output, call, called, doing, echoed, error, redirect, turning
from tests.sink import Sink

METADATA = [
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0xA9.0xFE.0xA9.0xFE/",
    "http://0251.0376.0251.0376/",
    "http://169.254.43518/",
    "http://169.254.169.254./",
    "http://１６９.254.169.254/",
    "http://169。254。169。254/",
    "http://user:pass@169.254.169.254/",
    "https://169.254.169.254/",
]
EMBEDDED = [
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::169.254.169.254]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[64:ff9b:1::a9fe:a9fe]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[2001:0:808:808::5601:5601]/",
]


@pytest.mark.parametrize("url", METADATA)
async def test_metadata_is_not_called_however_it_is_spelled(server: Sink, url: str) -> None:
    async with doing() as doer:
        assert await called(doer, url) == error("169.254.169.254 (link-local) is never called")
        assert await called(doer, redirect(server, url)) == error("169.254.169.254 (link-local) is never called")


@pytest.mark.parametrize("url", EMBEDDED)
async def test_nor_inside_an_ipv6_address(server: Sink, url: str) -> None:
    async with doing() as doer:
        for way in (url, redirect(server, url)):
            ended = await called(doer, way)
            assert isinstance(ended, Failed)
            assert str(ended.detail).endswith("(embeds 169.254.169.254, link-local) is never called")


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "[::]", "0", "[fe80::1]", "[fe80::1%25eth0]", "255.255.255.255", "[fd00:ec2::254]"]
)
async def test_nor_the_other_addresses_that_are_never_called(host: str) -> None:
    ended = await call(f"http://{host}/")
    assert isinstance(ended, Failed)
    assert str(ended.detail).endswith("is never called")


async def test_the_redirects_of_an_attacker(server: Sink) -> None:
    async with doing(guard=Guard(own_port=8787)) as doer:
        link_local = error("169.254.169.254 (link-local) is never called")
        assert await called(doer, server.url("/redirect-meta")) == link_local
        itself = error("127.0.0.1 (port 8787: horarium itself) is never called")
        assert await called(doer, server.url("/redirect-self?port=8787")) == itself
        assert isinstance(await called(doer, server.url("/redirect-file")), Failed)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]"])
async def test_our_own_port_is_not_called_under_any_name(server: Sink, host: str) -> None:
    guard = Guard()
    async with doing(guard=guard) as doer:
        guard.own_port = server.port
        ended = await called(doer, server.url("/ok", host))
    assert isinstance(ended, Failed)
    assert str(ended.detail).endswith("horarium itself) is never called")
    assert server.seen == []


async def test_an_old_spelling_of_an_open_address_is_called(server: Sink) -> None:
    assert (await echoed(server.url("/echo", "2130706433")))["headers"]["Host"] == f"127.0.0.1:{server.port}"


async def test_closed_private_networks(server: Sink) -> None:
    async with doing(guard=Guard(allow_private=False)) as doer:
        closed = error("127.0.0.1 (private) is not called: the settings close private networks")
        assert await called(doer, server.url("/ok")) == closed
        assert server.seen == []


async def test_a_name_is_resolved_once_and_the_judged_address_is_called(server: Sink) -> None:
    asked, lookup = turning(["127.0.0.1"], ["169.254.169.254"])
    output = Output()
    async with doing(lookup=lookup) as doer:
        assert await called(doer, server.url("/echo", "rebinding.test"), output) == Succeeded(http_status=200)
    assert asked == ["rebinding.test"]
    assert CIMultiDict(json.loads(output.data)["headers"])["Host"] == f"rebinding.test:{server.port}"


async def test_a_name_that_turns_to_metadata_on_the_next_hop(server: Sink) -> None:
    asked, lookup = turning(["127.0.0.1"], ["169.254.169.254"])
    async with doing(lookup=lookup) as doer:
        ended = await called(doer, redirect(server, "http://rebinding.test:1/").replace("127.0.0.1", "rebinding.test"))
    assert ended == error("rebinding.test: 169.254.169.254 (link-local) is never called")
    assert asked == ["rebinding.test", "rebinding.test"]


async def test_a_refusal_is_not_remembered(server: Sink) -> None:
    asked, lookup = turning(["169.254.169.254"], ["127.0.0.1"])
    async with doing(lookup=lookup) as doer:
        assert isinstance(await called(doer, server.url("/ok", "turning.test")), Failed)
        assert isinstance(await called(doer, server.url("/ok", "turning.test")), Succeeded)
    assert len(asked) == 2


async def test_of_several_addresses_only_the_open_ones_are_tried(server: Sink) -> None:
    _, lookup = turning(["169.254.169.254", "fe80::1", "127.0.0.1"])
    async with doing(lookup=lookup) as doer:
        assert await called(doer, server.url("/ok", "mixed.test")) == Succeeded(http_status=200)
