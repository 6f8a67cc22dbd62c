"""`logs`."""

import json

import click

from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.follow import PART_BYTES, Follower
from horarium.cli.kinds import Command
from horarium.cli.lookup import find_run, find_task
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable
from horarium.cli.wording import closing_line


@click.command(cls=Command)
@click.argument("run_or_task")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run ends; exit code 1 if it failed.")
@click.option("--attempt", type=click.IntRange(min=1), metavar="N", help="Default: the latest.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answers, one a line.")
@with_server
def logs(client: Client, run_or_task: str, follow: bool, attempt: int | None, as_json: bool) -> None:
    """Print what a run wrote; a task's name means its newest run.

    To a terminal only text and colours are printed, to a file or a pipe the very bytes.
    """
    run = find_run(client, run_or_task)
    if run is None:
        task = find_task(client, run_or_task).json()
        runs = client.get("/runs", query={"task_id": task["id"], "limit": 1}).json()["items"]
        if not runs:
            raise Stop(f"{printable(task['name'])} has not run yet.", Exit.NOT_FOUND)
        run = runs[0]
    if as_json:
        _print_parts(client, run["id"], attempt)
        return
    follower = Follower(client, run["id"], attempt=attempt)
    if not follow:
        follower.once()
        return
    ended = follower.follow()
    if ended["state"] != "succeeded":
        click.echo(closing_line(ended), err=True)
        raise click.exceptions.Exit(Exit.RUN_FAILED)


def _print_parts(client: Client, run_id: str, attempt: int | None) -> None:
    offset = 0
    while True:
        query = {"attempt": attempt, "offset": offset, "limit": PART_BYTES}
        part = client.get(f"/runs/{run_id}/output", query=query).json()
        click.echo(json.dumps(part))
        if part["next_offset"] >= part["size"] or part["next_offset"] <= offset:
            return
        offset = part["next_offset"]
