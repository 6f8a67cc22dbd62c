"""For commands that work on the data folder itself, without a server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable
from horarium.core.errors import BadValue, HorariumError, StoreAway, StoreInUse

if TYPE_CHECKING:
    from horarium.config import Settings

F = TypeVar("F", bound=Callable[..., Any])


def place_options(command: F) -> F:
    """--data-dir and --database."""
    database = click.option("--database", metavar="URL", help='"memory:" for one that is gone when the server stops.')
    folder = click.option(
        "--data-dir",
        type=click.Path(path_type=Path),
        help="Default: horarium's folder among the user's data.",
    )
    return folder(database(command))


def load_settings(**flags: Any) -> "Settings":
    """Raises Stop for a value that is refused."""
    with told():
        from horarium.config import Settings

        return Settings.load(**{name: value for name, value in flags.items() if value is not None})


@contextmanager
def told() -> Iterator[None]:
    """What is raised on purpose becomes one sentence and an exit code."""
    try:
        yield
    except BadValue as bad:
        remedy = f" ({bad.remedy})" if bad.remedy else ""
        where = f"{bad.field}: " if bad.field else ""
        raise Stop(printable(f"{where}{bad.message}{remedy}"), Exit.USAGE) from bad
    except StoreInUse as error:
        raise Stop(printable(str(error)), Exit.CONFLICT) from error
    except StoreAway as error:
        raise Stop(printable(str(error)), Exit.UNREACHABLE) from error
    except HorariumError as error:
        raise Stop(printable(str(error)), Exit.USAGE) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise Stop(printable(what), Exit.USAGE) from error
