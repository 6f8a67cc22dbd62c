"""`add` and `edit`."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.definition import (
    Json,
    Zone,
    action_kind,
    action_of,
    policy_of,
    rest_of,
    schedule_kind,
    schedule_of,
)
from horarium.cli.kinds import Command
from horarium.cli.lookup import default_zone, find_task
from horarium.cli.options import definition_options
from horarium.cli.phrases import Phrases
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import print_json, printable
from horarium.cli.values import in_zone
from horarium.cli.wording import action_line, schedule_line, zone_of
from horarium.core.instants import MILLISECOND, shown

DUES_SHOWN = 3
STAY = ("starts_at", "ends_at", "max_occurrences", "jitter_seconds", "except", "roll")
"""Members of a schedule that stay where an edit's words do not speak of them."""
CLEARED = {
    "timeout": ("policy", "timeout_seconds"),
    "starts": ("schedule", "starts_at"),
    "ends": ("schedule", "ends_at"),
    "max-occurrences": ("schedule", "max_occurrences"),
    "jitter": ("schedule", "jitter_seconds"),
    "except": ("schedule", "except"),
    "roll": ("schedule", "roll"),
    "env": ("action", "env"),
    "cwd": ("action", "cwd"),
    "headers": ("action", "headers"),
    "body": ("action", "body"),
    "tags": ("tags",),
    "description": ("description",),
}


