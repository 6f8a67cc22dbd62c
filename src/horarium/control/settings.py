"""What an administrator sets for the whole installation."""

from dataclasses import dataclass

from horarium.core.errors import BadValue
from horarium.core.schedule.zone import zone
from horarium.ports.store import AccessStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """`timezone` is offered for new tasks. Without `allow_shell` no task is saved whose command is a shell line."""

    timezone: str
    allow_shell: bool


class Settings:
    def __init__(self, *, store: AccessStore, default_timezone: str) -> None:
        self._store = store
        self._default_timezone = default_timezone

    async def read(self) -> Preferences:
        return Preferences(timezone=await self.timezone(), allow_shell=await self.allow_shell())

    async def timezone(self) -> str:
        return await self._store.setting("timezone") or self._default_timezone

    async def allow_shell(self) -> bool:
        return await self._store.setting("allow_shell") != "no"

    async def change(self, *, timezone: str | None = None, allow_shell: bool | None = None) -> Preferences:
        """Set what is given. Raises BadValue for a zone that does not exist."""
        if timezone is not None:
            try:
                zone(timezone)
            except BadValue as bad:
                raise BadValue("timezone", bad.message, bad.remedy) from None
            await self._store.set_setting("timezone", timezone)
        if allow_shell is not None:
            await self._store.set_setting("allow_shell", "yes" if allow_shell else "no")
        return await self.read()
