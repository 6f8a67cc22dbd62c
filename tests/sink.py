"""A server that answers well, badly and maliciously, for everything that calls URLs. By hand: `python -m tests.sink 9000`.

It counts what it is asked (`Sink.seen`), so that tests wait for facts. Every path takes any method.
"""

import asyncio
import contextlib
import ssl
import sys
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler

GIB = 1024**3
MIB = 1024**2
CHUNK = 64 * 1024
PATIENCE = 0.02  # between two bytes of whoever dribbles


@dataclass
class Sink:
    """A running server. `seen` lists method and path of each request in order."""

    port: int = 0
    scheme: str = "http"
    seen: list[tuple[str, str]] = field(default_factory=list)
    open_answers: int = 0
    """Answers that are still being written; back at 0 once every caller has gone."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def origin(self) -> str:
        return self.url("")

    def count(self, path: str) -> int:
        return sum(1 for _, seen in self.seen if seen == path)


@contextlib.asynccontextmanager
async def sink(port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Sink]:
    """Serves on loopback until the block ends."""
    here = Sink(scheme="http" if tls is None else "https")
    runner = web.AppRunner(_application(here), handler_cancellation=True, access_log=None, shutdown_timeout=0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024, ssl_context=tls)
        await site.start()
        here.port = runner.addresses[0][1]
        yield here
    finally:
        await runner.cleanup()


def _application(here: Sink) -> web.Application:
    @web.middleware
    async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
        here.seen.append((request.method, request.path))
        here.open_answers += 1
        try:
            return await handler(request)
        except ConnectionError:  # the caller had enough, which is what most of these paths are for
            raise asyncio.CancelledError from None
        finally:
            here.open_answers -= 1

    app = web.Application(middlewares=[counted], client_max_size=16 * MIB)
    for path, handler in {
        "/ok": _ok,
        "/echo": _echo,
        "/status/{code}": _status,
        "/retry-after": _retry_after,
        "/slow": _slow,
        "/pause": _pause,
        "/silent": _silent,
        "/slowhead": _slow_head,
        "/huge": _huge,
        "/endless": _endless,
        "/bomb": _bomb,
        "/bighead": _big_head,
        "/manyhead": _many_head,
        "/hints": _hints,
        "/deepjson": _deep_json,
        "/half": _half,
        "/badchunk": _bad_chunk,
        "/hangup": _hang_up,
        "/text": _text,
        "/redirect": _redirect,
        "/redirect-meta": _redirect_meta,
        "/redirect-file": _redirect_file,
        "/redirect-self": _redirect_self,
        "/redirect-loop": _redirect_loop,
        "/redirect-chain": _redirect_chain,
        "/redirect-ok": _redirect_ok,
    }.items():
        app.router.add_route("*", path, handler)
    return app


async def _ok(request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _echo(request: web.Request) -> web.Response:
    """What arrived. Headers are a list of pairs, since a name may come twice."""
    body = (await request.read()).decode(errors="replace")
    return web.json_response(
        {"method": request.method, "path": request.path_qs, "headers": list(request.headers.items()), "body": body}
    )


async def _status(request: web.Request) -> web.Response:
    code = int(request.match_info["code"])
    return web.Response(status=code, text=None if code in (204, 304) else f"status {code}")


async def _retry_after(request: web.Request) -> web.Response:
    """503 with the Retry-After (and Date) of the query."""
    headers = {"Retry-After": request.query.get("value", "120")}
    if "date" in request.query:
        headers["Date"] = request.query["date"]
    return web.Response(status=int(request.query.get("status", "503")), headers=headers, text="later")


async def _text(request: web.Request) -> web.Response:
    """`?hex=` as body, `?type=` as content type."""
    return web.Response(
        body=bytes.fromhex(request.query["hex"]), headers={"Content-Type": request.query.get("type", "text/plain")}
    )


async def _slow(request: web.Request) -> web.StreamResponse:
    """The head at once, then a byte now and then, for ever."""
    answer = await _stream(request)
    while True:
        await answer.write(b".")
        await asyncio.sleep(PATIENCE)


async def _pause(request: web.Request) -> web.StreamResponse:
    """The head at once, then `?seconds=` of silence, then the body."""
    answer = await _stream(request)
    await answer.write(b"before ")
    await asyncio.sleep(float(request.query["seconds"]))
    await answer.write(b"after")
    return answer


async def _silent(request: web.Request) -> web.StreamResponse:
    """Takes the request and never says anything."""
    return await _for_ever()


async def _slow_head(request: web.Request) -> web.StreamResponse:
    """A head that never ends, a byte now and then."""
    _raw(request, b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        _raw(request, b".")
        await asyncio.sleep(PATIENCE)


async def _huge(request: web.Request) -> web.StreamResponse:
    """A GiB, announced."""
    answer = await _stream(request, {"Content-Length": str(GIB)})
    for _ in range(GIB // CHUNK):
        await answer.write(bytes(CHUNK))
    return answer


async def _endless(request: web.Request) -> web.StreamResponse:
    answer = await _stream(request)
    while True:
        await answer.write(bytes(CHUNK))


async def _bomb(request: web.Request) -> web.StreamResponse:
    """A GiB of zeros as gzip, about a MiB on the wire."""
    answer = await _stream(request, {"Content-Encoding": "gzip"})
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)  # after a full flush it can be repeated
    await answer.write(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + block * (GIB // MIB))
    return answer


async def _big_head(request: web.Request) -> web.StreamResponse:
    """One header that never ends."""
    return await _flood(request, b"HTTP/1.1 200 OK\r\nX-Big: ", b"x" * CHUNK)


async def _many_head(request: web.Request) -> web.StreamResponse:
    """Headers without end."""
    return await _flood(request, b"HTTP/1.1 200 OK\r\n", b"X-Many: y\r\n" * 6_000)


async def _hints(request: web.Request) -> web.StreamResponse:
    """Provisional answers without end, never a final one."""
    return await _flood(request, b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1_000)


async def _deep_json(request: web.Request) -> web.Response:
    return web.Response(text="[" * 200_000 + "]" * 200_000, content_type="application/json")


async def _half(request: web.Request) -> web.StreamResponse:
    """Half of the announced body, then the end."""
    _raw(request, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"h" * 50)
    return await _hang_up(request)


async def _bad_chunk(request: web.Request) -> web.StreamResponse:
    """A chunk, then something that is none."""
    _raw(request, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nchunk\r\n")
    await asyncio.sleep(PATIENCE)
    _raw(request, b"zzzz\r\n")
    return await _for_ever()


async def _hang_up(request: web.Request) -> web.StreamResponse:
    """Closes without an answer."""
    assert request.transport is not None
    request.transport.close()
    return await _for_ever()


async def _redirect(request: web.Request) -> web.Response:
    """To `?to=` with `?status=`."""
    return _moved(request.query["to"], int(request.query.get("status", "302")))


async def _redirect_meta(request: web.Request) -> web.Response:
    return _moved("http://169.254.169.254/latest/meta-data/")


async def _redirect_file(request: web.Request) -> web.Response:
    return _moved("file:///etc/passwd")


async def _redirect_self(request: web.Request) -> web.Response:
    """To `?port=` of this machine."""
    return _moved(f"http://127.0.0.1:{request.query['port']}/api/v1/tasks")


async def _redirect_loop(request: web.Request) -> web.Response:
    return _moved("/redirect-loop")


async def _redirect_chain(request: web.Request) -> web.Response:
    """`?n=` more, then /ok."""
    n = int(request.query.get("n", "9"))
    return _moved(f"/redirect-chain?n={n - 1}" if n > 1 else "/ok")


async def _redirect_ok(request: web.Request) -> web.Response:
    return _moved("/echo", int(request.query.get("status", "302")))


def _moved(to: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": to}, text="moved")


async def _stream(request: web.Request, headers: dict[str, str] | None = None) -> web.StreamResponse:
    answer = web.StreamResponse(headers=headers)
    await answer.prepare(request)
    return answer


def _raw(request: web.Request, data: bytes) -> None:
    """Past the library, which would not say such things."""
    if request.transport is None or request.transport.is_closing():
        raise ConnectionResetError
    request.transport.write(data)


async def _flood(request: web.Request, start: bytes, more: bytes) -> web.StreamResponse:
    _raw(request, start)
    while True:
        _raw(request, more)
        await asyncio.sleep(0)


async def _for_ever() -> web.StreamResponse:
    """Until the caller goes, which cancels the handler."""
    await asyncio.Event().wait()
    raise AssertionError


async def _main(port: int) -> None:
    async with sink(port) as here:
        print(here.url("/ok"), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
