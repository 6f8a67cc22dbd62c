from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from horarium.cli import main
from tests.unit.cli.stub import Stub, serving

Type = Callable[..., Result]

TASK: dict[str, Any] = {
    "id": "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG",
    "revision": 3,
    "name": "backup",
    "description": "",
    "tags": [],
    "pool": "default",
    "priority": 0,
    "schedule": {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"},
    "action": {"kind": "command", "argv": ["backup", "--all"], "shell": None, "env": {}, "cwd": "/srv"},
    "policy": {
        "timeout_seconds": None,
        "overlap": "skip",
        "catch_up": {"mode": "latest"},
        "retry": {"max_attempts": 1},
    },
    "pause": None,
    "broken": None,
    "next_due_at": "2027-03-28T01:00:00.000Z",
    "running": 0,
    "last_runs": [],
    "usual_ms": None,
    "created_at": "2027-01-01T00:00:00.000Z",
    "deleted_at": None,
    "books": None,
}


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving(
        Stub(answers={"GET /stats": {"timezone": "Europe/Berlin", "now": "2027-03-01T00:00:00.000Z"}})
    ) as running:
        yield running


@pytest.fixture
def typed(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types a command to the stub."""
    monkeypatch.setenv("HORARIUM_URL", stub.url)
    monkeypatch.setenv("HORARIUM_TOKEN", "secret")
    monkeypatch.setenv("HORARIUM_STATE_DIR", str(tmp_path / "state"))

    def run(*arguments: str, stdin: bytes | None = None) -> Result:
        assert isinstance(main, click.Group)
        return CliRunner().invoke(main, list(arguments), input=stdin)

    return run
