"""`preview`."""

from collections.abc import Mapping
from typing import Any

import click

from horarium.cli.client import Client, Problem
from horarium.cli.connect import with_server
from horarium.cli.definition import Zone, schedule_kind, schedule_of
from horarium.cli.kinds import Command
from horarium.cli.lookup import default_zone, find_task
from horarium.cli.options import schedule_options
from horarium.cli.phrases import Phrases
from horarium.cli.preview_lines import preview_lines
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import print_json, printable
from horarium.cli.values import read_instant
from horarium.cli.wording import schedule_line, zone_of


@click.command(cls=Command)
@click.argument("task", required=False, metavar="[TASK|PHRASE]")
@schedule_options
@click.option("--after", metavar="TIME", help="From when on. Default: now.")
@click.option("--count", type=click.IntRange(1, 1000), metavar="N", default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def preview(client: Client, task: str | None, after: str | None, count: int, as_json: bool, **typed: Any) -> None:
    """Print when a task, or a schedule that is not saved yet, is due: horarium preview 'every weekday at 9'.

    With a task and --when, --cron, --every or --at: what that edit would change.
    """
    kind = schedule_kind(typed)
    if task is None and kind is None:
        raise Stop("Name a task, say when in words, or give one of --when, --cron, --every and --at.", Exit.USAGE)
    notes: list[str] = []
    found = None if task is None else find_task(client, task).json() if kind is not None else _task(client, task)
    if found is not None and kind is None:
        schedule = found["schedule"]
        if typed["timezone"] is not None:
            notes.append(
                "a task is called so, and --timezone does not change when it is due; to read the words: --when"
            )
    elif found is not None:
        zone = Zone(typed["timezone"] or zone_of(found["schedule"] or {}, "") or None, lambda: default_zone(client))
        schedule = schedule_of(typed, zone, notes, Phrases(client))
    else:
        words = {**typed, "when": task or typed["when"]}
        schedule = _schedule(client, words, notes, might_be_task=task is not None)
    shown_in = zone_of(schedule, typed["timezone"] or "") or default_zone(client)
    start = read_instant("--after", after, shown_in)[0] if after is not None else None
    asked = {"count": count} if start is None else {"count": count, "after": start}
    if found is not None and kind is None:
        answer = _of_task(client, found, asked)
    elif found is not None:
        answer = client.post("/schedules/preview", {"schedule": schedule, "task_id": found["id"], **asked}).json()
    else:
        answer = client.post("/schedules/preview", {"schedule": schedule, **asked}).json()
    if as_json:
        print_json(answer)
        return
    click.echo(f"{printable(answer.get('sentence') or '') or schedule_line(schedule, shown_in)}, shown in {shown_in}")
    for line in preview_lines(answer, shown_in, client.get("/stats").json()["now"], notes):
        click.echo(line)


def _task(client: Client, word: str) -> dict[str, Any] | None:
    """The task that is named so; None: it is no task's name, so it says when."""
    try:
        found: dict[str, Any] = find_task(client, word).json()
    except Problem as problem:
        if problem.status != 404:
            raise
        return None
    return found


def _schedule(client: Client, typed: Mapping[str, Any], notes: list[str], *, might_be_task: bool) -> dict[str, Any]:
    try:
        return schedule_of(typed, Zone(typed["timezone"], lambda: default_zone(client)), notes, Phrases(client))
    except Stop as stop:
        if might_be_task:
            raise Stop(
                f"No task is called {printable(typed['when'])!r}, and as words it is refused: {stop.message}",
                Exit.USAGE,
            ) from None
        raise


def _of_task(client: Client, task: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is due is the task's own affair (it may be paused, or have used up what it may do); the words are its schedule's."""
    upcoming: dict[str, Any] = client.get(f"/tasks/{task['id']}/upcoming", query=asked).json()
    dues = upcoming["due"]
    if task.get("broken") or not task.get("schedule"):
        return upcoming
    body = {"schedule": task["schedule"], "task_id": task["id"], **asked}
    seen = client.post("/schedules/preview", body).json()
    since = dues[0] if task.get("pause") and dues else ""
    notes = [
        note
        for note in seen["notes"]
        if note["kind"] != "never" and (note["at"] is None or (dues and note["at"] >= since))
    ]
    return {**upcoming, **seen, "due": dues, "notes": notes, "changes": None, "waiting": None}
