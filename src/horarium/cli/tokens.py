"""`token create`, `list` and `revoke`."""

import click

from horarium.cli.client import Client
from horarium.cli.connect import with_server
from horarium.cli.kinds import Command, Group
from horarium.cli.lookup import default_zone, pages
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import print_json, printable, table
from horarium.cli.values import in_zone, read_instant

ROLES = ("viewer", "operator", "editor", "admin")
TOKENS_MAX = 10_000


@click.group(cls=Group)
def token() -> None:
    """Bearer tokens for automation."""


@token.command("create", cls=Command)
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="Each may all that the former may.")
@click.option("--expires", metavar="TIME", help="Default: never.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def create(client: Client, name: str, role: str, expires: str | None, as_json: bool) -> None:
    """Make a token. It is printed once, alone on standard output."""
    body = {"name": name, "role": role}
    if expires is not None:
        body["expires_at"], _ = read_instant("--expires", expires, default_zone(client))
    made = client.post("/tokens", body).json()
    if as_json:
        print_json(made)
        return
    click.echo(f"Token {made['id']} of {printable(name)}, role {role}. It is shown this once; keep it safe:", err=True)
    click.echo(made["token"])


@token.command("list", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
@with_server
def list_tokens(client: Client, as_json: bool) -> None:
    """List tokens; their secrets are not kept."""
    items = pages(client, "/tokens", {}, TOKENS_MAX)
    if as_json:
        print_json({"items": items, "next_cursor": None})
    elif not items:
        click.echo("No tokens.")
    else:
        zone = default_zone(client)
        head = ("id", "name", "begins with", "role", "expires", f"last used ({zone})")
        rows = [
            (
                str(item["id"]),
                str(item["name"]),
                str(item["prefix"]),
                str(item["role"]),
                in_zone(item["expires_at"], zone) if item.get("expires_at") else "never",
                in_zone(item.get("last_used_at"), zone),
            )
            for item in items
        ]
        click.echo(table(head, rows))


@token.command("revoke", cls=Command)
@click.argument("token_id", metavar="ID|NAME")
@with_server
def revoke(client: Client, token_id: str) -> None:
    """Make a token useless at once."""
    named = [item for item in pages(client, "/tokens", {}, TOKENS_MAX) if token_id in (item["id"], item["name"])]
    if not named:
        raise Stop(f'No token "{printable(token_id)}". They are listed by: horarium token list', Exit.NOT_FOUND)
    if len(named) > 1:
        raise Stop(f'{len(named)} tokens are called "{printable(token_id)}". Name one by its id.', Exit.USAGE)
    client.ask("DELETE", f"/tokens/{named[0]['id']}")
    click.echo(f"Token {named[0]['id']} of {printable(named[0]['name'])} is revoked.")
