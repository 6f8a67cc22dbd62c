"""`open`."""

import json
import os
import shlex
import sys

import click

from horarium import browser, server_files
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
    """Make a fresh one-time key to sign in with; the former one is void.

    Where there is a page and a screen, the browser opens with it; else the key is printed alone on standard output.
    """
    made = client.post("/session/key").json()
    if as_json:
        print_json(made)
        return
    here = (
        made["link"].startswith(client.url) and browser.page_built()
    )  # another computer's link leads nowhere from here
    if here and browser.can_open(os.environ, tty=sys.stdout.isatty()):
        if browser.open_link(made["link"], server_files.folder().parent):
            click.echo("Your browser opens, signed in as an admin.", err=True)
            return
        click.echo("No browser could be opened here.", err=True)
    zone = default_zone(client)
    body = json.dumps({"key": made["key"]})
    curl = f"curl -c cookies -H 'Content-Type: application/json' -d {shlex.quote(body)} {client.url}/api/v1/session"
    click.echo(f"A one-time key, valid once, until {in_zone(made['expires_at'], zone)} ({zone}):", err=True)
    click.echo(printable(made["key"]))
    click.echo(f"Open the page with it: {printable(made['link'])}", err=True)
    click.echo(f"It signs you in as an admin, also by a cookie for further requests: {printable(curl)}", err=True)
