"""From what was typed to a task's definition in the API's JSON. Only what was typed is in it; the server knows the defaults."""

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from horarium.cli.phrases import Phrases
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable
from horarium.cli.values import read_instant

Typed: TypeAlias = Mapping[str, Any]
Json: TypeAlias = dict[str, Any]

WAYS = ("--when", "--cron", "--every", "--at")
KINDS = {"--when": "phrase", "--cron": "cron", "--every": "every", "--at": "once"}
DOINGS = ("COMMAND", "--shell", "--url", "--python", "--log")


class Zone:
    """The zone that times without an offset are read in: --timezone, else the one stored, else the server's, asked for once."""

    def __init__(self, typed: str | None, default: Callable[[], str]) -> None:
        self._name = typed
        self._default = default

    def name(self) -> str:
        if self._name is None:
            self._name = self._default()
        return self._name


def schedule_kind(typed: Typed) -> str | None:
    """Which of the ways was used, `phrase` for words; None: none of them."""
    used = [way for way in WAYS if typed[way[2:]] is not None]
    if len(used) > 1:
        raise Stop(f"{' and '.join(used)} exclude each other. Keep one of them.", Exit.USAGE)
    return KINDS[used[0]] if used else None


def schedule_of(typed: Typed, zone: Zone, notes: list[str], phrases: Phrases) -> Json:
    """The members of a schedule that were typed; `kind` is there if one of the ways is."""
    made: Json = {}

    def instant(option: str, text: str) -> str:
        read, note = read_instant(option, text, zone.name() if _is_naive(text) else "UTC")
        notes.extend([note] if note else [])
        return read

    match schedule_kind(typed):
        case "phrase":
            answer = phrases.read(typed["when"], zone.name())
            made = dict(answer["schedule"])
            notes.extend(answer["notes"])
        case "cron":
            made = {"kind": "cron", "expression": typed["cron"], "timezone": zone.name()}
        case "every":
            made = {"kind": "every", "seconds": typed["every"]}
        case "once":
            made = {"kind": "once", "at": instant("--at", typed["at"])}
    if typed["starts"] is not None:
        made["starts_at"] = instant("--starts", typed["starts"])
    if typed["ends"] is not None:
        made["ends_at"] = instant("--ends", typed["ends"])
    if typed["max_occurrences"] is not None:
        made["max_occurrences"] = typed["max_occurrences"]
    if typed["jitter"] is not None:
        made["jitter_seconds"] = typed["jitter"]
    return made


def action_kind(typed: Typed) -> str | None:
    """Which kind of action was typed; None: none."""
    given = {doing: typed[doing.lstrip("-").lower()] for doing in DOINGS}
    used = [doing for doing, value in given.items() if value not in (None, ())]
    if len(used) > 1:
        raise Stop(f"{' and '.join(used)} exclude each other. Keep one of them.", Exit.USAGE)
    if not used:
        return None
    return {"--url": "http", "--python": "python", "--log": "log"}.get(used[0], "command")


def action_of(typed: Typed, kind: str | None) -> Json:
    """The members of an action of this kind that were typed, without its folder."""
    _belongs(typed, kind, "http", ("method", "header", "body"), "--url")
    _belongs(typed, kind, "command", ("env", "cwd"), "a command")
    made: Json = {}
    match kind:
        case "http":
            if typed["url"] is not None:
                made["url"] = typed["url"]
            if typed["method"] is not None:
                made["method"] = typed["method"].upper()
            if typed["header"]:
                made["headers"] = dict(_header(text) for text in typed["header"])
            if typed["body"] is not None:
                made["body"] = typed["body"]
        case "command":
            if typed["shell"] is not None:
                made["shell"] = typed["shell"]
            elif typed["command"]:
                made["argv"] = list(typed["command"])
            if typed["env"]:
                made["env"] = dict(_variable(text) for text in typed["env"])
            if typed["cwd"] is not None:
                made["cwd"] = os.path.abspath(typed["cwd"])
        case "python":
            if typed["python"] is not None:
                made["function"] = typed["python"]
        case "log":
            if typed["log"] is not None:
                made["message"] = typed["log"]
    return made


def policy_of(typed: Typed) -> Json:
    made: Json = {}
    if typed["timeout"] is not None:
        made["timeout_seconds"] = typed["timeout"]
    if typed["retries"] is not None:
        made["retry"] = {"max_attempts": typed["retries"] + 1}
    if typed["overlap"] is not None:
        made["overlap"] = typed["overlap"]
    if typed["catch_up"] is not None:
        made["catch_up"] = {"mode": typed["catch_up"]}
    return made


def rest_of(typed: Typed) -> Json:
    made: Json = {name: typed[name] for name in ("description", "pool", "priority") if typed[name] is not None}
    if typed["tags"]:
        made["tags"] = list(typed["tags"])
    return made


def _is_naive(text: str) -> bool:
    clock = text.strip()[10:]
    return not clock.endswith(("Z", "z")) and "+" not in clock and "-" not in clock


def _belongs(typed: Typed, kind: str | None, wanted: str, names: tuple[str, ...], to: str) -> None:
    for name in names:
        if typed[name] not in (None, ()) and kind != wanted:
            raise Stop(f"--{name} belongs to {to}.", Exit.USAGE)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise Stop(f"--header: {printable(text)!r} has no colon. Write it like 'Accept: text/plain'.", Exit.USAGE)
    return name.strip(), value.strip()


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Stop(f"--env: {printable(text)!r} has no =. Write it like LEVEL=full.", Exit.USAGE)
    return name, value
