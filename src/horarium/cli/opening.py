"""`open`."""

import json
import shlex

import click

from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.kinds import Command
from horarium.cli.lookup import default_zone
from horarium.cli.terminal import print_json, printable
from horarium.cli.values import in_zone


@click.command("open", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def opening(client: Client, as_json: bool) -> None:
    """Make a fresh one-time key to sign in with; the former one is void. The key is printed alone on standard output."""
    made = client.post("/session/key").json()
    if as_json:
        print_json(made)
        return
    zone = default_zone(client)
    body = json.dumps({"key": made["key"]})
    curl = f"curl -c cookies -H 'Content-Type: application/json' -d {shlex.quote(body)} {client.url}/api/v1/session"
    click.echo(f"A one-time key, valid once, until {in_zone(made['expires_at'], zone)} ({zone}):", err=True)
    click.echo(printable(made["key"]))
    click.echo(f"It signs you in as an admin, with a cookie for further requests: {printable(curl)}", err=True)
