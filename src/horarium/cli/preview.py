"""`preview`."""

from typing import Any

import click

from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.definition import Zone, schedule_kind, schedule_of
from horarium.cli.kinds import Command
from horarium.cli.lookup import default_zone, find_task
from horarium.cli.options import schedule_options
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import print_json, printable
from horarium.cli.values import in_zone, read_instant
from horarium.cli.wording import schedule_line, zone_of


@click.command(cls=Command)
@click.argument("task", required=False)
@schedule_options
@click.option("--after", metavar="TIME", help="From when on. Default: now.")
@click.option("--count", type=click.IntRange(1, 1000), metavar="N", default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def preview(client: Client, task: str | None, after: str | None, count: int, as_json: bool, **typed: Any) -> None:
    """Print when a task, or a schedule that is not saved yet, is due."""
    if (task is None) == (schedule_kind(typed) is None):
        raise Stop("Name a task, or give one of --cron, --every and --at.", Exit.USAGE)
    notes: list[str] = []
    if task is not None:
        found = find_task(client, task).json()
        schedule = found["schedule"]
    else:
        schedule = schedule_of(typed, Zone(typed["timezone"], lambda: default_zone(client)), notes)
    zone = zone_of(schedule, typed["timezone"] or "") or default_zone(client)
    start = read_instant("--after", after, zone)[0] if after is not None else None
    asked = {"count": count} if start is None else {"count": count, "after": start}
    if task is not None:
        answer = client.get(f"/tasks/{found['id']}/upcoming", query=asked).json()
    else:
        answer = client.post("/schedules/preview", {"schedule": schedule, **asked}).json()
    if as_json:
        print_json(answer)
        return
    click.echo(f"{printable(answer.get('sentence') or '') or schedule_line(schedule, zone)}, shown in {zone}")
    dues = answer["due"]
    for due in dues:
        click.echo(f"  {in_zone(due, zone)}")
    if not dues:
        click.echo("  nothing is due (again)")
    for note in [*notes, *(str(note["text"]) for note in answer.get("notes") or [])]:
        click.echo(f"note  {printable(note)}")
