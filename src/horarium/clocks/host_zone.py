"""Which zone this computer keeps: TZ, then /etc/localtime, then /etc/timezone, else UTC."""

import os
from pathlib import Path
from typing import Final

FALLBACK: Final = "UTC"


def host_zone() -> tuple[str, str]:
    """The zone's name and where it was found. Whether such a zone exists is the caller's to ask."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named and not named.startswith("/"):
        return named, "TZ"
    link = Path("/etc/localtime")
    if link.is_symlink():
        target = link.readlink().as_posix()
        if "zoneinfo/" in target:
            return target.rpartition("zoneinfo/")[2], "/etc/localtime"
    try:
        text = Path("/etc/timezone").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    return (text, "/etc/timezone") if text else (FALLBACK, "nowhere; UTC is assumed")
