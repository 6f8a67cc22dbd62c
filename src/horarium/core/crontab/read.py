"""Reads a crontab into drafts of tasks, and says of every line what cannot be carried over. Bad text is an answer, no error.

The rules are those of Debian's cron (its manual and its behaviour), which is now stricter, now laxer than our own cron text:
where a line means something else there, or nothing, a note says so.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from horarium.core.action import Command
from horarium.core.crontab.names import Names
from horarium.core.crontab.settings import BLANKS, read_setting
from horarium.core.errors import BadValue
from horarium.core.schedule.cron import Cron
from horarium.core.task import Draft

BYTES_MAX = 1 << 20
LINES_MAX = 10_000
COMMAND_THERE_MAX = 998
SHOWN_MAX = 300
PATH_THERE = "/usr/bin:/bin"
UNLIKE_CRON = (
    "Unlike in cron, what is due while the last run goes on is skipped and counted (horarium edit NAME --overlap allow), "
    "and after a downtime the latest missed run is made up for (--catch-up none)."
)

SHORT_FORMS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
MAIL = ("MAILTO", "MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING")
FIELDS = 5

_FIELD = re.compile(r"[^ \t]+[ \t]*")
_ONLY_HERE = re.compile(r"[LW#?]|(?:^|[ ,])\w+/", re.IGNORECASE)
_MONTH_OR_DAY = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line. Either `draft` or `refusal` is there; `notes` say what is different here."""

    line: int
    text: str
    draft: Draft | None = None
    refusal: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is to be known about a line that makes no task; line 0 is the whole file."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crontab:
    items: tuple[Item, ...]
    notes: tuple[Note, ...]

    @property
    def drafts(self) -> tuple[Draft, ...]:
        return tuple(item.draft for item in self.items if item.draft is not None)

    @property
    def refused(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.refusal is not None)


class _Refused(Exception):
    """The line makes no task, for the reason given."""


