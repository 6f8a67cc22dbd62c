"""Settings: read once, typed, frozen, and shy.

Where several places name one: flags, then HORARIUM_* variables, then HORARIUM_*_FILE (a file holding the value), then the
TOML file (HORARIUM_CONFIG, else horarium.toml in the data folder), then the defaults. A misspelt key is an error that
names the nearest.
"""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from platformdirs import user_data_path, user_state_path
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from horarium.core.errors import BadValue

PREFIX = "HORARIUM_"
OTHERS: Final = {"CONFIG", "URL", "TOKEN", "RUN_ID", "ATTEMPT", "FENCE", "DUE_AT", "TASK", "SERVER"}
"""HORARIUM_* variables that are no settings: the client's, and what a run is told."""
ADMIN_TOKEN_MIN = 32
FILE_BYTES_MAX = 65_536

Role = Literal["api", "scheduler", "worker"]


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """How one service runs."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data_dir: Path = Field(default_factory=lambda: user_data_path("horarium"), description="Folder of the database")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8787, ge=0, le=65_535, description="Port to listen on")
    database: str = Field("", description='"" for horarium.db in the data folder, "memory:" for none that stays')
    roles: Annotated[tuple[Role, ...], NoDecode, BeforeValidator(_listed)] = Field(
        ("api", "scheduler", "worker"), description="What this process does"
    )
    pools: Listed = Field((), description="Pools whose runs are carried out here; none named: every pool")
    slots: int = Field(250, ge=1, le=10_000, description="Runs carried out at once")
    process_slots: int = Field(64, ge=1, le=10_000, description="Of these, commands and Python functions")
    allowed_hosts: Listed = Field((), description="Host names that requests may name beside loopback ones")
    admin_token: SecretStr | None = Field(
        None, description=f"Bearer token with the admin role, {ADMIN_TOKEN_MIN} or more characters"
    )
    private_addresses: Listed = Field(
        ("allow",), description='Loopback and private networks for HTTP actions: "allow", "deny" or networks'
    )
    drain_seconds: float = Field(
        30, ge=0, le=3_600, description="How long running runs may go on when the service stops"
    )
    state_dir: Path = Field(
        default_factory=lambda: user_state_path("horarium"), description="Folder of the file the command line finds"
    )

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value not in ("", "memory:"):
            raise ValueError('this version keeps its books in SQLite: leave it out, or say "memory:"')
        return value

    @field_validator("roles")
    @classmethod
    def _some_role(cls, value: tuple[Role, ...]) -> tuple[Role, ...]:
        if not value:
            raise ValueError("name at least one of api, scheduler, worker")
        return value

    @field_validator("admin_token")
    @classmethod
    def _long_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < ADMIN_TOKEN_MIN:
            raise ValueError(f"a token this short can be guessed: use {ADMIN_TOKEN_MIN} or more random characters")
        return value

    @field_validator("private_addresses")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value not in (("allow",), ("deny",)):
            for network in value:
                ip_network(network)
        return value

    @property
    def in_memory(self) -> bool:
        return self.database == "memory:"

    @property
    def loopback(self) -> bool:
        """Whether only this computer reaches the service."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    @classmethod
    def load(cls, **flags: Any) -> "Settings":
        """Settings from all places; `flags` that are None were not given. Raises BadValue."""
        given = {name: value for name, value in flags.items() if value is not None}
        _check_names("variable", (name for name in _variables(os.environ)), PREFIX)
        from_files = {name: _value_of(path) for name, path in _file_variables(os.environ).items()}
        in_environment = {name for name in _variables(os.environ) if name in cls.model_fields}
        try:
            base = cls(**given)
            low = {**_toml(base.data_dir), **from_files}
            return cls(**{**{n: v for n, v in low.items() if n not in in_environment}, **given})
        except ValidationError as refused:
            first = refused.errors(include_url=False, include_input=False)[0]
            raise BadValue(".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")) from None


def _variables(environment: Mapping[str, str]) -> list[str]:
    names = [name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX)]
    return [name.lower() for name in names if name not in OTHERS and not _is_file(name)]


def _is_file(name: str) -> bool:
    return name.endswith("_FILE") and name.removesuffix("_FILE").lower() in Settings.model_fields


def _file_variables(environment: Mapping[str, str]) -> dict[str, str]:
    names = {name: name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX)}
    return {short.removesuffix("_FILE").lower(): environment[name] for name, short in names.items() if _is_file(short)}


def _value_of(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(FILE_BYTES_MAX).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadValue(path, f"cannot be read: {fault}", "name a readable text file") from None


def _toml(data_dir: Path) -> dict[str, Any]:
    named = os.environ.get(PREFIX + "CONFIG")
    path = Path(named) if named else data_dir / "horarium.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        if named:
            raise BadValue(named, "there is no such file", "HORARIUM_CONFIG names a TOML file") from None
        return {}
    except (OSError, UnicodeDecodeError) as fault:
        raise BadValue(str(path), f"cannot be read: {fault}") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadValue(str(path), f"is not TOML: {fault}") from None
    _check_names("key", values, f"{path}: ")
    return values


def _check_names(kind: str, names: Any, where: str) -> None:
    for name in names:
        if name not in Settings.model_fields:
            nearest = get_close_matches(name, Settings.model_fields, n=1)
            spelt = str.upper if kind == "variable" else str
            prefix = PREFIX if kind == "variable" else ""
            shown = where + spelt(name)
            hint = f"did you mean {prefix}{spelt(nearest[0])}?" if nearest else None
            raise BadValue(shown, f"there is no such {kind}", hint)
