"""Runs the server and Vite side by side; the server starts anew when a Python file changes, Vite looks after its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOOK_SECONDS = 0.5
STOP_SECONDS_MAX = 10.0
PORT = "8787"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that what was started is ended too
    flags = sys.argv[1:]
    port = flags[flags.index("--port") + 1] if "--port" in flags[:-1] else PORT
    environment = os.environ | {"HORARIUM_URL": f"http://127.0.0.1:{port}"}
    vite = subprocess.Popen([str(ROOT / "web/node_modules/.bin/vite")], cwd=ROOT / "web", env=environment)
    server: subprocess.Popen[bytes] | None = None
    seen = None
    print(
        "The page is at http://127.0.0.1:5173; sign in there with the key or link that the server prints.\n"
        "Its parts, in every state, are at http://127.0.0.1:5173/dev/ui.",
        flush=True,
    )
    try:
        while vite.poll() is None:
            now = newest()
            if now != seen:
                stop(server)
                server = subprocess.Popen(
                    [sys.executable, "-m", "horarium", "serve", "--data-dir", ".data", "--drain-seconds", "1", *flags],
                    cwd=ROOT,
                )
                seen = now
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        pass
    finally:
        stop(server)
        stop(vite)
    return 0


def newest() -> tuple[int, float]:
    """Changes whenever a module is changed, added or taken away."""
    stamps = []
    for path in ROOT.joinpath("src").rglob("*.py"):
        with contextlib.suppress(FileNotFoundError):
            stamps.append(path.stat().st_mtime)
    return len(stamps), max(stamps, default=0.0)


def stop(process: subprocess.Popen[bytes] | None) -> None:
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
