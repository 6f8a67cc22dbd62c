"""What a person types. Importing this package imports nothing; asking it for `main` builds the command tree."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from horarium.cli.root import main

__all__ = ["main"]


def __getattr__(name: str) -> Any:
    if name == "main":
        from horarium.cli.root import main

        return main
    raise AttributeError(name)
