"""`health`."""

from typing import Any

import click

from horarium.cli.client import Client, Problem
from horarium.cli.connect import with_server
from horarium.cli.kinds import Command
from horarium.cli.stop import Exit
from horarium.cli.terminal import print_json, printable


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print the answer of /health/ready.")
@with_server
def health(client: Client, as_json: bool) -> None:
    """Ask the server whether it is ready. Exit code 3 if it answers that it is not."""
    answer = client.any_answer("GET", "/health/ready", api=False)
    if answer.status not in (200, 503):
        raise Problem(answer)
    found = answer.json()
    if as_json:
        print_json(found)
    else:
        click.echo(f"{printable(client.url)} is {'ready' if answer.status == 200 else 'NOT ready'}")
        for name, value in found.items():
            click.echo(f"  {printable(str(name))}: {printable(_said(value))}")
    if answer.status != 200:
        raise click.exceptions.Exit(Exit.UNREACHABLE)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_said(inner) for inner in value) or "none"
    return (
        {None: "–", True: "yes", False: "no"}.get(value, str(value))
        if value is None or isinstance(value, bool)
        else str(value)
    )
