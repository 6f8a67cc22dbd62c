"""What an http action sends: its first request, and what a redirect makes of the next one. Nothing here touches the network."""

import base64
import json
from collections.abc import Iterable

from aiohttp import hdrs
from multidict import CIMultiDict
from yarl import URL

from horarium import __version__
from horarium.actions.address_guard import literal
from horarium.actions.http_words import NotCallable, place
from horarium.core.action import Http, may_be_secret
from horarium.ports.action import Identity

# Framing is the library's business: a user's own length or coding would desynchronise the connection.
_FRAMING = {"connection", "content-length", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}


def target(spelled: str, base: URL | None = None) -> URL:
    """The URL, relative to `base`, with its host as it will be connected to. Raises NotCallable."""
    try:
        url = URL(spelled) if base is None else base.join(URL(spelled))
        if url.scheme not in ("http", "https") or not url.raw_host:
            raise NotCallable(f"only http and https addresses are called, not {url.scheme or 'no scheme'}")
        address = literal(url.raw_host)
        return url if address is None or str(address) == url.raw_host else url.with_host(str(address))
    except ValueError as bad:
        raise NotCallable(f"not an address that can be called: {bad}") from bad


def request_parts(action: Http, url: URL, identity: Identity) -> tuple[CIMultiDict[str], bytes | None]:
    """Headers and body of the first hop. The user's headers win over ours, except for who is calling (Identity)."""
    headers = CIMultiDict((name, value) for name, value in action.headers.items() if name.lower() not in _FRAMING)
    body: bytes | None = None
    if action.json is not None:
        body = json.dumps(action.json, separators=(",", ":")).encode()
        headers.setdefault(hdrs.CONTENT_TYPE, "application/json")
    elif action.body is not None:
        body = action.body.encode(errors="replace")
        headers.setdefault(hdrs.CONTENT_TYPE, "text/plain; charset=utf-8")
    if url.user is not None or url.password is not None:
        pair = base64.b64encode(f"{url.user or ''}:{url.password or ''}".encode()).decode()
        headers.setdefault(hdrs.AUTHORIZATION, f"Basic {pair}")
    headers.setdefault(hdrs.USER_AGENT, f"horarium/{__version__}")
    headers.update(identity.headers())
    return headers, body


def location(status: int, onward: str | None, base: URL) -> URL | None:
    """Where an answer of `base` leads, None if it is no redirect. Credentials that a server writes into a URL are not used."""
    if status not in (301, 302, 303, 307, 308) or onward is None:
        return None
    try:
        return anonymous(target(onward, base))
    except NotCallable as bad:
        raise NotCallable(f"the redirect from {place(base)} is not followed: {bad}") from bad


def becomes_get(status: int, method: str) -> bool:
    """RFC 9110 section 15.4: "see other" for everything but HEAD, and what browsers made of moved forms."""
    return (status == 303 and method != hdrs.METH_HEAD) or (status in (301, 302) and method == hdrs.METH_POST)


def without(headers: CIMultiDict[str], names: Iterable[str]) -> CIMultiDict[str]:
    """A copy that lacks these."""
    kept = headers.copy()
    for name in names:
        kept.popall(name, None)
    return kept


def secret_names(headers: CIMultiDict[str], identity: Identity) -> list[str]:
    """What another origin must not get: anything that may be a credential, and a Host that was meant for this one."""
    ours = {name.lower() for name in identity.headers()}
    return [name for name in map(str.lower, headers) if name == "host" or (name not in ours and may_be_secret(name))]


def anonymous(url: URL) -> URL:
    """Without user and password; the same object where there are none, since a URL remembers what it once worked out."""
    return url if url.raw_user is None and url.raw_password is None else url.with_user(None)
