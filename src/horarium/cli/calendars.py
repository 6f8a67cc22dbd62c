"""`calendar list`, `show`, `set` and `delete`."""

from typing import Any

import click

from horarium.cli.client import Client, segment
from horarium.cli.connect import with_server
from horarium.cli.kinds import Command, Group
from horarium.cli.lookup import default_zone, pages
from horarium.cli.terminal import print_json, printable, table
from horarium.cli.values import in_zone

CALENDARS_MAX = 10_000


@click.group(cls=Group)
def calendar() -> None:
    """Days that many tasks leave out, under one name."""


@calendar.command("list", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def list_calendars(client: Client, as_json: bool) -> None:
    """List calendars by name."""
    items = pages(client, "/calendars", {}, CALENDARS_MAX)
    if as_json:
        print_json({"items": items, "next_cursor": None})
    elif not items:
        click.echo("No calendars.")
    else:
        zone = default_zone(client)
        head = ("name", "version", "entries", f"changed ({zone})", "by", "description")
        rows = [
            (
                str(item["name"]),
                str(item["version"]),
                str(item["entries"]),
                in_zone(item["updated_at"], zone),
                str(item["updated_by"]),
                str(item["description"]),
            )
            for item in items
        ]
        click.echo(table(head, rows))


@calendar.command("show", cls=Command)
@click.argument("name")
@click.option("--version", type=click.IntRange(min=1), help="An earlier version. Default: the one that holds.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def show(client: Client, name: str, version: int | None, as_json: bool) -> None:
    """Print the days of a calendar, one entry a line."""
    found = client.get(f"/calendars/{segment(name)}", query={"version": version}).json()
    if as_json:
        print_json(found)
        return
    for day in found["days"]:
        click.echo(printable(str(day)))


# A day of every year begins like an option.
@calendar.command("set", cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("days", nargs=-1, metavar="DAY...")
@click.option("--description", help="What the calendar is for. Default: what is there.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def set_calendar(client: Client, name: str, days: tuple[str, ...], description: str | None, as_json: bool) -> None:
    """Make a calendar, or replace its days; the tasks that use it follow. Without a day it leaves nothing out."""
    body: dict[str, Any] = {"days": list(days)}
    body["description"] = _present_description(client, name) if description is None else description
    answer = client.ask("PUT", f"/calendars/{segment(name)}", body=body)
    saved = answer.json()
    if as_json:
        print_json(saved)
        return
    entries = "1 entry" if len(saved["days"]) == 1 else f"{len(saved['days'])} entries"
    click.echo(f"Calendar {printable(name)} has {entries} in version {saved['version']}.")
    if saved["tasks_changed"] or saved["tasks_to_come"]:
        later = f", {saved['tasks_to_come']} will in a moment" if saved["tasks_to_come"] else ""
        click.echo(f"Tasks that follow it now: {saved['tasks_changed']}{later}.")


@calendar.command("delete", cls=Command)
@click.argument("name")
@with_server
def delete(client: Client, name: str) -> None:
    """Delete a calendar that no task uses."""
    client.ask("DELETE", f"/calendars/{segment(name)}")
    click.echo(f"Calendar {printable(name)} is deleted.")


def _present_description(client: Client, name: str) -> str:
    answer = client.any_answer("GET", f"/calendars/{segment(name)}")
    return str(answer.json()["description"]) if answer.status == 200 else ""
