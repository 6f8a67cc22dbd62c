"""`runs`, `cancel` and `retry`."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.kinds import Command
from horarium.cli.lookup import default_zone, pages, task_id, the_run
from horarium.cli.terminal import print_json, printable, shortened, table
from horarium.cli.values import duration, in_zone, read_instant
from horarium.cli.wording import detail_of, run_line

STATES = ("waiting", "running", "succeeded", "failed", "cancelled")
CAUSES = ("schedule", "catch_up", "manual", "backfill", "retry", "test")
NAME_WIDTH = 40
DETAIL_WIDTH = 60


@click.command(cls=Command)
@click.argument("task", required=False)
@click.option("--state", multiple=True, type=click.Choice(STATES), help="Only these; may be repeated.")
@click.option("--cause", multiple=True, type=click.Choice(CAUSES), help="Only these; may be repeated.")
@click.option("--reason", multiple=True, metavar="WORD", help="Only these, e.g. timeout; may be repeated.")
@click.option("--tag", metavar="TAG", help="Only of tasks with this tag.")
@click.option("--from", "from_", metavar="TIME", help="Due at or after.")
@click.option("--to", metavar="TIME", help="Due before.")
@click.option("--skips", is_flag=True, help="Skips too, in one order with the runs.")
@click.option("--limit", type=click.IntRange(1, 100_000), metavar="N", default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def runs(
    client: Client,
    task: str | None,
    from_: str | None,
    to: str | None,
    skips: bool,
    limit: int,
    as_json: bool,
    **wanted: Any,
) -> None:
    """List runs, newest first: all, or those of one task."""
    zone = default_zone(client)
    query = {name: value or None for name, value in wanted.items()}
    query["task_id"] = task_id(client, task) if task is not None else None
    query["from"] = read_instant("--from", from_, zone)[0] if from_ is not None else None
    query["to"] = read_instant("--to", to, zone)[0] if to is not None else None
    query["with"] = "skips" if skips else None
    if as_json and limit <= 1000:
        print_json(client.get("/runs", query={**query, "limit": limit}).json())
        return
    items = pages(client, "/runs", query, limit)
    if as_json:
        print_json({"items": items, "next_cursor": None})
    elif not items:
        click.echo("No runs.")
    else:
        head = (f"due ({zone})", "task", "rev", "state", "cause", "late", "took", "run", "detail")
        click.echo(table(head, [_row(item, zone) for item in items]))


def _row(item: Mapping[str, Any], zone: str) -> Sequence[str]:
    name = shortened(printable(item["task_name"]), NAME_WIDTH)
    revision = str(item["task_revision"])
    if item.get("record") == "skip":
        said = f"{item['count']} skipped ({item['reason']})"
        return in_zone(item["last_due_at"], zone), name, revision, said, "–", "–", "–", "–", ""
    late, took = duration(item.get("lateness_ms")), duration(item.get("duration_ms"))
    due, detail = in_zone(item["due_at"], zone), shortened(detail_of(item), DETAIL_WIDTH)
    return due, name, revision, run_line(item), item["cause"], late, took, item["id"], detail


@click.command(cls=Command)
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def cancel(client: Client, run: str, as_json: bool) -> None:
    """Cancel a run that waits, or stop one that runs."""
    changed = client.post(f"/runs/{the_run(client, run)}/cancel").json()
    if as_json:
        print_json(changed)
    elif changed["state"] == "running":
        click.echo(f"Run {changed['id']} is asked to stop.")
    else:
        click.echo(f"Run {changed['id']} is {run_line(changed)}.")


@click.command(cls=Command)
@click.argument("run")
@click.option("--overlap", type=click.Choice(["allow"]), help="Start at once, whatever is open.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def retry(client: Client, run: str, overlap: str | None, as_json: bool) -> None:
    """Make a new run of the same revision as an ended one."""
    made = client.post(f"/runs/{the_run(client, run)}/retry", query={"overlap": overlap}).json()
    if as_json:
        print_json(made)
    else:
        click.echo(f"Run {made['id']} is {made['state']}. Its output: horarium logs {made['id']}")
