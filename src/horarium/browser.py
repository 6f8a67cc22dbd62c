"""Whether a person's browser can be opened from here, and opening it.

The link holds a one-time key, and the arguments of a process can be read by every user of the machine. So what is opened is a
small file that only this user reads, which leads on to the link.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parent / "web"
"""The built page, where there is one."""
FILE: Final = "open.html"
OPENERS: Final = {"darwin": "open", "linux": "xdg-open"}
CONTAINER_MARKS: Final = ("/.dockerenv", "/run/.containerenv")
START_SECONDS: Final = 5.0
REMOTE: Final = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
UNATTENDED: Final = ("CI", "KUBERNETES_SERVICE_HOST", "container")


def page_built() -> bool:
    """Whether this installation holds the web page."""
    return (PAGE / "index.html").is_file()


def can_open(
    environment: Mapping[str, str], *, tty: bool, platform: str = sys.platform, marks: bool | None = None
) -> bool:
    """Only where somebody sits in front of a screen: a terminal, no remote shell, no build machine, no container, a display.

    `marks`: whether there is a mark of a container; looked for unless given.
    """
    if not tty or platform not in OPENERS or is_remote(environment):
        return False
    if any(environment.get(name) for name in UNATTENDED):
        return False
    if any(os.path.exists(mark) for mark in CONTAINER_MARKS) if marks is None else marks:
        return False
    return platform == "darwin" or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def is_remote(environment: Mapping[str, str]) -> bool:
    return any(environment.get(name) for name in REMOTE)


def tunnel(environment: Mapping[str, str], port: int) -> str:
    """What to type on the computer in front of which one sits; the remote shell knows by which address it was reached."""
    reached = environment.get("SSH_CONNECTION", "").split()
    host = reached[2] if len(reached) == 4 else "HOST"
    return f"ssh -L {port}:localhost:{port} {host}"


def open_link(link: str, state_dir: Path, platform: str = sys.platform) -> bool:
    """Whether a browser was asked to; it may still fail to come up."""
    opener = shutil.which(OPENERS[platform])
    if opener is None:
        return False
    path = state_dir / FILE
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(leading_to(link))
        asked = subprocess.Popen(
            [opener, path.as_uri()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C here is not meant for the browser
        )
        return asked.wait(START_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return True  # some stay until the browser is closed
    except OSError:
        return False


def leading_to(link: str) -> str:
    """A document that goes on to `link` by itself."""
    there = escape(link, quote=True)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="refresh" content="0; url={there}"><title>Horarium</title>'
        f'<a href="{there}">Open Horarium</a></html>\n'
    )
