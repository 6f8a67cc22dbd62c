"""Words for a schedule: HTTP in, HTTP out."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends

from horarium.api.auth import Viewer
from horarium.api.bodies import PhraseBody
from horarium.api.encoding import Reply, reply
from horarium.api.parts import Preferences, Time
from horarium.api.reading import Body
from horarium.api.route import API, router
from horarium.core.schedule.describe import describe
from horarium.core.schedule.phrase import parse
from horarium.core.schedule.schedule import Schedule

phrases_router: Final = router(prefix=API, tags=["schedules"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseView:
    """`sentence` says the schedule back; `notes` name everything that the text left open and how it was read."""

    schedule: Schedule
    sentence: str
    notes: tuple[str, ...]


@phrases_router.post("/schedules/parse")
async def parse_phrase(
    body: Annotated[PhraseBody, Depends(Body(PhraseBody))], clock: Time, settings: Preferences, caller: Viewer
) -> Reply[PhraseView]:
    """The schedule that words, cron text, a recurrence rule, a date or a calendar expression stand for."""
    found = parse(body.text, body.timezone or await settings.timezone(), clock.now())
    return reply(PhraseView(schedule=found.schedule, sentence=describe(found.schedule), notes=found.notes))
