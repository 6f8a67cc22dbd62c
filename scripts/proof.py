"""Runs the whole suite at its large sizes, one test file after another, in bites that fit a nine-minute window.

Finished files are remembered in .proof/<commit>/, so the next bite goes on where this one stopped. When all have passed,
docs/proof.md gets the commit, the seed, the counts and the duration.
"""

import json
import os
import platform
import secrets
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
BITE_SECONDS = float(os.environ.get("TESTS_PROOF_BITE", "540"))
NOT_ENOUGH = 75  # the exit code of a bite after which more is left to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one test file did."""

    file: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def main() -> int:
    began = time.monotonic()
    commit = described_commit()
    memory = ROOT / ".proof" / commit.replace(" ", "-")
    memory.mkdir(parents=True, exist_ok=True)
    seed = remembered_seed(memory)
    files = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.joinpath("tests").rglob("test_*.py"))
    todo = [file for file in files if not record(memory, file).exists()]
    print(f"commit {commit}, seed {seed}: {len(files) - len(todo)} of {len(files)} files done before", flush=True)

    first_of_bite = True
    for file in todo:
        left = BITE_SECONDS - (time.monotonic() - began)
        result = proven(file, seed, left, memory) if left > 1 else None
        if result is None:
            print(f"This bite is over at {file}. Call make proof again to go on.")
            if first_of_bite:
                print(f"{file} alone takes longer than a bite: split it, or give more with TESTS_PROOF_BITE=seconds.")
            return NOT_ENOUGH
        if result.failed:
            print(f"{file} failed; repeat it with TESTS_PROOF=1 TESTS_SEED={seed} .venv/bin/pytest {file}")
            return 1
        record(memory, file).write_text(json.dumps(asdict(result)))
        first_of_bite = False

    results = [Result(**json.loads(record(memory, file).read_text())) for file in files]
    ROOT.joinpath("docs", "proof.md").write_text(report(commit, seed, results))
    print("All files passed: docs/proof.md is written.")
    return 0


def described_commit() -> str:
    """The commit that is measured, and whether the tree had changes besides (the report itself is not one)."""
    commit = git("rev-parse", "--short=12", "HEAD") or "none"
    ours = ("--", ".", ":!docs/proof.md")
    changed = git("status", "--porcelain", *ours) + git("diff", "HEAD", *ours)
    return f"{commit} with changes {sha256(changed.encode()).hexdigest()[:8]}" if changed else commit


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def remembered_seed(memory: Path) -> int:
    """One seed for all bites of a proof: the one asked for, or a new one at its first bite."""
    file = memory / "seed"
    if not file.exists():
        file.write_text(os.environ.get("TESTS_SEED") or str(secrets.randbelow(2**31)))
    return int(file.read_text())


def record(memory: Path, file: str) -> Path:
    return memory / (file.replace("/", "-") + ".json")


def proven(file: str, seed: int, seconds: float, memory: Path) -> Result | None:
    """The file's result, or None where the time was over first."""
    print(f"\n== {file}", flush=True)
    began = time.monotonic()
    xml = memory / "junit.xml"
    xml.unlink(missing_ok=True)
    argv = [sys.executable, "-m", "pytest", file, "--timeout=0", f"--hypothesis-seed={seed}", f"--junitxml={xml}"]
    environment = os.environ | {"TESTS_PROOF": "1", "TESTS_SEED": str(seed)}
    process = subprocess.Popen(argv, cwd=ROOT, env=environment, start_new_session=True)
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 15)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
        return None
    except KeyboardInterrupt:
        os.killpg(process.pid, 15)
        raise
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    if xml.exists():
        for suite in ElementTree.parse(xml).getroot().iter("testsuite"):  # our own file, just written
            counts = {name: counts[name] + int(suite.get(name, "0")) for name in counts}
    failed = counts["failures"] + counts["errors"]
    if code not in (0, 5):  # 5: the file collects no test
        failed = max(failed, 1)
    return Result(
        file=file,
        passed=counts["tests"] - counts["failures"] - counts["errors"] - counts["skipped"],
        failed=failed,
        skipped=counts["skipped"],
        seconds=round(time.monotonic() - began, 1),
    )


def report(commit: str, seed: int, results: list[Result]) -> str:
    total = sum(result.seconds for result in results)
    lines = [
        "# The latest proof",
        "",
        "Written by `make proof`: every test at its large size, on one seed. To repeat it, check out the commit and run",
        f"`TESTS_SEED={seed} make proof` until it says that it is done.",
        "",
        "| what | value |",
        "|---|---|",
        f"| commit | {commit} |",
        f"| seed | {seed} |",
        f"| tests passed | {sum(result.passed for result in results)} |",
        f"| tests skipped | {sum(result.skipped for result in results)} |",
        f"| duration | {total / 60:.1f} minutes |",
        f"| finished | {datetime.now(UTC):%Y-%m-%d %H:%M} UTC |",
        f"| machine | {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()} |",
        "",
        "| file | passed | skipped | seconds |",
        "|---|---:|---:|---:|",
        *(f"| `{result.file}` | {result.passed} | {result.skipped} | {result.seconds} |" for result in results),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
