"""What a person does to a task: run it, pause and resume it, delete and restore it."""

from typing import Any

import click

from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.definition import Zone
from horarium.cli.follow import Follower
from horarium.cli.kinds import Command
from horarium.cli.lookup import default_zone, find_task, looks_like_id, pages, task_id
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import print_json, printable
from horarium.cli.values import in_zone, read_instant
from horarium.cli.wording import closing_line, zone_of

NAMESAKES_MAX = 1_000


@click.command(cls=Command)
@click.argument("task")
@click.option("-f", "--follow", is_flag=True, help="Print its output until it ends; exit code 1 if it failed.")
@click.option("--overlap", type=click.Choice(["allow"]), help="Start at once, whatever is open.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def run(client: Client, task: str, follow: bool, overlap: str | None, as_json: bool) -> None:
    """Run a task now, whatever its schedule says. Works while it is paused."""
    made = client.post(f"/tasks/{task_id(client, task)}/run", query={"overlap": overlap}).json()
    if follow:
        ended = Follower(client, made["id"]).follow()
        if as_json:
            print_json(ended)
        else:
            click.echo(closing_line(ended), err=True)
        if ended["state"] != "succeeded":
            raise click.exceptions.Exit(Exit.RUN_FAILED)
    elif as_json:
        print_json(made)
    else:
        click.echo(f"Run {made['id']} is {made['state']}. Its output: horarium logs {made['id']}")


@click.command(cls=Command)
@click.argument("task")
@click.option("--until", metavar="TIME", help="Resume by itself then; read in the task's zone, or with an offset.")
@click.option("--reason", metavar="TEXT")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def pause(client: Client, task: str, until: str | None, reason: str | None, as_json: bool) -> None:
    """Let nothing of a task become due. What is due meanwhile is counted as skipped; runs already made go on."""
    found = find_task(client, task).json()
    own = (found.get("schedule") or {}).get("timezone")
    zone = Zone(own, lambda: default_zone(client))
    body: dict[str, Any] = {"reason": reason} if reason is not None else {}
    note = None
    if until is not None:
        body["until"], note = read_instant("--until", until, zone.name())
    changed = client.post(f"/tasks/{found['id']}/pause", body).json()
    if as_json:
        print_json(changed)
        return
    if note:
        click.echo(f"note  {note}")
    end = (
        f"until {in_zone(body['until'], zone.name())} ({zone.name()})"
        if until
        else f"until: horarium resume {found['id']}"
    )
    click.echo(f"{printable(found['name'])} is paused {end}")


@click.command(cls=Command)
@click.argument("task")
@click.option("--catch-up", is_flag=True, help="Treat what was due meanwhile as missed, instead of skipped.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def resume(client: Client, task: str, catch_up: bool, as_json: bool) -> None:
    """End a pause."""
    body = {"catch_up": True} if catch_up else {}
    changed = client.post(f"/tasks/{task_id(client, task)}/resume", body).json()
    if as_json:
        print_json(changed)
        return
    zone = zone_of(changed.get("schedule") or {}, "") or default_zone(client)
    click.echo(f"{printable(changed['name'])} is resumed; next {in_zone(changed.get('next_due_at'), zone)} ({zone})")


@click.command(cls=Command)
@click.argument("task")
@with_server
def delete(client: Client, task: str) -> None:
    """Delete a task. Its runs stay in the log until they are forgotten; restore brings it back."""
    found = find_task(client, task).json()
    client.ask("DELETE", f"/tasks/{found['id']}")
    click.echo(f"{printable(found['name'])} is deleted. To bring it back: horarium restore {found['id']}")


@click.command(cls=Command)
@click.argument("task")
@click.option(
    "--revision", type=click.IntRange(min=1), metavar="N", help="Default: the newest, which revives a deleted task."
)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def restore(client: Client, task: str, revision: int | None, as_json: bool) -> None:
    """Bring back a deleted task, or an earlier revision of a living one."""
    found: str | None = task if looks_like_id(task) else None
    if found is None and revision is None:
        found = _deleted_id(client, task)
    found = found or task_id(client, task)
    newest = client.get(f"/tasks/{found}/revisions", query={"limit": 1}).json()["items"][0]
    if revision is None and newest["what"] != "deleted":
        raise Stop(f'"{printable(task)}" is not deleted. To go back in its history, say --revision N.', Exit.USAGE)
    number = revision or int(newest["revision"])
    restored = client.post(f"/tasks/{found}/revisions/{number}/restore").json()
    if as_json:
        print_json(restored)
    else:
        click.echo(
            f"{printable(restored['name'])} is as in revision {number} again; it is at revision {restored['revision']} now."
        )


def _deleted_id(client: Client, name: str) -> str | None:
    """The deleted task of that name. Several: the person must choose."""
    found = pages(client, "/tasks", {"state": "deleted", "words": name}, NAMESAKES_MAX)
    namesakes = [task for task in found if task["name"] == name]
    if len(namesakes) > 1:
        ids = "\n".join(f"  {task['id']}  created {task['created_at']}" for task in namesakes)
        raise Stop(
            f'{len(namesakes)} deleted tasks are called "{printable(name)}". Name one by its id:\n{ids}', Exit.USAGE
        )
    return str(namesakes[0]["id"]) if namesakes else None
