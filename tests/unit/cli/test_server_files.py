"""Servers are found by their files; those of dead or other processes are ignored."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from horarium import server_files
from horarium.cli import main
from horarium.cli.connect import connect
from horarium.cli.stop import Stop


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HORARIUM_STATE_DIR", str(tmp_path))
    monkeypatch.delenv("HORARIUM_URL", raising=False)
    monkeypatch.delenv("HORARIUM_TOKEN", raising=False)
    return tmp_path


def write(port: int, pid: int | None = None) -> Path:
    url = f"http://127.0.0.1:{port}"
    return server_files.write(port, url=url, token=f"token{port}", pid=pid or os.getpid(), data_dir=Path("/data"))


def tokens_sent(client: Any) -> str:
    return str(client._headers.get("Authorization"))


def test_a_file_is_private_and_read_back() -> None:
    path = write(8787)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    [server] = server_files.live()
    assert (server.port, server.token, server.pid, server.data_dir) == (8787, "token8787", os.getpid(), "/data")
    assert [path.name for path in path.parent.iterdir()] == ["8787.json"]


def test_the_data_folder_is_named_from_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    server_files.write(8787, url="http://127.0.0.1:8787", token="t", pid=os.getpid(), data_dir=Path("mine"))
    assert [server.data_dir for server in server_files.live()] == [str(tmp_path / "mine")]


def test_a_second_server_on_the_port_replaces_it_and_the_first_does_not_remove_it() -> None:
    path = write(8787)
    server_files.remove(8787, pid=1)
    assert path.exists()
    server_files.remove(8787, pid=os.getpid())
    assert not path.exists()
    server_files.remove(8787, pid=os.getpid())


def test_a_dead_process_is_ignored() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    write(8787, gone.pid)
    assert server_files.live() == []


def test_a_later_process_of_the_same_number_is_ignored() -> None:
    path = write(8787)
    found = json.loads(path.read_text())
    path.write_text(json.dumps({**found, "started": "another boot:1"}))
    assert server_files.live() == []
    path.write_text(json.dumps({**found, "started": None}))
    assert len(server_files.live()) == 1


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"pid": "x"}', "null", '{"port": 1, "url": "", "token": "", "pid": -1, "data_dir": ""}'],
)
def test_a_damaged_file_is_ignored(content: str) -> None:
    write(8787)
    server_files.folder().joinpath("8788.json").write_text(content)
    assert [server.port for server in server_files.live()] == [8787]


def test_the_only_server_is_taken_with_its_token() -> None:
    write(8787)
    client = connect()
    assert client.url == "http://127.0.0.1:8787"
    assert tokens_sent(client) == "Bearer token8787"


def test_several_servers_must_be_told_apart() -> None:
    write(8787)
    write(8788)
    with pytest.raises(Stop) as stopped:
        connect()
    assert stopped.value.exit_code == 2
    assert "8787" in stopped.value.message
    assert "8788" in stopped.value.message
    assert tokens_sent(connect("8788")) == "Bearer token8788"
    assert tokens_sent(connect("http://127.0.0.1:8787/")) == "Bearer token8787"


def test_the_environment_goes_before_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    write(8787)
    monkeypatch.setenv("HORARIUM_URL", "https://horarium.example/prefix/")
    client = connect()
    assert client.url == "https://horarium.example/prefix"
    assert "Authorization" not in client._headers
    monkeypatch.setenv("HORARIUM_TOKEN", "mine")
    assert tokens_sent(connect()) == "Bearer mine"
    assert tokens_sent(connect("8787")) == "Bearer mine"


@pytest.mark.parametrize("named", [True, False])
def test_a_backup_with_a_folder_that_is_named_or_without_a_server_takes_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "default"))
    monkeypatch.setenv("HOME", str(tmp_path / "default"))
    if named:
        write(8787)
        monkeypatch.setenv("HORARIUM_DATA_DIR", str(tmp_path / "mine"))
    done = CliRunner().invoke(main, ["db", "backup", str(tmp_path / "copy.db")])
    assert done.exit_code == 2
    assert str(tmp_path / ("mine" if named else "default")) in done.stderr
    assert "there is no database in this folder" in done.stderr
