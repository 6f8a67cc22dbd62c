"""Request headers that decide whether a change happens: If-Match and Idempotency-Key."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends, Request

from horarium.api.auth import identified
from horarium.api.problems import Error, refused
from horarium.control.task_controller import Repeatable

REVISION: Final = re.compile(r'"([0-9]{1,9})"', re.ASCII)
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


class ReadsHeader:
    """A dependency that reads one header; the OpenAPI document is written from these three."""

    name: ClassVar[str]
    description: ClassVar[str]
    schema: ClassVar[dict[str, Any]]
    required: bool


@dataclass(frozen=True)
class IfMatch(ReadsHeader):
    """The revision that the change was made upon; None for `*`, or where it is left out and need not be given."""

    required: bool
    name = "If-Match"
    description = 'The ETag of what was read, e.g. "3"; * for whatever is there.'
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": r'^("[0-9]{1,9}"|\*)$'}

    async def __call__(self, request: Request) -> int | None:
        given = request.headers.getlist("if-match")
        if not given:
            if not self.required:
                return None
            raise refused(
                428,
                "if-match-missing",
                "Say which revision this change was made upon: send its ETag as If-Match, or If-Match: * for whatever is there.",
            )
        text = ",".join(given).strip()
        found = REVISION.fullmatch(text)
        if text != "*" and found is None:
            message = 'holds one ETag such as "3", or *'
            raise refused(422, "invalid", f"If-Match {message}.", errors=[Error(pointer="#If-Match", message=message)])
        return int(found[1]) if found is not None else None


@dataclass(frozen=True)
class IdempotencyKey(ReadsHeader):
    """What makes a repeated request answer with what its first sending made, for 24 hours."""

    required: bool = False
    name = "Idempotency-Key"
    description = "Chosen by the client; the same request with the same key within 24 hours creates nothing more."
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"}

    async def __call__(self, request: Request) -> Repeatable | None:
        given = request.headers.getlist("idempotency-key")
        if not given:
            return None
        if len(given) > 1 or KEY.fullmatch(given[0]) is None:
            message = "has 1 to 255 visible ASCII characters"
            error = Error(pointer="#Idempotency-Key", message=message)
            raise refused(422, "invalid", f"Idempotency-Key {message}.", errors=[error])
        caller = (await identified(request)).caller
        asked = sha256(caller.name.encode() + b"\0" + request.scope["query_string"] + b"\0" + await request.body())
        return Repeatable(key=given[0], fingerprint=asked.digest())


Match = Annotated[int | None, Depends(IfMatch(required=True))]
MatchIfGiven = Annotated[int | None, Depends(IfMatch(required=False))]
Key = Annotated[Repeatable | None, Depends(IdempotencyKey())]
