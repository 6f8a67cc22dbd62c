"""What people who may not edit a task do not see of it: values that often are secrets. Names stay."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeVar

from horarium.core.access import Role
from horarium.core.action import SECRET_WORDS, Action, Command, Http, authority, may_be_secret

A = TypeVar("A", Command, Http)

MASK: Final = "***"
SECRET_HEADERS: Final = SECRET_WORDS
"""Headers whose name holds one of these are masked."""


def may_see_secrets(role: Role) -> bool:
    return role >= Role.EDITOR


def masked(action: Action) -> Action:
    match action:
        case Command(env=env) if env:
            return _altered(action, env=dict.fromkeys(env, MASK))
        case Http(url=url, headers=headers) if "@" in url or any(map(may_be_secret, headers)):
            return _altered(action, url=_url(url), headers=_headers(headers))
        case _:
            return action


def masked_json(definition: Any) -> Any:
    """The same for a definition that is only JSON; None for one that is not even an object."""
    if not isinstance(definition, dict):
        return None
    action = definition.get("action")
    if not isinstance(action, dict):
        return {**definition, "action": None} if action is not None else definition
    hidden = dict(action)
    if "env" in hidden:
        hidden["env"] = dict.fromkeys(hidden["env"], MASK) if isinstance(hidden["env"], dict) else MASK
    if "headers" in hidden:
        hidden["headers"] = _headers(hidden["headers"]) if isinstance(hidden["headers"], dict) else MASK
    if "url" in hidden:
        hidden["url"] = _url(hidden["url"]) if isinstance(hidden["url"], str) else MASK
    return {**definition, "action": hidden}


def _headers(headers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: MASK if may_be_secret(name) else value for name, value in headers.items()}


def _url(url: str) -> str:
    """Without user and password."""
    scheme, colon, rest = url.partition("://")
    if not colon:
        return MASK if "@" in url else url
    where = authority(rest)
    user, at, place = where.rpartition("@")
    return f"{scheme}://{MASK}@{place}{rest[len(where) :]}" if at and user else url


def _altered(action: A, **masked: Any) -> A:
    """A copy that is not judged anew: a mask may be longer than what it hides, and so than what an action may be."""
    copy = object.__new__(type(action))
    for part in fields(action):
        object.__setattr__(copy, part.name, masked.get(part.name, getattr(action, part.name)))
    return copy
