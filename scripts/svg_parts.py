"""The shapes and the look of a drawn picture: readable on light and on dark pages, named for those who cannot see it."""

from html import escape
from typing import Final

WIDTH: Final = 800


def text(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> str:
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    name = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.6g}" y="{y:.6g}"{name}{side}>{escape(content, quote=False)}</text>'


def line(x: float, y: float, to_x: float, to_y: float, kind: str) -> str:
    return f'<path class="{kind}" d="M{x:.6g} {y:.6g}L{to_x:.6g} {to_y:.6g}"/>'


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.6g}" y="{y:.6g}" width="{width:.6g}" height="{height:.6g}"/>'


def dot(x: float, y: float, kind: str) -> str:
    return f'<circle class="{kind}" cx="{x:.6g}" cy="{y:.6g}" r="{6.5 if kind == "due" else 5.5}"/>'


def diamond(x: float, y: float) -> str:
    return f'<path class="beat" d="M{x:.6g} {y - 7:.6g}l7 7-7 7-7-7z"/>'


STYLE: Final = """
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1f2328;font-variant-numeric:tabular-nums}
.head{font-size:15px;font-weight:600}.code{font:14px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
.mute{fill:#57606a;font-size:12px}.warm{fill:#7d4e00;font-size:12px}.page{fill:#fff;stroke:#d0d7de}path{fill:none}
.over{paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}
.axis{stroke:#57606a;stroke-width:1.5}.faint{stroke:#d0d7de}.due{fill:#0a5fc2}.beat{fill:#b35900}.ring{fill:#fff;stroke:#7d4e00;stroke-width:1.5;
stroke-dasharray:2.6 2}.move{stroke:#7d4e00;stroke-width:1.5}.tip{fill:#7d4e00}.hatch{stroke:#bf8700;stroke-width:1.2;opacity:.55}
.first{fill:#0a5fc2;opacity:.1}.second{fill:#8250df;opacity:.14}.path{stroke:#0a5fc2;stroke-width:1.5;opacity:.45}
.drift{stroke:#b35900;stroke-width:1.5;opacity:.45}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.mute{fill:#9aa4af}.warm{fill:#e3b341}.page{fill:#0d1117;stroke:#30363d}
.axis{stroke:#9aa4af}.faint{stroke:#30363d}.due{fill:#58a6ff}.beat{fill:#f0883e}.ring,.move{stroke:#e3b341}.ring{fill:#0d1117}.over{stroke:#0d1117}.tip{fill:#e3b341}
.hatch{stroke:#e3b341;opacity:.4}.first{fill:#58a6ff;opacity:.14}.second{fill:#bc8cff;opacity:.2}.path{stroke:#58a6ff}.drift{stroke:#f0883e}}
"""
DEFS: Final = (
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="hatch" d="M0 0V7"/></pattern><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
    'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>'
)


def picture(title: str, told: list[str], parts: list[str], height: float) -> str:
    """A whole file. `told` says in words what the marks show."""
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title told">'
    page = f'<rect class="page" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1:g}" rx="8"/>'
    named = [f'<title id="title">{escape(title)}</title>', f'<desc id="told">{escape(" ".join(told))}</desc>']
    return "\n".join([opening, *named, f"<style>{STYLE}</style>{DEFS}", page, *parts, "</svg>\n"])
