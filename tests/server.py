"""The real product as a process: started, asked over HTTP, killed, started again."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

READY_SECONDS_MAX = 30.0
ANSWER_SECONDS_MAX = 30.0


def free_port() -> int:
    """A loopback port that nobody listens on, below the range that outgoing connections take theirs from."""
    for _ in range(1_000):
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


def listens(port: int, address: str = "127.0.0.1") -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((address, port)) == 0


class Refused(AssertionError):
    """The server answered with a problem."""

    def __init__(self, status: int, problem: Any) -> None:
        super().__init__(f"{status}: {problem}")
        self.status = status
        self.problem = problem


class Server:
    """`horarium serve` on a folder of its own; `home` keeps everything it writes elsewhere."""

    def __init__(
        self, folder: Path, *flags: str, port: int | None = None, environment: dict[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.flags = flags
        self.home = folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "HORARIUM_STATE_DIR": str(self.home / "state"),
            **(environment or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "serve.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def token(self) -> str:
        return str(self._file()["token"])

    def _file(self) -> dict[str, Any]:
        file = self.home / "state" / "servers" / f"{self.port}.json"
        return dict(json.loads(file.read_text("utf-8")))

    def command(self, *arguments: str) -> list[str]:
        """The command line of the environment under test."""
        return [sys.executable, "-m", "horarium", *arguments]

    def start(self) -> "Server":
        """Start and wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("serve", "--data-dir", str(self.data_dir), "--port", str(self.port), *self.flags),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                start_new_session=True,
            )
        end = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}")
            try:
                if self.status("GET", "/health/live") == 200 and self._file()["pid"] == self.process.pid:
                    return self
            except OSError:
                pass
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"serve is not ready:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds: float = 60) -> int:
        """SIGTERM, and wait for the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"serve did not stop:\n{self.log.read_text()[-4000:]}") from None

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """However the test went: no process is left."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    # Asking

    def status(self, method: str, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS_MAX)
        try:
            connection.request(method, path)
            return connection.getresponse().status
        finally:
            connection.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON answer of /api/v1`path`. Raises Refused for anything but a 2xx."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS_MAX)
        sent = {
            "Authorization": f"Bearer {self.token}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        value = json.loads(content) if content else None
        if not 200 <= answer.status < 300:
            raise Refused(answer.status, value)
        return value

    def all(self, path: str) -> list[Any]:
        """Every item of a list, page by page."""
        items: list[Any] = []
        cursor = None
        for _ in range(10_000):
            joint = "&" if "?" in path else "?"
            page = self.ask("GET", f"{path}{joint}limit=1000" + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items
        raise AssertionError("the list does not end")

    def run(self, *arguments: str, check: bool = True, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """A command line command against this server, as its user would type it."""
        done = subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            env=self.environment,
            input=stdin,
            timeout=120,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done


def eventually(fact: Any, seconds: float = 30.0, every: float = 0.05) -> Any:
    """Wait for a fact: answers its first true value."""
    end = time.monotonic() + seconds
    while True:
        value = fact()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"it did not become true within {seconds} s; last: {value!r}")
        time.sleep(every)