@dataclass(slots=True, kw_only=True)
class _Reader:
    """What is in force at the line that is being read."""

    system: bool
    timezone: str
    names: Names
    user: str | None
    environment: dict[str, str] = field(default_factory=dict)
    zone_from: int = 0
    items: list[Item] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_crontab(
    text: bytes | str,
    *,
    timezone: str,
    system: bool = False,
    prefix: str = "",
    taken: Iterable[str] = (),
    user: str | None = None,
) -> Crontab:
    """`timezone`: in force until a CRON_TZ line. `system`: a user stands before each command, as in /etc/crontab.

    `taken`: names that tasks have already. `user`: who the service runs as, where that is known.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    reader = _Reader(system=system, timezone=timezone, names=Names(prefix, taken), user=user)
    if len(data) > BYTES_MAX:
        item = Item(line=1, text="", refusal=f"This crontab is larger than {BYTES_MAX} bytes. Import it in parts.")
        return Crontab(items=(item,), notes=())
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        reader.notes.append(Note(line=1, message="A byte order mark at the beginning is left out."))
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    else:
        reader.notes.append(
            Note(line=len(lines), message="The last line does not end: Debian's cron would refuse the file.")
        )
    if any(line.endswith(b"\r") for line in lines):
        reader.notes.append(
            Note(line=0, message="Lines end in CR LF; the CR, which cron would pass to the command, is left out.")
        )
    for number, line in enumerate(lines[:LINES_MAX], 1):
        _read_line(reader, number, line.removesuffix(b"\r"))
    if len(lines) > LINES_MAX:
        refusal = f"Only the first {LINES_MAX} lines are read. Import the rest in parts."
        reader.items.append(Item(line=LINES_MAX + 1, text="", refusal=refusal))
    made = [item for item in reader.items if item.draft is not None]
    if any("PATH" not in _environment(item) for item in made):
        message = f"Without a PATH line cron looks for programs in {PATH_THERE} only; here the PATH is the service's."
        reader.notes.append(Note(line=0, message=message))
    if made:
        reader.notes.append(Note(line=0, message=UNLIKE_CRON))
    return Crontab(items=tuple(reader.items), notes=tuple(sorted(reader.notes, key=lambda note: note.line)))


def _read_line(reader: _Reader, number: int, data: bytes) -> None:
    line = data.lstrip(BLANKS.encode())
    if not line or line.startswith(b"#"):
        return
    shown = line.decode("utf-8", "backslashreplace").rstrip(BLANKS)
    shown = shown if len(shown) <= SHOWN_MAX else shown[: SHOWN_MAX - 1] + "…"
    try:
        if b"\0" in line:
            raise _Refused("The line holds a NUL byte, which no command can be given.")
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            message = f"Byte {error.start + 1} of the line is not UTF-8. Convert the file, e.g. with iconv."
            raise _Refused(message) from error
        setting = read_setting(text)
        if setting is not None and not text.startswith("@"):
            _set(reader, number, *setting)
        else:
            draft, notes = _entry(reader, text)
            reader.items.append(Item(line=number, text=shown, draft=draft, notes=notes))
    except _Refused as refused:
        reader.items.append(Item(line=number, text=shown, refusal=str(refused)))


def _set(reader: _Reader, number: int, name: str, value: str) -> None:
    if name == "CRON_TZ":
        _set_zone(reader, number, value)
    elif name in MAIL:
        if value or name != "MAILTO":
            message = f"{name}: nothing is mailed here. Output is kept with each run (horarium logs)."
            reader.notes.append(Note(line=number, message=message))
        reader.environment[name] = value
    elif name == "LOGNAME":
        message = "LOGNAME is left out, as cron does: it is the name of the user who runs the command."
        reader.notes.append(Note(line=number, message=message))
    elif name == "RANDOM_DELAY":
        message = "RANDOM_DELAY is not carried over. Give the tasks a jitter instead: horarium edit NAME --jitter 10m."
        reader.notes.append(Note(line=number, message=message))
    else:
        if name == "TZ":
            message = "TZ reaches the commands and leaves the times of the schedule alone, as in Debian's cron."
            reader.notes.append(Note(line=number, message=message))
        elif "$" in value or value.startswith("~"):
            message = f"{name} holds {value[:60]!r} literally, as in cron: variables and ~ are not expanded."
            reader.notes.append(Note(line=number, message=message))
        reader.environment[name] = value


def _set_zone(reader: _Reader, number: int, value: str) -> None:
    try:
        Cron(kind="cron", expression="0 0 * * *", timezone=value)
    except BadValue as bad:
        reader.timezone = ""
        reader.zone_from = number
        raise _Refused(_sentence(bad)) from bad
    reader.timezone = value
    message = f"The times after this line are read in {value}. Debian's cron itself ignores CRON_TZ, others follow it."
    reader.notes.append(Note(line=number, message=message))


def _entry(reader: _Reader, text: str) -> tuple[Draft, tuple[str, ...]]:
    notes: list[str] = []
    if text.startswith("-") and text[1:2] in tuple("*0123456789"):
        text = text[1:]
        notes.append("the leading - (do not log) is left out")
    expression, rest = _times(text)
    if not expression.startswith("@") and _ONLY_HERE.search(_MONTH_OR_DAY.sub("0", expression)):
        notes.append("Debian's cron does not read these times; here they mean what the reference of cron text says")
    if reader.system:
        rest = _without_user(reader, rest, notes)
    command = _command(rest, notes)
    if not reader.timezone:
        raise _Refused(f"In which zone these times are meant is unknown: see CRON_TZ in line {reader.zone_from}.")
    try:
        schedule = Cron(kind="cron", expression=expression, timezone=reader.timezone)
        action = _action(command, reader.environment)
        return Draft(name=reader.names.give(command), schedule=schedule, action=action), tuple(notes)
    except BadValue as bad:
        raise _Refused(_sentence(bad)) from bad


def _times(text: str) -> tuple[str, str]:
    """The cron text and what follows it."""
    if text.startswith("@"):
        word, rest = _split_field(text)
        if word == "@reboot":
            raise _Refused("@reboot names no instant. Let the system's start call `horarium run NAME` instead.")
        if word not in SHORT_FORMS:
            known = " ".join(SHORT_FORMS)
            hint = f"write {word.lower()}" if word.lower() in SHORT_FORMS else f"cron knows {known}"
            raise _Refused(f"{word[:40]!r} is no short form of cron: {hint}.")
        return word, rest
    fields: list[str] = []
    rest = text
    while len(fields) < FIELDS and rest:
        word, rest = _split_field(rest)
        fields.append(word)
    if len(fields) < FIELDS:
        raise _Refused("Neither a setting (NAME=value) nor five fields of time and a command.")
    if any("~" in word for word in fields):
        raise _Refused("A random time in a range (~) is not carried over. Name one time and give the task a jitter.")
    return " ".join(fields), rest


def _split_field(text: str) -> tuple[str, str]:
    found = _FIELD.match(text)
    return (found.group().rstrip(" \t"), text[found.end() :]) if found else ("", text)


def _without_user(reader: _Reader, rest: str, notes: list[str]) -> str:
    user, rest = _split_field(rest)
    if not rest.strip(BLANKS):
        raise _Refused("A user and a command follow the times in a system crontab; one of them is missing here.")
    if user != reader.user:
        notes.append(f"runs as {user} there, here as the user of the service")
    return rest


def _command(rest: str, notes: list[str]) -> str:
    if not rest.strip(BLANKS):
        raise _Refused("No command follows the times.")
    command, has_input = _unescaped(rest)
    if has_input:
        raise _Refused(
            "What follows the first % is the command's standard input in cron, which is not carried over. "
            "Put it into the command (printf … | command), or write \\% where a plain % is meant."
        )
    if len(rest) > COMMAND_THERE_MAX:
        notes.append(f"Debian's cron refuses commands of more than {COMMAND_THERE_MAX} characters")
    if command.endswith("\\"):
        notes.append("ends in a backslash: a crontab does not continue lines")
    bare = command.rstrip(BLANKS)
    return command if bare.endswith("\\") else bare


def _unescaped(text: str) -> tuple[str, bool]:
    r"""The command with `\%` as `%` and `\\` as `\`, as cron hands it to the shell, and whether an unescaped % ends it."""
    made: list[str] = []
    escaped = False
    for c in text:
        if escaped:
            made.append(c if c in "%\\" else "\\" + c)
            escaped = False
        elif c == "\\":
            escaped = True
        elif c == "%":
            return "".join(made), True
        else:
            made.append(c)
    return "".join(made) + ("\\" if escaped else ""), False


def _action(command: str, environment: Mapping[str, str]) -> Command:
    shell = environment.get("SHELL", "/bin/sh")
    home = environment.get("HOME")
    env = dict(environment)
    if shell == "/bin/sh":
        return Command(kind="command", shell=command, env=env, cwd=home)
    return Command(kind="command", argv=(shell, "-c", command), env=env, cwd=home)


def _environment(item: Item) -> Mapping[str, str]:
    return item.draft.action.env if item.draft is not None and isinstance(item.draft.action, Command) else {}


def _sentence(bad: BadValue) -> str:
    said = f"{bad.field}: {bad.message}" if bad.field else bad.message
    said = f"{said}; {bad.remedy}" if bad.remedy else said
    return said if said.endswith(("?", ".")) else f"{said}."
