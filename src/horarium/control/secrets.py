"""Texts that open doors. Each holds 256 random bits; only its SHA-256 is ever stored."""

from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from horarium.ports.random import Random

SECRET_BYTES: Final = 32
PREFIX_BYTES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenText:
    """`text` is shown once; `prefix` stays visible, so that people can tell tokens apart."""

    text: str
    prefix: str


def new_secret(random: Random) -> str:
    """43 letters, digits, `-` and `_`."""
    return urlsafe_b64encode(random.bytes(SECRET_BYTES)).rstrip(b"=").decode("ascii")


def new_token_text(random: Random) -> TokenText:
    """`hor_<prefix>_<secret>`: recognisable to people and to scanners for leaked secrets."""
    prefix = b32encode(random.bytes(PREFIX_BYTES)).decode("ascii").lower()
    return TokenText(text=f"hor_{prefix}_{new_secret(random)}", prefix=prefix)


def hashed(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def same(a: bytes, b: bytes) -> bool:
    """In a time that does not depend on where they differ."""
    return compare_digest(a, b)
