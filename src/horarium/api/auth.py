"""Deny by default: every route names the least role that may use it, or is one of the public ones listed here."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.responses import Response

from horarium.api.parts import Parts, parts
from horarium.control.access import Identified, SignedIn
from horarium.control.errors import NotAllowed, NotSignedIn
from horarium.core.access import Caller, Role

PUBLIC: Final = frozenset(
    {
        ("GET", "/"),
        ("GET", "/assets/{name}"),
        ("GET", "/docs"),
        ("GET", "/{address}"),
        ("GET", "/api/openapi.json"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
        ("GET", "/metrics"),
        ("POST", "/api/v1/session"),
    }
)
"""By exact identity, never by how a path begins or ends. None tells anything of any task; `/{address}` is the page's own list."""

AUTHORIZATION: Final = b"authorization"


@dataclass(frozen=True)
class Needs:
    """The dependency that lets a caller of at least this role pass."""

    role: Role

    async def __call__(self, request: Request) -> Caller:
        caller = (await identified(request)).caller
        if caller.role < self.role:
            raise NotAllowed(f"This needs the role {self.role.label}; {caller.name} has {caller.role.label}.")
        return caller


Viewer = Annotated[Caller, Depends(Needs(Role.VIEWER))]
Operator = Annotated[Caller, Depends(Needs(Role.OPERATOR))]
Editor = Annotated[Caller, Depends(Needs(Role.EDITOR))]
Admin = Annotated[Caller, Depends(Needs(Role.ADMIN))]


async def identified(request: Request) -> Identified:
    """By bearer token, else by session cookie. Raises NotSignedIn."""
    there = parts(request)
    texts = [value for name, value in request.scope["headers"] if name == AUTHORIZATION]
    if texts:
        token = _bearer(texts)
        who = await there.access.by_token(token) if token is not None else None
        if who is None:
            raise NotSignedIn("The bearer token is not known here, or has expired.")
        return who
    secret = request.cookies.get(there.cookie)
    who = await there.access.by_session(secret) if secret else None
    if who is None:
        raise NotSignedIn("Sign in with POST /api/v1/session, or send a token as `Authorization: Bearer …`.")
    return who


def put_cookie(response: Response, signed: SignedIn, there: Parts, request: Request) -> None:
    """The session's secret, out of reach of scripts and of other sites; over TLS it never travels without."""
    response.set_cookie(
        there.cookie,
        signed.secret,
        max_age=int((signed.session.expires_at - signed.session.created_at).total_seconds()),
        path=there.base_path or "/",
        secure=_is_secure(there, request),
        httponly=True,
        samesite="lax",
    )


def take_cookie(response: Response, there: Parts, request: Request) -> None:
    response.delete_cookie(
        there.cookie, path=there.base_path or "/", secure=_is_secure(there, request), httponly=True, samesite="lax"
    )


def _is_secure(there: Parts, request: Request) -> bool:
    return request.scope["scheme"] == "https" or there.public_url.startswith("https://")


def _bearer(texts: list[bytes]) -> str | None:
    if len(texts) != 1:
        return None
    scheme, _, token = texts[0].decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
