"""The OpenAPI document is true to the code: schemathesis asks a running server, executing nothing, with every check on."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.server import Server, eventually
from tests.sizes import SEED, size

HERE = Path(__file__).parent
EXAMPLES = size(20, 1_000)
MINUTES_MAX = size(8, 60)
REACHED_MIN = 0.9
CALM = {
    "schedule": {"kind": "cron", "expression": "0 3 1 1 *", "timezone": "UTC"},
    "action": {"kind": "log", "message": "x"},
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path, "--roles", "api") as started:
        eventually(lambda: (started.home / "state" / "servers" / f"{started.port}.json").exists())
        yield started


def seed(server: Server, folder: Path) -> None:
    """Things to be read, changed and deleted, and the files that name them."""
    free = {**CALM, "policy": {"overlap": "allow"}}
    tasks = [server.ask("POST", "/tasks", {"name": f"seed {n}", **free})["id"] for n in range(8)]
    runs = [server.ask("POST", f"/tasks/{task}/run")["id"] for task in tasks for _ in range(4)]
    for run in runs[::2]:
        server.ask("POST", f"/runs/{run}/cancel")
    tokens = [server.ask("POST", "/tokens", {"name": f"seed {n}", "role": "viewer"})["id"] for n in range(8)]
    for n in range(8):  # named like the tasks, so that one dictionary of names does for both
        server.ask("PUT", f"/calendars/seed%20{n}", {"days": ["2027-12-24"]})
    folder.joinpath("names.txt").write_text("".join(f'"seed {n}"\n' for n in range(8)))
    for name, ids in (("tasks", tasks), ("runs", runs), ("tokens", tokens)):
        (folder / f"{name}.txt").write_text("".join(f'"{text}"\n' for text in ids))


def asked(server: Server, folder: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    shutil.copy(HERE / "schemathesis.toml", folder)
    report = folder / "report.ndjson"
    command = [
        *(
            str(Path(sys.executable).with_name("schemathesis")),
            "--config-file",
            str(folder / "schemathesis.toml"),
            "run",
        ),
        *(server.url + "/api/openapi.json", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
        *("--report", "ndjson", "--report-ndjson-path", str(report), "--output-truncate", "true"),
    ]
    environment = {**os.environ, "TOKEN": server.token, "SCHEMATHESIS_HOOKS": "tests.integration.schemathesis_hooks"}
    environment["PYTHONPATH"] = str(HERE.parents[1])
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=MINUTES_MAX * 60, check=False
    )
    return done, report


def answers(report: Path) -> Mapping[str, Counter[int]]:
    """How often each operation answered with which status."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for line in report.read_text("utf-8").splitlines():
        record = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for interaction in record.get("interactions", {}).values():
            response: dict[str, Any] | None = interaction.get("response")
            if response is not None:
                found[record["label"]][response["status_code"]] += 1
    return found


@pytest.mark.slow
@pytest.mark.timeout(MINUTES_MAX * 60 + 60)
def test_every_operation_does_what_the_document_says(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "asked"
    folder.mkdir()
    seed(server, folder)
    done, report = asked(server, folder)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
    found = answers(report)
    document = operations(server)
    assert set(found) >= document, "an operation was left out"
    reached = {name for name in document if any(200 <= status < 300 for status in found[name])}
    assert len(reached) >= REACHED_MIN * len(document), f"never reached: {sorted(document - reached)}"


def operations(server: Server) -> set[str]:
    with urllib.request.urlopen(server.url + "/api/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    return {f"{method.upper()} {path}" for path, there in paths.items() for method in there}
