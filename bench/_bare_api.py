"""The bare framework behind the same server: answers with bytes that are ready. `python bench/_bare_api.py PORT PAGE_FILE`"""

import sys
from pathlib import Path

import uvloop
from fastapi import FastAPI, Request, Response

from horarium.api.serving import Web, listen


def build(page: bytes) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/page")
    async def read() -> Response:
        return Response(page, media_type="application/json")

    @app.post("/echo")
    async def echo(request: Request) -> Response:
        return Response(await request.body(), 201, media_type="application/json")

    return app


if __name__ == "__main__":
    uvloop.run(Web(build(Path(sys.argv[2]).read_bytes()), listen("127.0.0.1", int(sys.argv[1]))).serve())
