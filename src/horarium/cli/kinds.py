"""The classes of commands: laid out by rich where help is asked for, plain click otherwise, which starts in half the time.

Errors are never laid out: they stay one plain sentence, so that scripts and mails can carry them.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from click import Command, Group
elif len(sys.argv) < 2 or not {"-h", "--help"}.isdisjoint(sys.argv):
    from rich_click import RichCommand as Command
    from rich_click import RichGroup as Group
else:
    from click import Command, Group

__all__ = ["Command", "Group"]
