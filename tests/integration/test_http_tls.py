"""TLS proves the name of the URL, while the address that was judged is connected to."""

import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from horarium.core.outcome import Failed, Succeeded
from tests.integration.http_fixtures import call, called, doing, error, turning
from tests.needs import program
from tests.sink import Sink, sink

CONFIGURATION = """
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = sink.test
[extensions]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:sink.test
basicConstraints = critical, CA:TRUE
"""


@dataclass(frozen=True)
class Certificate:
    """Says that whoever holds the key is sink.test. Nobody vouches for it but itself."""

    chain: Path
    key: Path


@dataclass(frozen=True)
class Secure:
    """A server that proves to be sink.test, and the names it was asked for (SNI)."""

    server: Sink
    names: list[str | None]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    openssl = program("openssl", "apt-get install openssl")
    here = tmp_path_factory.mktemp("certificate")
    made = Certificate(chain=here / "chain.pem", key=here / "key.pem")
    (here / "openssl.cnf").write_text(CONFIGURATION)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    subprocess.run(
        [openssl, "req", "-x509", "-config", "openssl.cnf", *curve, "-out", made.chain, "-keyout", made.key],
        cwd=here,
        check=True,
        capture_output=True,
    )
    return made


@pytest.fixture
async def secure(certificate: Certificate) -> AsyncIterator[Secure]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    async with sink(tls=context) as here:
        yield Secure(here, names)


async def test_tls_proves_the_name_while_the_judged_address_is_called(secure: Secure, certificate: Certificate) -> None:
    server = secure.server
    _, lookup = turning(["127.0.0.1"])
    trusting = ssl.create_default_context(cafile=certificate.chain)
    async with doing(lookup=lookup, tls=trusting) as doer:
        assert await called(doer, server.url("/ok", "sink.test")) == Succeeded(http_status=200)
        ended = await called(doer, server.url("/ok", "other.test"))
    assert isinstance(ended, Failed)
    assert str(ended.detail).startswith("TLS: certificate verify failed: Hostname mismatch")
    assert secure.names == ["sink.test", "other.test"]


async def test_a_certificate_nobody_vouches_for(secure: Secure) -> None:
    server = secure.server
    _, lookup = turning(["127.0.0.1"])
    async with doing(lookup=lookup) as doer:
        ended = await called(doer, server.url("/ok", "sink.test"))
    assert ended == error("TLS: certificate verify failed: self-signed certificate")
    assert server.seen == []


async def test_https_where_plain_http_is_spoken(server: Sink) -> None:
    ended = await call(server.url("/ok").replace("http:", "https:"))
    assert isinstance(ended, Failed)
    assert str(ended.detail).startswith("TLS: ")
