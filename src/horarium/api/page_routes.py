"""The page's addresses. Which part of it is meant, the page reads from the address itself."""

from typing import Annotated, Any, Final

from fastapi import Depends, Path, Request
from starlette.convertors import register_url_convertor
from starlette.responses import Response

from horarium.api.encoding import Reply, reply
from horarium.api.house_views import WelcomeView
from horarium.api.parts import Parts, Whole, parts
from horarium.api.problems import refused
from horarium.api.reading import Query
from horarium.api.route import API, ReadConvertor, router
from horarium.api.static import BROWSER, INDEX, Page

CLIENT_WORDS: Final = ("tasks", "runs", "upcoming", "settings", "setup", "signin")
"""The first word of every address that the page understands; web/src/app/addresses.ts has the same list."""
NONCE_BYTES: Final = 16
THEME_COOKIE: Final = "horarium_theme"
"""Set by the page when a person chooses, so that the document comes in the right colours; it tells nothing else."""

page_router: Final = router(tags=["open"])


class ClientConvertor(ReadConvertor[str]):
    """An address of the page, and nothing else."""

    regex = rf"(?:{'|'.join(CLIENT_WORDS)})(?:/.*)?"

    def convert(self, value: str) -> str:
        return value


register_url_convertor("client", ClientConvertor())


class AnyQuery(Query[Any]):
    """The page keeps its own choices in its address: nothing of them is judged here."""

    async def __call__(self, request: Request) -> None:
        return None


Choices = Annotated[None, Depends(AnyQuery(object))]


@page_router.get("/")
async def welcome(request: Request, choices: Choices, there: Whole) -> Reply[WelcomeView] | Response:
    """The page; without one, where things are."""
    if there.page is not None:
        return document(there.page, INDEX, request)
    base = there.base_path
    return reply(
        WelcomeView(name="horarium", version=there.version, api=base + API, openapi=f"{base}/api/openapi.json")
    )


@page_router.get("/assets/{name}")
async def read_asset(name: Annotated[str, Path()], request: Request, there: Whole) -> Response:
    """A file of the page."""
    return await _built(there).file(name, request.headers.get("accept-encoding", ""))


@page_router.get("/docs")
async def read_docs(request: Request, there: Whole) -> Response:
    """The API, to be read and tried."""
    return document(_built(there), BROWSER, request)


@page_router.get("/{address:client}")
async def read_page(address: Annotated[str, Path()], request: Request, choices: Choices, there: Whole) -> Response:
    """The page at one of its own addresses."""
    return document(_built(there), INDEX, request)


def document(page: Page, name: str, request: Request, status: int = 200) -> Response:
    """One of the page's documents, for this request."""
    there = parts(request)
    return page.document(
        name,
        base_path=there.base_path,
        nonce=there.random.bytes(NONCE_BYTES).hex(),
        theme=request.cookies.get(THEME_COOKIE),
        session=there.cookie in request.cookies,
        status=status,
    )


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks for a page at this address, which is none of the API's."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    accepts = "text/html" in request.headers.get("accept", "")
    return request.method == "GET" and accepts and not path.startswith(("/api/", "/assets/"))


def _built(there: Parts) -> Page:
    if there.page is None:
        raise refused(404, "not-found", "The page was not built with this installation.")
    return there.page
