"""The options that define a task; `add` and `edit` take the same."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from horarium.cli.values import DURATION, TIMEZONE

F = TypeVar("F", bound=Callable[..., Any])

SCHEDULE = (
    click.option(
        "--when",
        metavar="PHRASE",
        help="In words: 'every weekday at 9', 'tomorrow 7am', 'last Friday of the month at 17:00'.",
    ),
    click.option("--cron", metavar="TEXT", help="Cron text: five fields, or six with seconds first."),
    click.option("--every", type=DURATION, metavar="15m", help="Elapsed time: 10s, 15m, 1h30m, 2d."),
    click.option("--at", metavar="TIME", help="Once, e.g. 2027-03-28T14:30, read in --timezone, or with an offset."),
    click.option("--timezone", type=TIMEZONE, metavar="ZONE", help="E.g. Europe/Berlin. Default: the server's zone."),
    click.option("--starts", metavar="TIME", help="Nothing is due before."),
    click.option("--ends", metavar="TIME", help="Nothing is due after."),
    click.option("--max-occurrences", type=click.IntRange(min=1), metavar="N", help="How often at most."),
    click.option("--jitter", type=DURATION, metavar="30s", help="Spread the starts over this long."),
)
ACTION = (
    click.option("--shell", metavar="TEXT", help="A line for /bin/sh, instead of COMMAND."),
    click.option("--url", metavar="URL", help="An address to call, instead of COMMAND."),
    click.option("--method", metavar="GET", help="With --url."),
    click.option("--header", multiple=True, metavar="'NAME: VALUE'", help="With --url; may be repeated."),
    click.option("--body", metavar="TEXT", help="With --url."),
    click.option("--python", metavar="MODULE:CALLABLE", help="A Python function to call, instead of COMMAND."),
    click.option("--log", metavar="MESSAGE", help="Only write this message to the run's output."),
    click.option("--env", multiple=True, metavar="K=V", help="A variable for the command; may be repeated."),
    click.option("--cwd", metavar="FOLDER", help="Where the command runs. Default: the present folder."),
)
POLICY = (
    click.option("--timeout", type=DURATION, metavar="30s", help="Stop a run that takes longer."),
    click.option("--retries", type=click.IntRange(0, 999), metavar="N", help="Try this often again after a failure."),
    click.option(
        "--overlap", type=click.Choice(["skip", "queue", "allow", "replace"]), help="When due while a run is open."
    ),
    click.option(
        "--catch-up", type=click.Choice(["latest", "all", "none"]), help="What becomes of missed occurrences."
    ),
)
REST = (
    click.option("--tag", "tags", multiple=True, metavar="TAG", help="May be repeated."),
    click.option("--description", metavar="TEXT"),
    click.option("--pool", metavar="NAME", help="The workers that run it."),
    click.option("--priority", type=click.IntRange(-10, 10), metavar="N", help="-10 to 10; higher goes first."),
)


def definition_options(command: F) -> F:
    """All options of a definition, and COMMAND…."""
    command = click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND…]")(command)
    for option in reversed((*SCHEDULE, *ACTION, *POLICY, *REST)):
        command = option(command)
    return command


def schedule_options(command: F) -> F:
    """Those of a schedule alone."""
    for option in reversed(SCHEDULE):
        command = option(command)
    return command
