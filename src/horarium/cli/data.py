"""`db upgrade` and `db backup`: they need no server."""

from pathlib import Path

import click

from horarium import server_files
from horarium.cli.connect import several
from horarium.cli.kinds import Command, Group
from horarium.cli.local import load_settings, place_options, told
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable


@click.group(cls=Group)
def db() -> None:
    """The database in the data folder."""


@db.command("upgrade", cls=Command)
@place_options
def upgrade(data_dir: Path | None, database: str | None) -> None:
    """Bring the database to this version. `serve` does it too; stop the server first."""
    settings = load_settings(data_dir=data_dir, database=database)
    with told():
        from horarium import wiring

        wiring.upgrade(settings)
    click.echo("The database is up to date.")


@db.command("backup", cls=Command)
@click.argument("path", type=click.Path(path_type=Path))
@place_options
def backup(path: Path, data_dir: Path | None, database: str | None) -> None:
    """Write a consistent copy to PATH, also while the server runs."""
    settings = load_settings(data_dir=data_dir, database=database)
    if "data_dir" not in settings.model_fields_set:
        running = server_files.live(settings.state_dir)
        if len(running) > 1:
            raise Stop(several(running, "--data-dir DIRECTORY"), Exit.USAGE)
        if running:
            settings = load_settings(data_dir=Path(running[0].data_dir), database=database)
    with told():
        from horarium import wiring

        wiring.backup(settings, path.absolute())
    click.echo(printable(f"The copy of {settings.data_dir} is {path.absolute()}."))
