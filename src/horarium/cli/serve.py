"""`serve`."""

from typing import Any

import click

from horarium.cli.kinds import Command
from horarium.cli.local import load_settings, place_options, told


@click.command(cls=Command)
@place_options
@click.option("--host", metavar="ADDRESS", help="Default: 127.0.0.1, this computer only.")
@click.option("--port", type=click.IntRange(0, 65_535), metavar="PORT", help="Default: 8787.")
@click.option("--roles", metavar="LIST", help="Default: api,scheduler,worker.")
@click.option(
    "--pool", "pools", multiple=True, metavar="NAME", help="Serve this pool; may be repeated. Default: every pool."
)
@click.option("--slots", type=click.IntRange(min=1), metavar="N", help="Runs at once. Default: 250.")
@click.option(
    "--process-slots", type=click.IntRange(min=1), metavar="N", help="Of them commands and Python. Default: 64."
)
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="A further name of this server; may be repeated.",
)
@click.option(
    "--drain-seconds", type=click.FloatRange(min=0), metavar="N", help="What running runs get to finish. Default: 30."
)
@click.option("--no-open", is_flag=True, help="Do not open the browser at a first start.")
def serve(no_open: bool, **flags: Any) -> None:
    """Run everything in one process: the API, the scheduler and a worker. Ctrl-C stops it."""
    for name in ("pools", "allowed_hosts"):
        flags[name] = flags[name] or None
    settings = load_settings(**flags)
    with told():
        from horarium import wiring

        code = wiring.serve(settings, may_open=not no_open)
    raise click.exceptions.Exit(code)
