"""`list` and `show`."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.kinds import Command
from horarium.cli.lookup import default_zone, find_task, pages
from horarium.cli.terminal import print_json, printable, shortened, table
from horarium.cli.values import duration, in_zone
from horarium.cli.wording import action_line, policy_line, run_line, sentence_of, state_of, zone_of

STATES = ("active", "paused", "broken", "deleted", "running", "failing", "late", "ended")
SORTS = ("name", "next_due_at", "-last_run", "-created_at", "failing")
NAME_WIDTH = 40
SCHEDULE_WIDTH = 48
DUES_SHOWN = 3
RUNS_SHOWN = 5


@click.command("list", cls=Command)
@click.argument("words", nargs=-1)
@click.option("--state", multiple=True, type=click.Choice(STATES), help="Only these; may be repeated.")
@click.option("--tag", multiple=True, metavar="TAG", help="Only with all of these tags; may be repeated.")
@click.option("--pool", metavar="NAME", help="Only of this pool.")
@click.option("--kind", metavar="KIND", help="Only this kind of action: command, http, python, log.")
@click.option("--sort", type=click.Choice(SORTS), default="name", show_default=True)
@click.option("--limit", type=click.IntRange(1, 100_000), metavar="N", default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def list_tasks(client: Client, words: tuple[str, ...], limit: int, as_json: bool, **wanted: Any) -> None:
    """List tasks whose name or description holds all WORDS."""
    query = {"words": " ".join(words) or None, **{name: value or None for name, value in wanted.items()}}
    if as_json and limit <= 1000:
        print_json(client.get("/tasks", query={**query, "limit": limit}).json())
        return
    items = pages(client, "/tasks", query, limit + 1)
    if as_json:
        print_json({"items": items[:limit], "next_cursor": None})
        return
    if not items:
        click.echo(
            "No tasks."
            if not words and not any(wanted[name] for name in wanted if name != "sort")
            else "No task is like that."
        )
        return
    zone = default_zone(client)
    head = ("name", "state", "schedule", f"next ({zone})", "last run")
    click.echo(table(head, [_row(task, zone) for task in items[:limit]]))
    if len(items) > limit:
        click.echo(f"… and more: --limit {limit * 10} shows further ones", err=True)


def _row(task: Mapping[str, Any], zone: str) -> Sequence[str]:
    last = next(iter(task.get("last_runs") or []), None)
    return (
        shortened(printable(task["name"]), NAME_WIDTH),
        state_of(task),
        shortened(sentence_of(task, zone), SCHEDULE_WIDTH),
        in_zone(task.get("next_due_at"), zone) + (", skipped" if task.get("is_next_skipped") else ""),
        f"{last['state']}, {in_zone(last['due_at'], zone)}" if last else "–",
    )


@click.command(cls=Command)
@click.argument("task")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def show(client: Client, task: str, as_json: bool) -> None:
    """Show a task: its definition, what is due next, its last runs, and its books."""
    found = find_task(client, task).json()
    found = client.get(f"/tasks/{found['id']}").json()
    if as_json:
        print_json(found)
        return
    zone = zone_of(found.get("schedule") or {}, "") or default_zone(client)
    click.echo(f"{printable(found['name'])}  {state_of(found)}  {found['id']}, revision {found['revision']}")
    for name, value in _lines(client, found, zone):
        click.echo(f"{name:<9} {value}")
    _runs(client, found, zone)


def _lines(client: Client, task: Mapping[str, Any], zone: str) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    broken = task.get("broken")
    if broken:
        lines.append(("broken", printable(f"{broken['field']}: {broken['reason']}")))
    else:
        lines.append(("due", sentence_of(task, zone)))
        lines.append(("does", action_line(task["action"])))
        lines.append(("folder", printable(task["action"].get("cwd") or "")))
        lines.append(("policy", policy_line(task["policy"])))
    lines.append(("about", printable(task.get("description") or "")))
    lines.append(("tags", printable(", ".join(task.get("tags") or ()))))
    pool, priority = task.get("pool") or "default", task.get("priority") or 0
    if pool != "default" or priority:
        lines.append(("pool", printable(f"{pool}, priority {priority}")))
    if pause := task.get("pause"):
        until = f" until {in_zone(pause['until'], zone)}" if pause.get("until") else ""
        why = f": {printable(pause['reason'])}" if pause.get("reason") else ""
        lines.append(("paused", f"since {in_zone(pause['at'], zone)}{until}{why}"))
    if not broken and not task.get("deleted_at") and not (pause and not pause.get("until")):
        answer = client.get(f"/tasks/{task['id']}/upcoming", query={"count": DUES_SHOWN}).json()
        lines.append(("next", _next(answer, zone)))
        lines.append(("by hand", _by_hand(answer, zone)))
    if books := task.get("books"):
        lines.append(("books", books_line(books, zone)))
    return [(name, value) for name, value in lines if value]


def _by_hand(answer: Mapping[str, Any], zone: str) -> str:
    """What is skipped and moved, the first few of it."""
    said = [
        f"{in_zone(one['due_at'], zone)} "
        + (f"moved to {in_zone(one['move_to'], zone)}" if one["move_to"] else "skipped")
        for one in answer.get("overrides") or ()
    ]
    more = f" and {len(said) - DUES_SHOWN} more" if len(said) > DUES_SHOWN else ""
    return " · ".join(said[:DUES_SHOWN]) + more


def _next(answer: Mapping[str, Any], zone: str) -> str:
    dues = [in_zone(due, zone) for due in answer["due"]]
    return f"{' · '.join(dues)} ({zone})" if dues else "nothing is due (again)"


def books_line(books: Mapping[str, Any], zone: str) -> str:
    """`412 due = 398 runs + 14 skipped: it balances`."""
    right = f"{books['runs']} runs + {books['skipped']} skipped"
    if books["forgotten"]:
        right += f" + {books['forgotten']} forgotten"
    balanced = books["decided"] == books["runs"] + books["skipped"] + books["forgotten"]
    verdict = "it balances" if balanced else "IT DOES NOT BALANCE, please report this"
    return f"{books['decided']} due {'=' if balanced else '≠'} {right}: {verdict}, through {in_zone(books['seen_through'], zone)}"


def _runs(client: Client, task: Mapping[str, Any], zone: str) -> None:
    runs = client.get("/runs", query={"task_id": task["id"], "limit": RUNS_SHOWN}).json()["items"]
    if not runs:
        click.echo("It has not run yet.")
        return
    rows = [
        (in_zone(run["due_at"], zone), run_line(run), run["cause"], duration(run["duration_ms"]), run["id"])
        for run in runs
    ]
    click.echo("\n" + table((f"last runs ({zone})", "state", "cause", "took", "run"), rows))
    if task.get("usual_ms") is not None:
        click.echo(f"It usually takes {duration(task['usual_ms'])}.")
