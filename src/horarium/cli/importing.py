"""`import crontab`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from horarium.cli import kinds
from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.lookup import default_zone, pages
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import print_json, printable, shortened, table
from horarium.cli.values import TIMEZONE, in_zone
from horarium.control.crontab_reading import SEEMS_SYSTEM, own_user, refusals, seems_system
from horarium.core.crontab.read import BYTES_MAX, Crontab, Item, read_crontab
from horarium.core.instants import shown
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.describe import describe
from horarium.core.task import Draft

BATCH = 1_000
NAMESAKES_MAX = 10_000
SYSTEM_PLACES = ("/etc/crontab", "/etc/cron.d/")
READ_SECONDS = 30.0
SAY_WHICH = f"{SEEMS_SYSTEM}: say --system if the users are not part of the commands, or --user if they are."


@click.group("import", cls=kinds.Group)
def importing() -> None:
    """Take over what another scheduler does."""


@importing.command("crontab", cls=kinds.Command)
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option(
    "--system/--user", default=None, help="Whether a user stands before each command. Default: by the file's place."
)
@click.option("--apply", is_flag=True, help="Create the tasks; without it nothing is written.")
@click.option("--skip-refused", is_flag=True, help="With --apply: create the others although some lines are refused.")
@click.option(
    "--timezone",
    type=TIMEZONE,
    metavar="ZONE",
    help="In which the times are read, but for CRON_TZ. Default: the server's zone.",
)
@click.option("--prefix", default="", metavar="TEXT", help="Put before each name.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@with_server
def crontab(
    client: Client,
    file: str | None,
    system: bool | None,
    apply: bool,
    skip_refused: bool,
    timezone: str | None,
    prefix: str,
    as_json: bool,
) -> None:
    """Show which tasks a crontab makes and what cannot be carried over; create them with --apply.

    Without FILE it is what crontab -l prints. Take the lines out of cron once they are here, or both will run them.
    """
    data = _data(file)
    told = system is not None
    if system is None:
        system = file is not None and os.path.abspath(file).startswith(SYSTEM_PLACES)
    zone = timezone or default_zone(client)
    user = own_user()
    read = read_crontab(data, timezone=zone, system=system, prefix=prefix, user=user)
    if file is not None and not told and not system and seems_system(read):
        raise Stop(SAY_WHICH, Exit.USAGE)
    read = read_crontab(data, timezone=zone, system=system, prefix=prefix, user=user, taken=_taken(client, read))
    if apply and read.refused and not skip_refused:
        _tell(client, read, as_json=as_json)
        raise Stop(
            f"Nothing is written: {refusals(read)}. Mend them, or leave them out with --skip-refused.", Exit.USAGE
        )
    made = _create(client, read.drafts) if apply else []
    _tell(client, read, as_json=as_json, made=made)
    if apply:
        click.echo(f"{len(made)} tasks created. Take these lines out of cron now, or both will run them.", err=True)
    elif read.drafts:
        click.echo(f"Nothing is written yet. To create {len(read.drafts)} tasks: the same with --apply", err=True)


def _data(file: str | None) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(BYTES_MAX + 1)
    if file is not None:
        try:
            with Path(file).open("rb") as opened:
                return opened.read(BYTES_MAX + 1)
        except OSError as error:
            raise Stop(f"{printable(file)} cannot be read: {error.strerror}.", Exit.USAGE) from error
    if shutil.which("crontab") is None:
        raise Stop("There is no crontab program here. Name a file: horarium import crontab FILE", Exit.USAGE)
    done = subprocess.run(["crontab", "-l"], capture_output=True, timeout=READ_SECONDS, check=False)
    if done.returncode != 0:
        said = printable(done.stderr.decode("utf-8", "replace").strip()) or f"exit status {done.returncode}"
        raise Stop(f"crontab -l: {said}. Name a file: horarium import crontab FILE", Exit.USAGE)
    return done.stdout


def _taken(client: Client, read: Crontab) -> set[str]:
    """Names of existing tasks that could collide with those of `read`."""
    wanted = {draft.name for draft in read.drafts}
    roots = {name for name in wanted if not (name.rpartition("-")[0] in wanted and name.rpartition("-")[2].isdecimal())}
    taken: set[str] = set()
    for root in sorted(roots):
        taken |= {task["name"] for task in pages(client, "/tasks", {"words": root}, NAMESAKES_MAX)}
    return taken


def _create(client: Client, drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for start in range(0, len(drafts), BATCH):
        batch = [definition(draft) for draft in drafts[start : start + BATCH]]
        try:
            made += client.post("/tasks/batch", {"tasks": batch}).json()["items"]
        except Stop as stop:
            raise Stop(
                f"{len(made)} of {len(drafts)} tasks were created, then: {stop.message}", Exit(stop.exit_code)
            ) from stop
    return made


def definition(draft: Draft) -> dict[str, Any]:
    """A draft from a crontab in the API's JSON; what is at its default is left out."""
    action = {name: value for name, value in asdict(draft.action).items() if value not in (None, {})}
    schedule = asdict(draft.schedule)
    kept = {name: schedule[name] for name in ("kind", "expression", "timezone")}
    return {"name": draft.name, "schedule": kept, "action": action}


def _tell(client: Client, read: Crontab, *, as_json: bool, made: Sequence[dict[str, Any]] = ()) -> None:
    now = datetime.fromisoformat(client.get("/stats").json()["now"])
    if as_json:
        print_json(
            {
                "items": [_as_json(item, now) for item in read.items],
                "notes": [asdict(note) for note in read.notes],
                "created": [task["id"] for task in made],
            }
        )
        return
    rows = [_row(item, item.draft, now) for item in read.items if item.draft is not None]
    if rows:
        click.echo(table(("line", "name", "schedule", "next due", "notes"), rows))
    for item in read.refused:
        click.echo(f"line {item.line} is refused: {printable(item.refusal or '')}")
        click.echo(f"    {printable(shortened(item.text, 100))}")
    for note in read.notes:
        click.echo(f"{f'line {note.line}' if note.line else 'note'}: {printable(note.message)}")
    if not read.items:
        click.echo("This crontab holds no command.")


def _row(item: Item, draft: Draft, now: datetime) -> Sequence[str]:
    due = draft.schedule.next_due(now)
    assert isinstance(draft.schedule, Cron), "a crontab holds cron texts"
    zone = draft.schedule.timezone
    next_due = in_zone(shown(due), zone) if due else "never"
    return (
        str(item.line),
        draft.name,
        describe(draft.schedule),
        next_due,
        "; ".join(item.notes),
    )


def _as_json(item: Item, now: datetime) -> dict[str, Any]:
    due = item.draft.schedule.next_due(now) if item.draft is not None else None
    return {
        "line": item.line,
        "text": item.text,
        "task": definition(item.draft) if item.draft is not None else None,
        "sentence": describe(item.draft.schedule) if item.draft is not None else None,
        "next_due_at": shown(due) if due else None,
        "refusal": item.refusal,
        "notes": item.notes,
    }
