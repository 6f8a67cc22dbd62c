"""Who asks, and how they came in: the one-time key, sessions of browsers, tokens of programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from horarium.control.errors import NotSignedIn
from horarium.control.failed_sign_ins import FailedSignIns
from horarium.control.secrets import hashed, new_secret, new_token_text, same
from horarium.core.access import Caller, Role, Session, Token
from horarium.core.errors import BadValue, NotFound
from horarium.core.ids import RANDOM_BYTES, stamped_id, to_ulid
from horarium.core.instants import shown
from horarium.core.page import PageOf, Window
from horarium.core.task import has_control
from horarium.ports.clock import Clock
from horarium.ports.random import Random
from horarium.ports.store import AccessStore

KEY_LASTS: Final = timedelta(minutes=30)
SESSION_LASTS: Final = timedelta(days=30)
TOUCHED_EVERY: Final = timedelta(minutes=1)
TOKEN_NAME_MAX: Final = 100
FIRST_SIGN_IN: Final = "first_sign_in"
"""The setting that remembers when somebody signed in for the first time."""
OWNER: Final = "owner"
"""Whoever signs in with the one-time key: it is shown on the service's own terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A token that the service was started with (HORARIUM_ADMIN_TOKEN, the command line's own); the store never sees it."""

    secret_hash: bytes
    caller: Caller

    @staticmethod
    def of(text: str, name: str, role: Role = Role.ADMIN) -> "Standing":
        return Standing(secret_hash=hashed(text), caller=Caller(name=name, role=role))


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """`session_id` is set for browsers; `expires_at` None: until somebody revokes it."""

    caller: Caller
    expires_at: datetime | None = None
    session_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """`secret` goes into the cookie and nowhere else."""

    session: Session
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeKey:
    key: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    token: Token
    text: str


class Access:
    def __init__(self, *, store: AccessStore, clock: Clock, random: Random, standing: Sequence[Standing] = ()) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._standing = tuple(standing)
        self._failed = FailedSignIns(clock)

    async def by_token(self, text: str) -> Identified | None:
        """Whose bearer token this is."""
        digest = hashed(text)
        known = [standing.caller for standing in self._standing if same(standing.secret_hash, digest)]
        if known:
            return Identified(caller=known[0])
        token = await self._store.token_by_hash(digest)
        now = self._clock.now()
        if (
            token is None
            or not same(token.secret_hash, digest)
            or (token.expires_at is not None and token.expires_at <= now)
        ):
            return None
        if token.last_used_at is None or now - token.last_used_at >= TOUCHED_EVERY:
            await self._store.touch_token(token.id, now)
        return Identified(caller=Caller(name=token.name, role=token.role), expires_at=token.expires_at)

    async def by_session(self, secret: str) -> Identified | None:
        """Whose browser this is."""
        digest = hashed(secret)
        session = await self._store.session_by_hash(digest)
        if session is None or not same(session.secret_hash, digest) or session.expires_at <= self._clock.now():
            return None
        caller = Caller(name=session.name, role=session.role)
        return Identified(caller=caller, expires_at=session.expires_at, session_id=session.id)

    async def sign_in(self, address: str, *, key: str | None = None, token: str | None = None) -> SignedIn:
        """A new session for the right key or token. Raises NotSignedIn, TooManySignIns."""
        self._failed.check_before(address)
        found = await self._owner(key) if key is not None else await self.by_token(token or "")
        if found is None:
            self._failed.count(address)
            raise NotSignedIn(
                "The key is not valid: it may be used already or be older than 30 minutes. Run `horarium open` for a fresh one."
                if key is not None
                else "The token is not known here, or has expired."
            )
        now = self._clock.now()
        secret = new_secret(self._random)
        ends = now + SESSION_LASTS
        session = Session(
            id=self._new_id(now),
            secret_hash=hashed(secret),
            role=found.caller.role,
            name=found.caller.name,
            created_at=now,
            expires_at=ends if found.expires_at is None else min(ends, found.expires_at),
        )
        await self._store.add_session(session)
        if await self._store.setting(FIRST_SIGN_IN) is None:
            await self._store.set_setting(FIRST_SIGN_IN, shown(now))
        return SignedIn(session=session, secret=secret)

    async def sign_out(self, who: Identified) -> None:
        if who.session_id is not None:
            await self._store.delete_session(who.session_id)

    async def fresh_key(self) -> OneTimeKey:
        """A one-time key for the owner; the former one is void."""
        key = OneTimeKey(key=new_secret(self._random), expires_at=self._clock.now() + KEY_LASTS)
        await self._store.set_key(hashed(key.key), key.expires_at)
        return key

    async def add_token(self, name: str, role: Role, expires_at: datetime | None, by: Caller) -> NewToken:
        """Raises BadValue. The text is in the answer and can never be read again."""
        now = self._clock.now()
        if not 1 <= len(name) <= TOKEN_NAME_MAX or name != name.strip() or has_control(name):
            raise BadValue(
                "name", f"a token's name has 1 to {TOKEN_NAME_MAX} characters, no control characters, no outer spaces"
            )
        if expires_at is not None and expires_at <= now:
            raise BadValue("expires_at", f"{shown(expires_at)} has passed", "name a later instant, or leave it out")
        text = new_token_text(self._random)
        token = Token(
            id=self._new_id(now),
            name=name,
            prefix=text.prefix,
            secret_hash=hashed(text.text),
            role=role,
            created_at=now,
            created_by=by.name,
            expires_at=expires_at,
        )
        await self._store.add_token(token)
        return NewToken(token=token, text=text.text)

    async def tokens(self, window: Window) -> PageOf[Token]:
        return await self._store.tokens(window)

    async def has_tokens(self) -> bool:
        """Whether any token is stored: then nobody gets in without a secret that exists already."""
        return bool((await self._store.tokens(Window(limit=1))).items)

    async def nobody_yet(self) -> bool:
        """Whether this is a new installation: nobody has ever signed in and no token was made."""
        return await self._store.setting(FIRST_SIGN_IN) is None and not await self.has_tokens()

    async def revoke(self, token_id: bytes) -> None:
        if not await self._store.delete_token(token_id):
            raise NotFound("token", to_ulid(token_id))

    async def _owner(self, key: str) -> Identified | None:
        used = await self._store.use_key(hashed(key), self._clock.now())
        return Identified(caller=Caller(name=OWNER, role=Role.ADMIN)) if used else None

    def _new_id(self, now: datetime) -> bytes:
        return stamped_id(now, self._random.bytes(RANDOM_BYTES))
