"""Definitions as people send them."""

from typing import Any

EVERY = {"kind": "every", "seconds": 60}
CRON = {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"}
LOG = {"kind": "log", "message": "hello"}


def draft(name: str = "backup", **more: Any) -> dict[str, Any]:
    return {"name": name, "schedule": EVERY, "action": LOG, **more}
