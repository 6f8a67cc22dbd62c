"""The program of a Python child: calls functions one after another for the engine, and keeps what they imported.

It is started as a file by the guardian, with nothing of horarium loaded; 3 is a socket to the engine. A request is four bytes
of length, with two descriptors for the call's stdout and stderr, then JSON: function, args, kwargs, environment. The answer,
framed alike, is `{}` or `{"error": text}`. The end of the socket ends the child. TERM raises SystemExit inside the function,
so that its `finally` runs.
"""

import importlib
import json
import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, NoReturn

CONTROL = 3
LENGTH_BYTES = 4
REPR_CHARACTERS_MAX = 65_536

stopping = False


def main() -> None:
    """Until the engine hangs up."""
    os.set_inheritable(CONTROL, False)
    os.environ.pop("HORARIUM_RUN_ID", None)  # the guardian's mark of this child, not a run
    signal.signal(signal.SIGTERM, stop)
    control = socket.socket(fileno=CONTROL)
    home, environment = os.getcwd(), dict(os.environ)
    silence = os.open(os.devnull, os.O_RDWR)
    while (request := receive(control)) is not None:
        for name in ("stdout", "stderr"):
            renew(name)
        try:
            os.environ.update(request["environment"])
            answer = call(request["function"], request["args"], request["kwargs"])
            for stream in (sys.stdout, sys.stderr):
                with suppress(ValueError):  # the function closed it
                    stream.flush()
        finally:
            # Whoever reads the pipes sees their end before the answer.
            os.dup2(silence, 1)
            os.dup2(silence, 2)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(home)
        signal.signal(signal.SIGTERM, stop)
        data = json.dumps(answer).encode()
        control.sendall(len(data).to_bytes(LENGTH_BYTES, "big") + data)


def stop(_number: int, _frame: FrameType | None) -> NoReturn:
    global stopping
    stopping = True
    raise SystemExit(128 + signal.SIGTERM)


def receive(control: socket.socket) -> dict[str, Any] | None:
    """The next request, its descriptors in place as 1 and 2."""
    head, descriptors, _, _ = socket.recv_fds(control, LENGTH_BYTES, 2)
    if not head:
        return None
    for target, descriptor in enumerate(descriptors, 1):
        os.dup2(descriptor, target)
        os.close(descriptor)
    body = bytearray()
    while len(body) < int.from_bytes(head, "big"):
        if not (part := control.recv(int.from_bytes(head, "big") - len(body))):
            return None
        body += part
    request: dict[str, Any] = json.loads(body)
    return request


def renew(name: str) -> None:
    """A text stream over 1 or 2 that no earlier call has closed, replaced or half filled. Lines go out as they are written."""
    descriptor = 1 if name == "stdout" else 2
    raw = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    setattr(sys, name, raw)
    setattr(sys, f"__{name}__", raw)


def call(function: str, args: list[Any], kwargs: dict[str, Any]) -> dict[str, str]:
    """Whatever the function raises is told, except what stops this child."""
    try:
        module, _, path = function.partition(":")
        target: Any = importlib.import_module(module)
        for name in path.split("."):
            target = getattr(target, name)
        value = target(*args, **kwargs)
        if hasattr(value, "__await__"):
            import asyncio  # as slow to load as all the rest together

            value = asyncio.run(finished(value))
        if value is not None:
            sys.stdout.write(repr(value)[:REPR_CHARACTERS_MAX] + "\n")
    except BaseException as error:
        if stopping:
            raise
        if isinstance(error, SystemExit) and error.code in (None, 0):
            return {}
        traceback.print_exception(error.with_traceback(own_part(error.__traceback__)), file=sys.__stderr__)
        return {"error": sentence(error)}
    return {}


async def finished(value: Any) -> Any:
    return await value


def own_part(trace: TracebackType | None) -> TracebackType | None:
    """The traceback without this file's frames."""
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return trace


def sentence(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a broken __str__ must not hide which error it was
        text = ""
    return f"{type(error).__qualname__}: {text}" if text else type(error).__qualname__


if __name__ == "__main__":
    main()
