"""Where things are, for the tests that read the project itself."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "horarium"


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def documents() -> list[Path]:
    """Every page that people read."""
    return sorted([*ROOT.glob("*.md"), *ROOT.joinpath("docs").rglob("*.md")])
