"""Definitions in one line each, as lists and answers show them."""

import shlex
from collections.abc import Mapping
from typing import Any

from horarium.cli.terminal import printable
from horarium.cli.values import in_zone, period


def schedule_line(schedule: Mapping[str, Any], timezone: str) -> str:
    """`timezone` is the one that times without a zone of their own are shown in."""
    match schedule.get("kind"):
        case "cron":
            line = f"{schedule['expression']} ({schedule['timezone']})"
        case "every":
            line = f"every {period(schedule['seconds'])}"
        case "once":
            line = f"once, {in_zone(schedule['at'], timezone)}"
        case kind:
            line = str(kind)
    if schedule.get("starts_at"):
        line += f", from {in_zone(schedule['starts_at'], timezone)}"
    if schedule.get("ends_at"):
        line += f", until {in_zone(schedule['ends_at'], timezone)}"
    if schedule.get("max_occurrences") is not None:
        line += f", {schedule['max_occurrences']} times"
    if schedule.get("jitter_seconds"):
        line += f", spread over {period(schedule['jitter_seconds'])}"
    return printable(line)


def sentence_of(task: Mapping[str, Any], timezone: str) -> str:
    """A task's schedule in words, as its answer says it; a broken task's as far as it can be told."""
    if task.get("broken") or not task.get("schedule"):
        return "–"
    return printable(str(task.get("sentence") or "")) or schedule_line(task["schedule"], timezone)


def zone_of(schedule: Mapping[str, Any], default: str) -> str:
    """The zone a task's times are shown in."""
    return str(schedule.get("timezone") or default)


def action_line(action: Mapping[str, Any]) -> str:
    match action.get("kind"):
        case "command":
            line = action["shell"] if action.get("shell") is not None else shlex.join(action["argv"])
        case "http":
            line = f"{action.get('method', 'GET')} {action['url']}"
        case "python":
            line = f"python {action['function']}"
        case "log":
            line = f"log {action['message']}"
        case kind:
            line = str(kind)
    return printable(line)


def policy_line(policy: Mapping[str, Any]) -> str:
    retry, catch_up = policy.get("retry") or {}, policy.get("catch_up") or {}
    timeout = policy.get("timeout_seconds")
    parts = [
        f"overlap {policy.get('overlap', 'skip')}",
        f"catch up {catch_up.get('mode', 'latest')}",
        f"{retry.get('max_attempts', 1)} attempt{'s' if retry.get('max_attempts', 1) != 1 else ''}",
        f"timeout {period(timeout)}" if timeout is not None else "no timeout",
    ]
    return printable(", ".join(parts))


def state_of(task: Mapping[str, Any]) -> str:
    """One word, the most urgent first."""
    if task.get("deleted_at"):
        return "deleted"
    if task.get("broken"):
        return "broken"
    if task.get("running"):
        return "running"
    if task.get("pause"):
        return "paused"
    last = [run for run in task.get("last_runs") or [] if run["state"] not in ("waiting", "running")]
    if last and last[0]["state"] == "failed":
        return "failing"
    return "active" if task.get("next_due_at") else "ended"


def run_line(run: Mapping[str, Any]) -> str:
    """How a run ended, in a few words: `failed (exit_status 3)`."""
    why = run.get("reason")
    if not why:
        return printable(str(run["state"]))
    number = (
        run.get("exit_status") if why == "exit_status" else run.get("http_status") if why == "http_status" else None
    )
    return printable(f"{run['state']} ({why}{'' if number is None else f' {number}'})")


def detail_of(run: Mapping[str, Any]) -> str:
    """What is known of why a run failed or was cancelled; empty for others, whose detail is an earlier attempt's."""
    return printable(str(run.get("detail") or "")) if run["state"] in ("failed", "cancelled") else ""


def closing_line(run: Mapping[str, Any]) -> str:
    """The last word on a run that was followed: `failed (exit_status 3): no space left on device`."""
    detail = detail_of(run)
    return f"{run_line(run)}: {detail}" if detail else run_line(run)
