"""A command imports what it needs and nothing else; that is what makes `horarium --version` quick."""

import subprocess
import sys

import pytest

import horarium

HEAVY = {
    "aiohttp",
    "alembic",
    "asyncio",
    "fastapi",
    "http.client",
    "pydantic",
    "rich",
    "rich_click",
    "sqlalchemy",
    "sqlite3",
    "ssl",
    "structlog",
}


def loaded_by(*arguments: str) -> tuple[set[str], subprocess.CompletedProcess[str]]:
    code = (
        "import sys\n"
        f"sys.argv = ['horarium', *{list(arguments)!r}]\n"
        "from horarium.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print('\\n' + ' '.join(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False, timeout=60)
    return set(done.stderr.splitlines()[-1].split()), done


def test_the_version_needs_click_and_two_modules_of_ours() -> None:
    loaded, done = loaded_by("--version")
    assert done.stdout == f"horarium {horarium.__version__}\n"
    assert loaded & HEAVY == set()
    ours = {name for name in loaded if name.startswith("horarium.")}
    assert ours == {"horarium.cli", "horarium.cli.kinds", "horarium.cli.root", "horarium.cli.stop"}


@pytest.mark.parametrize("command", ["list", "show", "add", "logs", "runs"])
def test_commands_that_ask_a_server_load_no_part_of_it(command: str) -> None:
    loaded, done = loaded_by(command, "--no-such-option")
    assert done.returncode == 2
    assert loaded & (HEAVY - {"http.client", "ssl"}) == set()
    assert not any(
        name.startswith(("horarium.api", "horarium.wiring", "horarium.stores", "horarium.engine")) for name in loaded
    )


def test_importing_the_package_builds_no_command() -> None:
    code = "import sys, horarium.cli; print('click' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
