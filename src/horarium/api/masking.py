"""What people who may not edit a task do not see of it: values that often are secrets. Names stay."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from horarium.core.access import Role
from horarium.core.action import Action, Command, Http

MASK: Final = "***"
SECRET_HEADERS: Final = ("authorization", "cookie", "proxy-authorization", "x-api-key")


def may_see_secrets(role: Role) -> bool:
    return role >= Role.EDITOR


def masked(action: Action) -> Action:
    match action:
        case Command(env=env) if env:
            return replace(action, env=dict.fromkeys(env, MASK))
        case Http(headers=headers) if any(name.lower() in SECRET_HEADERS for name in headers):
            return replace(action, headers=_headers(headers))
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
    return {**definition, "action": hidden}


def _headers(headers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: MASK if name.lower() in SECRET_HEADERS else value for name, value in headers.items()}
