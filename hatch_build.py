"""Puts the web page into the wheel: built by Node where there is one, taken as it is where it was built before.

Run as a script it prints what decides how the page comes out, as one line.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NODE_OLDEST = (22, 22)


def fingerprint(web: Path) -> str:
    """Of every file that the build reads, by name and content."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(web):
        folders[:] = sorted(set(folders) - {"node_modules"})
        for path in sorted(Path(folder, name) for name in names if name != ".built"):
            digest.update(path.relative_to(web).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_fresh(root: Path) -> bool:
    """Whether the page in the package is what web/ would give."""
    built = root / "web" / ".built"
    page = root / "src" / "horarium" / "web" / "index.html"
    return page.is_file() and built.is_file() and built.read_text("utf-8").strip() == fingerprint(root / "web")


def node_path(root: Path) -> str | None:
    """A PATH whose first `node` is new enough and has npm beside it; None where there is none."""
    for path in (os.environ.get("PATH", ""), f"{root / '.node' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"):
        node = shutil.which("node", path=path)
        if node is None or shutil.which("npm", path=path) is None:
            continue
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        version = tuple(int(part) for part in told.removeprefix("v").split(".")[:2] if part.isdigit())
        if version >= NODE_OLDEST:
            return path
    return None


def build(root: Path, path: str) -> None:
    environment = {**os.environ, "PATH": path}
    for command in (["npm", "ci", "--omit=dev"], ["npm", "run", "build"]):
        if command[1] == "ci" and (root / "web" / "node_modules" / ".installed").is_file():
            continue
        subprocess.run(
            [shutil.which("npm", path=path) or "npm", *command[1:]], cwd=root / "web", env=environment, check=True
        )
    (root / "web" / ".built").write_text(fingerprint(root / "web") + "\n", "utf-8")


if __name__ == "__main__":
    sys.stdout.write(fingerprint(Path(__file__).parent / "web") + "\n")
else:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class PageBuildHook(BuildHookInterface[Any]):
        """An editable installation serves what the scripts build; a source archive without web/ brings its page along."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            root = Path(self.root)
            if version == "editable" or not (root / "web" / "package.json").is_file() or is_fresh(root):
                return
            path = node_path(root)
            if path is None:
                self.app.display_warning(
                    "No Node 22.22 or newer with npm: the wheel is built without a fresh web page."
                )
                return
            build(root, path)