@click.command(cls=Command)
@click.argument("name")
@definition_options
@click.option("--paused", is_flag=True, help="Nothing is due before someone resumes it.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def add(client: Client, name: str, paused: bool, as_json: bool, **typed: Any) -> None:
    """Create a task.

    Say when with --when, --cron, --every or --at, and what after -- (or with --shell, --url, --python, --log).
    A command runs in the present folder.
    """
    if schedule_kind(typed) is None:
        raise Stop("When is it due? Give one of --when, --cron, --every and --at.", Exit.USAGE)
    if action_kind(typed) is None:
        raise Stop(
            "What is to be done? Give the command after --, or one of --shell, --url, --python and --log.", Exit.USAGE
        )
    notes: list[str] = []
    draft: Json = {"name": name, **rest_of(typed)}
    draft["action"] = _action(typed)
    draft["schedule"] = schedule_of(
        typed, Zone(typed["timezone"], lambda: default_zone(client)), notes, Phrases(client)
    )
    if policy := policy_of(typed):
        draft["policy"] = policy
    task = client.post("/tasks", draft, query={"paused": "true" if paused else None}).json()
    _tell(client, task, notes, typed["timezone"], as_json=as_json)


@click.command(cls=Command)
@click.argument("task")
@definition_options
@click.option("--name", "new_name", metavar="NAME", help="Rename it.")
@click.option("--clear", multiple=True, type=click.Choice(list(CLEARED)), help="Back to the default; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def edit(client: Client, task: str, new_name: str | None, clear: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Change a task: what is not given stays. Refused (exit code 5) if someone changed it meanwhile."""
    found = find_task(client, task)
    old = found.json()
    notes: list[str] = []
    patch = _patch(client, old, typed, notes)
    if new_name is not None:
        patch["name"] = new_name
    for field in clear:
        *parents, last = CLEARED[field]
        place = patch
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = None
    patch = {name: value for name, value in patch.items() if value != {}}
    if not patch:
        raise Stop("Nothing to change was given. See horarium edit --help.", Exit.USAGE)
    headers = {
        "If-Match": found.headers.get("etag", f'"{old["revision"]}"'),
        "Content-Type": "application/merge-patch+json",
    }
    before = _by_hand(client, old) if "schedule" in patch else {}
    new = client.ask("PATCH", f"/tasks/{old['id']}", body=patch, headers=headers).json()
    _tell(client, new, notes + _lost(client, new, before), typed["timezone"], as_json=as_json)


def _patch(client: Client, old: Mapping[str, Any], typed: Mapping[str, Any], notes: list[str]) -> Json:
    was_schedule = old.get("schedule") or {}
    zone = Zone(typed["timezone"] or was_schedule.get("timezone"), lambda: default_zone(client))
    schedule = schedule_of(typed, zone, notes, Phrases(client))
    if typed["when"] is not None:
        schedule = {**_kept(was_schedule, schedule, notes), **schedule}
    if typed["timezone"] is not None and "kind" not in schedule and not (typed["starts"] or typed["ends"]):
        if was_schedule.get("kind") not in ("cron", "rrule"):
            raise Stop("--timezone alone changes a schedule that has a zone; this task's has none.", Exit.USAGE)
        schedule["timezone"] = typed["timezone"]
    return {**rest_of(typed), "schedule": schedule, "action": _changed_action(old, typed), "policy": policy_of(typed)}


def _kept(was: Mapping[str, Any], said: Json, notes: list[str]) -> Json:
    """What new words leave as it was: bounds, exceptions and rolling that they do not name; these go from `said` to here."""
    rule = {name: None for name in was if name not in (*STAY, "anchor")}
    kept = [
        name for name in STAY if was.get(name) not in (None, 0, [], "none") and said.get(name) in (None, 0, [], "none")
    ]
    for name in STAY:
        if name in kept or said.get(name) in (None, 0, [], "none"):
            said.pop(name, None)
    if kept:
        notes.append(f"{', '.join(kept)} of before stays; take it away with --clear")
    return {**rule, **{name: was[name] for name in kept}}


def _changed_action(old: Mapping[str, Any], typed: Mapping[str, Any]) -> Json:
    was = (old.get("action") or {}).get("kind")
    kind = action_kind(typed)
    if kind is not None and kind != was:
        return _action(typed)
    action = action_of(typed, was)
    if "shell" in action:
        action["argv"] = None
    elif "argv" in action:
        action["shell"] = None
    return action


def _action(typed: Mapping[str, Any]) -> Json:
    kind = action_kind(typed)
    action = {"kind": kind, **action_of(typed, kind)}
    if kind == "command":
        action.setdefault("cwd", os.getcwd())
    return action


def _by_hand(client: Client, task: Mapping[str, Any]) -> dict[str, str]:
    """What somebody skipped or moved and is still to come, by its instant."""
    if task.get("broken"):
        return {}
    overrides = client.get(f"/tasks/{task['id']}/upcoming", query={"count": 1}).json().get("overrides") or []
    return {str(one["due_at"]): "skipped" if one["skip"] else "moved" for one in overrides}


def _lost(client: Client, task: Mapping[str, Any], before: Mapping[str, str]) -> list[str]:
    """What the edit took away of that: the new schedule does not name those occurrences."""
    if not before:
        return []
    stays = _by_hand(client, task)
    zone = zone_of(task["schedule"], "") or default_zone(client)
    return [
        f"{in_zone(at, zone)} is no longer {how} by hand: the new schedule does not name it"
        for at, how in before.items()
        if at not in stays
    ]


def _tell(client: Client, task: Mapping[str, Any], notes: list[str], timezone: str | None, *, as_json: bool) -> None:
    if as_json:
        print_json(task)
        return
    schedule = task["schedule"]
    asked = {"schedule": schedule, "count": DUES_SHOWN}
    pause = task.get("pause")
    if pause and pause.get("until"):
        asked["after"] = shown(datetime.fromisoformat(pause["until"]) - MILLISECOND)
    preview = client.post("/schedules/preview", asked).json()
    zone = zone_of(schedule, timezone or "") or default_zone(client)
    line = printable(preview.get("sentence") or "") or schedule_line(schedule, zone)
    dues = [in_zone(due, zone) for due in preview["due"]]
    click.echo(f"{printable(task['name'])}: {line}")
    click.echo(f"does  {action_line(task['action'])}")
    if pause:
        until = f" until {in_zone(pause['until'], zone)}" if pause.get("until") else ""
        click.echo(f"next  paused{until}; resume it with: horarium resume {task['id']}")
    if not pause or pause.get("until"):
        click.echo(f"next  {' · '.join(dues)} ({zone})" if dues else "next  nothing is due (again)")
    touched = [str(note["text"]) for note in preview["notes"] if note["kind"] != "clock_change"]
    for note in [*notes, *touched]:
        click.echo(f"note  {printable(note)}")
    click.echo(f"id    {task['id']}")
