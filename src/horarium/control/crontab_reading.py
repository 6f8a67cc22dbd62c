"""What reading a crontab needs to know of this machine, and what is said of what was read. For the command line as well, so
nothing heavy is imported here."""

import os
import pwd
from typing import Final

from horarium.core.action import Command
from horarium.core.crontab.read import Crontab
from horarium.core.task import Draft

LINES_NAMED_MAX: Final = 10
SEEMS_SYSTEM: Final = "Every command here begins with the name of a user, as in a system crontab"


def own_user() -> str | None:
    """Who this process runs as; None where nobody has given that a name, as in some containers."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return None


def seems_system(read: Crontab) -> bool:
    """Whether the user form of what was read takes users for programs."""
    return bool(read.drafts) and all(_begins_with_user(draft) for draft in read.drafts)


def refusals(read: Crontab) -> str:
    """ "lines 3, 5 cannot be carried over", the first LINES_NAMED_MAX of them."""
    lines = ", ".join(str(item.line) for item in read.refused[:LINES_NAMED_MAX])
    more = ", …" if len(read.refused) > LINES_NAMED_MAX else ""
    return f"{'line' if len(read.refused) == 1 else 'lines'} {lines}{more} cannot be carried over"


def _begins_with_user(draft: Draft) -> bool:
    action = draft.action
    assert isinstance(action, Command), "a crontab holds commands"
    words = (action.shell if action.shell is not None else action.argv[-1] if action.argv else "").split(None, 2)
    # Debian has users called backup, mail and man: what stands alone or before an option is the program.
    return len(words) > 1 and not words[1].startswith("-") and _is_user(words[0])


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return name == "root"
    return True
