"""What a person does to one occurrence of a task: skip it, move it, or let it be after all."""

from typing import Any

import click

from horarium.cli.client import Client, segment
from horarium.cli.connect import with_server
from horarium.cli.definition import Zone
from horarium.cli.kinds import Command
from horarium.cli.lookup import default_zone, find_task
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import print_json, printable
from horarium.cli.values import in_zone, read_instant
from horarium.cli.wording import zone_of


@click.command(cls=Command)
@click.argument("task")
@click.argument("instant")
@click.option("--undo", is_flag=True, help="Let it be due again as the schedule says.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def skip(client: Client, task: str, instant: str, undo: bool, as_json: bool) -> None:
    """Leave out one occurrence: the one that is due at INSTANT."""
    found, zone = _found(client, task)
    due = _instant("INSTANT", instant, zone)
    if undo:
        _undone(client, found, due, zone)
        return
    answer = client.ask("PUT", _path(found, due), body={"skip": True}).json()
    if as_json:
        print_json(answer)
        return
    click.echo(f"{printable(found['name'])} leaves out {in_zone(due, zone)} ({zone})")


@click.command(cls=Command)
@click.argument("task")
@click.argument("instant")
@click.option("--to", metavar="TIME", help="When it is due instead; read in the task's zone, or with an offset.")
@click.option("--undo", is_flag=True, help="Let it be due again when the schedule says.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def move(client: Client, task: str, instant: str, to: str | None, undo: bool, as_json: bool) -> None:
    """Let one occurrence be due at another time: the one that is due at INSTANT."""
    if (to is None) is not undo:
        raise Stop("Say either --to TIME or --undo.", Exit.USAGE)
    found, zone = _found(client, task)
    due = _instant("INSTANT", instant, zone)
    if to is None:
        _undone(client, found, due, zone)
        return
    answer = client.ask("PUT", _path(found, due), body={"move_to": _instant("--to", to, zone)}).json()
    if as_json:
        print_json(answer)
        return
    moved_to = in_zone(answer["move_to"], zone)
    click.echo(f"{printable(found['name'])} is due {moved_to} instead of {in_zone(due, zone)} ({zone})")


def _undone(client: Client, task: dict[str, Any], due: str, zone: str) -> None:
    client.ask("DELETE", _path(task, due))
    click.echo(f"{printable(task['name'])} is due {in_zone(due, zone)} ({zone}), as its schedule says")


def _found(client: Client, task: str) -> tuple[dict[str, Any], str]:
    """The task, and the zone in which its times are typed and shown."""
    found: dict[str, Any] = find_task(client, task).json()
    zone = Zone(zone_of(found.get("schedule") or {}, "") or None, lambda: default_zone(client))
    return found, zone.name()


def _instant(option: str, text: str, zone: str) -> str:
    instant, note = read_instant(option, text, zone)
    if note:
        click.echo(f"note  {note}", err=True)
    return instant


def _path(task: dict[str, Any], due: str) -> str:
    return f"/tasks/{task['id']}/occurrences/{segment(due)}"
