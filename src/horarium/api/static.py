"""The web page as it was built: one document that is filled in for each request, and files whose names carry their hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from horarium.api.problems import refused

INDEX: Final = "index.html"
BROWSER: Final = "docs.html"
"""The document of the API browser."""
ASSETS: Final = "assets"
THEMES: Final = ("light", "dark")
ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""In the order of preference, with the ending of the file that the build made."""
MEDIA_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`documents` by name, as text with places to fill in; `files` by name: the only ones that are ever served."""

    documents: Mapping[str, str]
    files: Mapping[str, Path]

    def document(
        self, name: str, *, base_path: str, nonce: str, theme: str | None, session: bool, status: int = 200
    ) -> Response:
        """Filled in; `nonce` serves one answer. A theme that is not known is the system's; `session`: whether to ask for one."""
        filled = (
            self.documents[name]
            .replace("__CSP_NONCE__", nonce)
            .replace("__BASE__", f"{base_path}/")
            .replace("__THEME__", theme if theme in THEMES else "system")
            .replace("__SESSION__", "maybe" if session else "none")
        )
        headers = {"Content-Security-Policy": POLICY.format(nonce=nonce), "Cache-Control": "no-store"}
        return Response(filled, status, headers, "text/html")

    async def file(self, name: str, accepted: str) -> Response:
        """Hashed, so a browser may keep it for ever. Raises Refused (404)."""
        if name not in self.files or not (media := MEDIA_TYPES.get(Path(name).suffix)):
            raise refused(404, "not-found", "The page has no such file.")
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        chosen = name
        wanted = encodings(accepted)
        for encoding, ending in ENCODINGS:
            if encoding in wanted and name + ending in self.files:
                chosen = name + ending
                headers["Content-Encoding"] = encoding
                break
        content = await run_in_threadpool(self.files[chosen].read_bytes)
        return Response(content, 200, headers, media)


def find_page(folder: Path) -> Page | None:
    """What the build left in `folder`; None where it was not built."""
    if not (folder / INDEX).is_file():
        return None
    documents = {name: (folder / name).read_text("utf-8") for name in (INDEX, BROWSER) if (folder / name).is_file()}
    files = {path.name: path for path in sorted((folder / ASSETS).glob("*")) if path.is_file()}
    return Page(documents=documents, files=files)


def encodings(accepted: str) -> frozenset[str]:
    """The content codings that an Accept-Encoding header allows (RFC 9110, 12.5.3), without the wildcard."""
    found = set()
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(coding.strip())
    return frozenset(found)
